//! The whole reply out of a turn's recorded events.

use serde_json::Value;
use vostro_bank::ReplyEvent;

/// The data of the last `done` event of a turn's events, as they are stored. `None` when the text is no list of
/// events or none of them is `done`.
pub(crate) fn whole_reply(events: &str) -> Option<Value> {
    let events: Vec<ReplyEvent> = serde_json::from_str(events).ok()?;
    let done = events.into_iter().rfind(|event| event.event == "done")?;
    Some(done.data.to_value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_done_event_is_the_reply() {
        let table = [
            ("[]", None),
            ("{", None),
            (
                r#"[{"number":1,"event":"sentence","data":{"text":"x"}}]"#,
                None,
            ),
            (
                r#"[{"number":1,"event":"sentence","data":1},{"number":2,"event":"done","data":{"message":"x"}}]"#,
                Some(serde_json::json!({"message": "x"})),
            ),
        ];
        for (events, expected) in table {
            assert_eq!(whole_reply(events), expected, "{events}");
        }
    }
}
