//! The model's multiplications in whole numbers: an ONNX graph in, an ONNX graph out.
//!
//! The published weights are stored as int8 with one step a column, and turned into floats before each
//! multiplication: four times the memory, and arithmetic on floats. Here the multiplications are told to use
//! what is stored. Activations become whole numbers as they come, with a step and a zero of their own (dynamic
//! quantisation: `DynamicQuantizeLinear` and `MatMulInteger` of ONNX; Jacob et al., "Quantization and Training of
//! Neural Networks", 2018), and rows of an embedding table are turned into floats when they are taken.
//! No number of the weights changes. What attention passes on (its values) stays in floats: an eighth of the
//! multiplications at most, and the part that suffers most from whole numbers in texts of a few tokens.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, ModelProto, NodeProto, TensorProto,
};

/// Name of the zero of the weights' numbers.
const WEIGHT_ZERO: &str = "weight_zero";

/// What the bias ends with that is added to the values of attention.
const VALUES: &str = ".attention.self.value.bias";

/// A table of floats that is stored as whole numbers times a step.
struct Stored {
    numbers: String,
    step: String,
}

/// Rewrites a graph. The error is a reason in words.
pub(crate) fn in_integers(onnx: &[u8]) -> Result<Vec<u8>, String> {
    let mut model = ModelProto::parse_buf(onnx).map_err(|error| error.to_string())?;
    let graph = model.graph.as_mut().ok_or("there is no graph in it")?;
    let mut tables = stored(&graph.node);
    for table in of_values(&graph.node) {
        tables.remove(&table);
    }
    let mut nodes = Vec::with_capacity(graph.node.len());
    let mut quantised = HashSet::new();
    let mut columns = HashSet::new();
    for node in std::mem::take(&mut graph.node) {
        let names: Vec<&str> = node.input.iter().map(String::as_str).collect();
        let table = names.iter().position(|name| tables.contains_key(*name));
        match (operator(&node), names.as_slice(), table) {
            ("Mul" | "Cast", ..) if makes(&node, &tables) => {}
            (_, _, None) => nodes.push(node),
            ("MatMul", [by, weights], Some(1)) => {
                let Some(Stored { numbers, step }) = tables.get(*weights) else {
                    continue;
                };
                if quantised.insert((*by).to_owned()) {
                    nodes.push(quantise(by));
                }
                columns.insert(step.clone());
                nodes.extend(multiply(by, numbers, step, &node.output));
            }
            ("Gather", [table, rows], Some(0)) => {
                let Some(stored) = tables.get(*table) else {
                    continue;
                };
                nodes.extend(take(stored, rows, &node.output));
            }
            (other, ..) => return Err(format!("a stored table goes into {other}")),
        }
    }
    graph.node = nodes;
    for tensor in &mut graph.initializer {
        // One step a column: a row of them has the shape that the runtime fuses.
        if tensor.name.as_ref().is_some_and(|it| columns.contains(it)) {
            tensor.dims.retain(|&size| size != 1);
        }
    }
    graph.initializer.push(TensorProto {
        name: Some(WEIGHT_ZERO.to_owned()),
        data_type: Some(DataType::INT8),
        raw_data: Some(RefCell::new(vec![0])),
        ..TensorProto::default()
    });
    model.write_buf().map_err(|error| error.to_string())
}

/// The tables that are made by `Mul(Cast(numbers), step)`, by their names.
fn stored(nodes: &[NodeProto]) -> HashMap<String, Stored> {
    let cast: HashMap<&str, &str> = nodes
        .iter()
        .filter(|node| operator(node) == "Cast")
        .filter_map(|node| Some((node.output.first()?.as_str(), node.input.first()?.as_str())))
        .collect();
    let made = nodes.iter().filter(|node| operator(node) == "Mul");
    made.filter_map(|node| {
        let [floats, step] = node.input.as_slice() else {
            return None;
        };
        let numbers = cast.get(floats.as_str())?;
        let is_stored = numbers.ends_with("_q") && step.ends_with("_scale");
        let stored = Stored {
            numbers: (*numbers).to_owned(),
            step: step.clone(),
        };
        is_stored.then(|| Some((node.output.first()?.clone(), stored)))?
    })
    .collect()
}

/// The tables that make the values of attention.
fn of_values(nodes: &[NodeProto]) -> Vec<String> {
    let added: HashSet<&str> = nodes
        .iter()
        .filter(|node| operator(node) == "Add" && node.input.iter().any(|it| it.ends_with(VALUES)))
        .flat_map(|node| node.input.iter().map(String::as_str))
        .collect();
    let products = nodes.iter().filter(|node| operator(node) == "MatMul");
    products
        .filter(|node| node.output.iter().any(|it| added.contains(it.as_str())))
        .filter_map(|node| node.input.get(1).cloned())
        .collect()
}

/// Whether a node turns a stored table into floats.
fn makes(node: &NodeProto, tables: &HashMap<String, Stored>) -> bool {
    let output = node.output.first();
    output.is_some_and(|output| tables.contains_key(output))
        || node
            .input
            .first()
            .is_some_and(|input| tables.values().any(|table| table.numbers == *input))
}

/// Floats to whole numbers from 0 to 255, with their step and their zero.
fn quantise(floats: &str) -> NodeProto {
    let [numbers, step, zero] = parts(floats);
    node(
        "DynamicQuantizeLinear",
        &[floats],
        &[&numbers, &step, &zero],
    )
}

/// Names of what [`quantise`] makes.
fn parts(floats: &str) -> [String; 3] {
    ["numbers", "step", "zero"].map(|part| format!("{floats}_{part}"))
}

/// A product of whole numbers, and floats of it.
fn multiply(by: &str, weights: &str, step: &str, output: &[String]) -> [NodeProto; 4] {
    let [numbers, by_step, zero] = parts(by);
    let [whole, floats, steps] =
        ["product", "floats", "steps"].map(|part| format!("{weights}_{part}"));
    let output = output.first().map_or("", String::as_str);
    let mut cast = node("Cast", &[&whole], &[&floats]);
    cast.attribute = vec![to_float()];
    [
        node("Mul", &[&by_step, step], &[&steps]),
        node(
            "MatMulInteger",
            &[&numbers, weights, &zero, WEIGHT_ZERO],
            &[&whole],
        ),
        cast,
        node("Mul", &[&floats, &steps], &[output]),
    ]
}

/// Rows of a table, which become floats as they are taken.
fn take(table: &Stored, rows: &str, output: &[String]) -> [NodeProto; 4] {
    let Stored { numbers, step } = table;
    let [taken, floats, steps] =
        ["taken", "floats", "steps"].map(|part| format!("{numbers}_{part}"));
    let output = output.first().map_or("", String::as_str);
    let mut cast = node("Cast", &[&taken], &[&floats]);
    cast.attribute = vec![to_float()];
    [
        node("Gather", &[numbers, rows], &[&taken]),
        cast,
        node("Gather", &[step, rows], &[&steps]),
        node("Mul", &[&floats, &steps], &[output]),
    ]
}

fn operator(node: &NodeProto) -> &str {
    node.op_type.as_deref().unwrap_or_default()
}

fn node(operator: &str, inputs: &[&str], outputs: &[&str]) -> NodeProto {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    NodeProto {
        name: outputs.first().map(|name| format!("{operator} {name}")),
        op_type: Some(operator.to_owned()),
        input: names(inputs),
        output: names(outputs),
        ..NodeProto::default()
    }
}

fn to_float() -> AttributeProto {
    AttributeProto {
        name: Some("to".to_owned()),
        i: Some(DataType::FLOAT.0.into()),
        r#type: Some(AttributeType::INT),
        ..AttributeProto::default()
    }
}
