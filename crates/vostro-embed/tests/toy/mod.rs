//! Small models for tests, written as ONNX when a test runs: BERT's inputs and one score, without its weights.
//!
//! The score of a pair is how many words of the text stand in the question, each as often as it does. So it depends on
//! both halves, and on which half a word is in: a program that mixes them up is found out.

use std::cell::RefCell;
use std::path::Path;

use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, Dimension, GraphProto, ModelProto, NodeProto,
    OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};

/// The vocabulary; marks and what is unknown count for nothing.
pub(crate) const WORDS: [&str; 11] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "wire", "cost", "##s", "card", "lost", "fee", "branch",
];
/// How many of them count for nothing.
const MARKS: usize = 4;

/// What a model gives for a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// One score.
    Score,
    /// A score for each word: what is no cross-encoder's answer.
    Many,
    /// The score divided by nothing.
    NoNumber,
}

/// Writes a model that gives this, with its vocabulary, into a folder.
pub(crate) fn write(folder: &Path, gives: Gives) {
    std::fs::write(folder.join("model.onnx"), model(gives)).unwrap();
    std::fs::write(folder.join("vocab.txt"), WORDS.join("\n")).unwrap();
}

/// The graph as ONNX.
pub(crate) fn model(gives: Gives) -> Vec<u8> {
    let mut cast = node("Cast", &["token_type_ids"], "seconds");
    cast.attribute = vec![attribute("to", DataType::FLOAT.0.into())];
    let mut sum = node("ReduceSum", &["both", "last"], "score");
    sum.attribute = vec![attribute("keepdims", 0)];
    let mut nodes = vec![
        node("Gather", &["table", "input_ids"], "words"),
        cast,
        node("Sub", &["one", "seconds"], "firsts"),
        node("Unsqueeze", &["firsts", "middle"], "first_row"),
        node("Unsqueeze", &["seconds", "middle"], "second_row"),
        node("MatMul", &["first_row", "words"], "in_question"),
        node("MatMul", &["second_row", "words"], "in_text"),
        node("Mul", &["in_question", "in_text"], "both"),
        sum,
    ];
    nodes.push(match gives {
        Gives::Score => node("Identity", &["score"], "logits"),
        Gives::Many => node("Identity", &["both"], "logits"),
        Gives::NoNumber => node("Div", &["score", "nothing"], "logits"),
    });
    let (rows, columns) = (WORDS.len(), WORDS.len() - MARKS);
    let mut table = vec![0.0; rows * columns];
    for column in 0..columns {
        table[(MARKS + column) * columns + column] = 1.0;
    }
    let inputs = ["input_ids", "attention_mask", "token_type_ids"];
    let graph = GraphProto {
        node: nodes,
        initializer: vec![
            floats("table", &[rows, columns], &table),
            floats("one", &[1], &[1.0]),
            floats("nothing", &[1], &[0.0]),
            axes("middle", 1),
            axes("last", 2),
        ],
        input: inputs
            .map(|name| value(name, DataType::INT64, &["batch", "tokens"]))
            .into(),
        output: vec![value("logits", DataType::FLOAT, &["batch", "scores"])],
        ..GraphProto::default()
    };
    let model = ModelProto {
        ir_version: Some(8),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto {
            domain: Some(String::new()),
            version: Some(17),
        }],
        ..ModelProto::default()
    };
    model.write_buf().unwrap()
}

fn node(operator: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        name: Some(format!("{operator} {output}")),
        op_type: Some(operator.to_owned()),
        input: inputs.iter().map(|name| (*name).to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

fn attribute(name: &str, number: i64) -> AttributeProto {
    AttributeProto {
        name: Some(name.to_owned()),
        i: Some(number),
        r#type: Some(AttributeType::INT),
        ..AttributeProto::default()
    }
}

fn floats(name: &str, shape: &[usize], values: &[f32]) -> TensorProto {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes());
    tensor(name, DataType::FLOAT, shape, bytes.collect())
}

fn axes(name: &str, axis: i64) -> TensorProto {
    tensor(name, DataType::INT64, &[1], axis.to_le_bytes().into())
}

fn tensor(name: &str, kind: DataType, shape: &[usize], bytes: Vec<u8>) -> TensorProto {
    TensorProto {
        name: Some(name.to_owned()),
        data_type: Some(kind),
        dims: shape
            .iter()
            .map(|size| i64::try_from(*size).unwrap())
            .collect(),
        raw_data: Some(RefCell::new(bytes)),
        ..TensorProto::default()
    }
}

fn value(name: &str, kind: DataType, shape: &[&str]) -> ValueInfoProto {
    let dim = shape.iter().map(|name| Dimension {
        dim_param: Some((*name).to_owned()),
        ..Dimension::default()
    });
    ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(TypeProto {
            tensor_type: Some(TypeProtoTensor {
                elem_type: Some(kind),
                shape: Some(TensorShapeProto { dim: dim.collect() }),
            }),
            ..TypeProto::default()
        }),
    }
}
