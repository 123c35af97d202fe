//! Whether an answer is right: the contract's words, and what else must be in it. Pure.

use serde_json::Value;

use crate::mix::{CheckCase, Kind};

/// The contract's words: the reply has at least one of them, whatever its case.
const fn words(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Balance => &["balance", "$"],
        Kind::History => &["transaction", "payment"],
        Kind::Transfer => &["transfer", "sent", "complete", "confirm"],
        Kind::Bill => &["payment", "paid", "bill", "confirm"],
        _ => &[],
    }
}

/// What is wrong with the reply to a chat message, if anything.
pub(crate) fn chat(kind: Kind, body: &Value) -> Result<(), &'static str> {
    let message = body["message"].as_str().unwrap_or_default().to_lowercase();
    if message.trim().is_empty() {
        return Err("the reply is empty");
    }
    if body["session_id"].as_str().is_none_or(str::is_empty) {
        return Err("the reply names no session");
    }
    if !body["timestamp"].is_f64() {
        return Err("the timestamp is no number of seconds");
    }
    if body["guardrails_passed"] != true {
        return Err("a harmless message was stopped by the guardrails");
    }
    let words = words(kind);
    if !words.is_empty() && !words.iter().any(|word| message.contains(word)) {
        return Err("the reply has none of the contract's words");
    }
    Ok(())
}

/// What a chat reply says of money: nothing, a proposal that waits, or what was posted, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// Neither proposed nor posted.
    Nothing,
    /// A proposal waits for the customer's yes.
    Proposed(i64),
    /// So much was posted.
    Posted(i64),
}

/// Reads the cards and receipts of a reply.
pub(crate) fn moved(body: &Value) -> Moved {
    let amount = |holder: &Value| holder["movement"]["amount"]["minor"].as_i64();
    let list = |name: &str| body[name].as_array().map_or(&[][..], Vec::as_slice);
    let posted: Vec<i64> = list("receipts").iter().filter_map(amount).collect();
    if !posted.is_empty() {
        return Moved::Posted(posted.iter().sum());
    }
    let confirmation = list("cards")
        .iter()
        .find(|card| card["type"] == "confirmation");
    confirmation
        .and_then(amount)
        .map_or(Moved::Nothing, Moved::Proposed)
}

/// The sum of the balances on a reply's card, in minor units.
pub(crate) fn balances(body: &Value) -> Option<i64> {
    let cards = body["cards"].as_array()?;
    let card = cards.iter().find(|card| card["type"] == "balances")?;
    let accounts = card["accounts"].as_array()?;
    let all: Option<Vec<i64>> = accounts
        .iter()
        .map(|account| account["balance"]["minor"].as_i64())
        .collect();
    all.filter(|all| !all.is_empty())
        .map(|all| all.iter().sum())
}

/// What is wrong with an answer of `GET /health`.
pub(crate) fn health(body: &Value) -> Result<(), &'static str> {
    match body["status"].as_str() {
        Some("healthy") => Ok(()),
        _ => Err("the health is not `healthy`"),
    }
}

/// What is wrong with the answer to a search.
pub(crate) fn search(body: &Value) -> Result<(), &'static str> {
    let Some(results) = body["results"].as_array().filter(|all| !all.is_empty()) else {
        return Err("nothing was found");
    };
    if body["count"].as_u64() != u64::try_from(results.len()).ok() {
        return Err("the count is not that of the results");
    }
    let scores: Vec<f64> = results
        .iter()
        .filter_map(|result| result["score"].as_f64())
        .collect();
    if scores.len() != results.len() || !scores.is_sorted_by(|a, b| a >= b) {
        return Err("the results are not in the order of their scores");
    }
    Ok(())
}

/// What is wrong with the verdict on a text.
pub(crate) fn check(case: &CheckCase, body: &Value) -> Result<(), &'static str> {
    let same = body["is_safe"] == case.is_safe
        && body["has_pii"] == case.has_pii
        && body["is_injection"] == case.is_injection;
    if !same {
        return Err("the verdict is not the expected one");
    }
    if case.has_pii && body["masked_text"] == case.text {
        return Err("the personal data was not masked");
    }
    Ok(())
}

/// What is wrong with the verdict on a text of which nothing is known.
pub(crate) fn any_check(body: &Value) -> Result<(), &'static str> {
    let told = ["is_safe", "has_pii", "is_injection"].map(|name| body[name].is_boolean());
    if told == [true; 3] {
        Ok(())
    } else {
        Err("this is no verdict")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mix::CHECKS;

    fn reply(message: &str) -> Value {
        json!({"message": message, "session_id": "ses_1", "timestamp": 1.5, "guardrails_passed": true})
    }

    #[test]
    fn a_wrong_reply_is_found() {
        assert_eq!(chat(Kind::Balance, &reply("You have $5.00.")), Ok(()));
        assert_eq!(chat(Kind::Confirm, &reply("Done.")), Ok(()));
        let wrong = [
            (Kind::Balance, reply("Hello!")),
            (Kind::Transfer, reply("I did not get that.")),
            (Kind::Balance, reply(" ")),
            (
                Kind::Balance,
                json!({"message": "balance", "session_id": "", "timestamp": 1.5}),
            ),
            (
                Kind::Balance,
                json!({"message": "balance", "session_id": "s", "timestamp": 1}),
            ),
            (
                Kind::Balance,
                json!({"message": "balance", "session_id": "s", "timestamp": 1.5, "guardrails_passed": false}),
            ),
            (Kind::Balance, json!("balance")),
        ];
        for (kind, body) in wrong {
            assert!(chat(kind, &body).is_err(), "{body}");
        }
    }

    #[test]
    fn money_is_read_from_cards_and_receipts() {
        let movement = json!({"movement": {"amount": {"minor": 100}}});
        let mut body = json!({"cards": [], "receipts": []});
        assert_eq!(moved(&body), Moved::Nothing);
        body["cards"] = json!([{"type": "confirmation", "movement": {"amount": {"minor": 100}}}]);
        assert_eq!(moved(&body), Moved::Proposed(100));
        body["receipts"] = json!([movement, movement]);
        assert_eq!(moved(&body), Moved::Posted(200));
        let card = json!({"type": "balances", "accounts": [{"balance": {"minor": 7}}, {"balance": {"minor": -2}}]});
        assert_eq!(balances(&json!({"cards": [card]})), Some(5));
        assert_eq!(balances(&json!({"cards": []})), None);
    }

    #[test]
    fn searches_and_verdicts_are_judged() {
        let found = |scores: &[f64], count: u64| {
            let results: Vec<Value> = scores.iter().map(|score| json!({"score": score})).collect();
            json!({"results": results, "count": count})
        };
        assert_eq!(search(&found(&[0.9, 0.5], 2)), Ok(()));
        assert!(search(&found(&[0.5, 0.9], 2)).is_err());
        assert!(search(&found(&[0.5], 2)).is_err());
        assert!(search(&found(&[], 0)).is_err());
        let verdict = json!({"is_safe": true, "has_pii": true, "is_injection": false, "masked_text": "My SSN is ***"});
        assert_eq!(check(&CHECKS[1], &verdict), Ok(()));
        assert!(check(&CHECKS[0], &verdict).is_err());
        assert!(health(&json!({"status": "unhealthy"})).is_err());
    }
}
