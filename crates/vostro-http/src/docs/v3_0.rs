//! `OpenAPI` 3.1 said in 3.0.3, for tools that know no newer one.
//!
//! Only what this API's document uses is translated: `null` among types, a type that is a reference
//! or null, schema examples, `const`, exclusive bounds, members beside a reference, and the licence's
//! identifier. The rest is the same in both.

use serde_json::{Map, Value, json};

/// Maps whose keys are names and whose values are descriptions.
const NAMED: [&str; 7] = [
    "properties",
    "schemas",
    "paths",
    "responses",
    "headers",
    "content",
    "examples",
];
/// Members that hold data, not description.
const DATA: [&str; 4] = ["example", "default", "enum", "value"];

/// The document in `OpenAPI` 3.0.3.
pub(super) fn convert(mut document: Value) -> Value {
    document["openapi"] = json!("3.0.3");
    if let Some(info) = document["info"].as_object_mut() {
        info.remove("summary");
        if let Some(license) = info.get_mut("license").and_then(Value::as_object_mut) {
            license.remove("identifier");
        }
    }
    described(&mut document);
    document
}

fn described(value: &mut Value) {
    match value {
        Value::Object(members) => {
            schema(members);
            for (name, member) in members.iter_mut() {
                if DATA.contains(&name.as_str()) {
                    continue;
                }
                match member {
                    Value::Object(named) if NAMED.contains(&name.as_str()) => {
                        named.values_mut().for_each(described);
                    }
                    _ => described(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(described),
        _ => {}
    }
}

/// Rewrites what an object says in 3.1 only. None of these members means anything else elsewhere.
fn schema(members: &mut Map<String, Value>) {
    nullable_type(members);
    nullable_choice(members);
    if let Some(Value::Array(examples)) = members.get_mut("examples") {
        let first = examples.drain(..).next();
        members.remove("examples");
        if let Some(first) = first {
            members.entry("example").or_insert(first);
        }
    }
    if let Some(value) = members.remove("const") {
        members.insert("enum".to_owned(), json!([value]));
    }
    for (exclusive, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if members.get(exclusive).is_some_and(Value::is_number)
            && let Some(limit) = members.insert(exclusive.to_owned(), json!(true))
        {
            members.insert(bound.to_owned(), limit);
        }
    }
    members.remove("propertyNames");
    // Beside a reference 3.0 reads nothing.
    if members.len() > 1
        && let Some(Value::String(target)) = members.get("$ref")
    {
        let reference = json!([{ "$ref": target }]);
        members.remove("$ref");
        members.insert("allOf".to_owned(), reference);
    }
}

/// `type: [string, "null"]` is a nullable string.
fn nullable_type(members: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = members.get_mut("type") else {
        return;
    };
    let count = types.len();
    types.retain(|kind| kind != "null");
    let is_nullable = types.len() < count;
    if types.len() == 1 {
        let only = types.remove(0);
        members.insert("type".to_owned(), only);
    } else {
        let choices: Vec<Value> = types.iter().map(|kind| json!({ "type": kind })).collect();
        members.remove("type");
        members.insert("anyOf".to_owned(), json!(choices));
    }
    if is_nullable {
        members.insert("nullable".to_owned(), json!(true));
    }
}

/// `oneOf: [{type: "null"}, X]` is a nullable X.
fn nullable_choice(members: &mut Map<String, Value>) {
    for choice in ["oneOf", "anyOf"] {
        let Some(Value::Array(choices)) = members.get_mut(choice) else {
            continue;
        };
        let count = choices.len();
        choices.retain(|choice| choice.get("type") != Some(&json!("null")));
        if choices.len() == count {
            continue;
        }
        if choices.len() == 1
            && let Some(only) = members.remove(choice)
        {
            members.insert("allOf".to_owned(), only);
        }
        members.insert("nullable".to_owned(), json!(true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_construct_of_3_1_has_its_form_in_3_0() {
        let cases = [
            (
                json!({"type": ["string", "null"]}),
                json!({"type": "string", "nullable": true}),
            ),
            (
                json!({"type": ["string", "integer"]}),
                json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            ),
            (
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/a"}]}),
                json!({"allOf": [{"$ref": "#/a"}], "nullable": true}),
            ),
            (json!({"examples": ["a", "b"]}), json!({"example": "a"})),
            (
                json!({"examples": {"named": {"value": {"type": ["x"]}}}}),
                json!({"examples": {"named": {"value": {"type": ["x"]}}}}),
            ),
            (json!({"const": 1}), json!({"enum": [1]})),
            (
                json!({"exclusiveMinimum": 0}),
                json!({"exclusiveMinimum": true, "minimum": 0}),
            ),
            (
                json!({"$ref": "#/a", "description": "d"}),
                json!({"allOf": [{"$ref": "#/a"}], "description": "d"}),
            ),
            (json!({"$ref": "#/a"}), json!({"$ref": "#/a"})),
            (
                json!({"properties": {"const": {"const": 1}, "type": {"type": ["null", "string"]}}}),
                json!({"properties": {"const": {"enum": [1]}, "type": {"type": "string", "nullable": true}}}),
            ),
            (
                json!({"example": {"const": 1}}),
                json!({"example": {"const": 1}}),
            ),
        ];
        for (mut new, old) in cases {
            let shown = new.to_string();
            described(&mut new);
            assert_eq!(new, old, "{shown}");
        }
    }
}
