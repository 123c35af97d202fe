//! JSON that is written once and from then on only handed on: recorded, sent, sent again.
//!
//! A reply is the same text in the database, in the answer and in its repetition, so it is serialized once and
//! its text shared. Whoever wants to look into it reads it as a value.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// One JSON value as its text. Cheap to clone; equal when the texts are.
///
/// ```
/// use vostro_bank::JsonText;
/// let text = JsonText::of(&("a", 1));
/// assert_eq!(text.as_str(), r#"["a",1]"#);
/// assert_eq!(text.to_value()[1], 1);
/// ```
#[derive(Debug, Clone)]
pub struct JsonText(Arc<RawValue>);

impl JsonText {
    /// The text of a value; `null` for one that JSON has no form for.
    pub fn of(value: &impl Serialize) -> Self {
        let text = to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned());
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value that it is the text of.
    pub fn to_value(&self) -> Value {
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for JsonText {}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_goes_through_json_as_the_value_it_is() {
        let text = JsonText::of(&json!({"b": [1, null], "a": "ü\n"}));
        let outer = serde_json::to_string(&json!({"inner": text})).unwrap();
        assert_eq!(outer, r#"{"inner":{"a":"ü\n","b":[1,null]}}"#);
        let list: Vec<JsonText> = serde_json::from_str(r#"[{"x": 1}, 2]"#).unwrap();
        assert_eq!(list[0].as_str(), r#"{"x": 1}"#);
        assert_eq!(list[0].to_value(), json!({"x": 1}));
        assert_ne!(
            list[0],
            JsonText::of(&json!({"x": 1})),
            "white space is kept"
        );
    }

    #[test]
    fn what_json_cannot_say_is_null() {
        let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert_eq!(JsonText::of(&keys).as_str(), "null");
    }
}
