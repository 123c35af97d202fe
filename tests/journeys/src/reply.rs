//! What a customer, or the page that shows them the reply, reads in it.

use std::collections::BTreeMap;

use serde_json::Value;

/// Account name to balance in minor units.
pub type Balances = BTreeMap<String, i64>;

/// The body of a 200 from `POST /api/v1/chat`, with what was said for the messages of failures.
#[derive(Debug, Clone)]
pub struct Reply {
    said: String,
    /// The whole body.
    pub body: Value,
}

impl Reply {
    pub(crate) fn new(said: &str, body: Value) -> Self {
        let reply = Self {
            said: said.to_owned(),
            body,
        };
        assert!(
            !reply.message().trim().is_empty(),
            "an empty reply to {said:?}"
        );
        assert!(!reply.session().is_empty(), "no session: {}", reply.body);
        assert!(
            reply.body["timestamp"].is_f64(),
            "no timestamp: {}",
            reply.body
        );
        assert!(
            reply.body["guardrails_passed"].is_boolean(),
            "{}",
            reply.body
        );
        reply
    }

    /// What the customer is told.
    pub fn message(&self) -> &str {
        self.text("message")
    }

    /// The session's id.
    pub fn session(&self) -> &str {
        self.text("session_id")
    }

    /// The turn's id.
    pub fn turn(&self) -> &str {
        self.text("turn_id")
    }

    /// What the message was understood to be about; empty when nothing.
    pub fn intent(&self) -> &str {
        self.text("intent")
    }

    /// Whether the guardrails let it through.
    pub fn passed(&self) -> bool {
        self.body["guardrails_passed"] == true
    }

    /// The cards of one type.
    pub fn cards(&self, kind: &str) -> Vec<&Value> {
        self.list("cards")
            .iter()
            .filter(|card| card["type"] == kind)
            .collect()
    }

    /// The proofs of what was done in this turn.
    pub fn receipts(&self) -> &[Value] {
        self.list("receipts")
    }

    /// What the reply rests on.
    pub fn citations(&self) -> &[Value] {
        self.list("citations")
    }

    /// The balances on the card.
    pub fn balances(&self) -> Balances {
        let cards = self.cards("balances");
        let accounts = cards
            .iter()
            .filter_map(|card| card["accounts"].as_array())
            .flatten();
        let balances: Balances = accounts
            .map(|account| {
                let name = account["name"].as_str().expect("an account has a name");
                let minor = account["balance"]["minor"]
                    .as_i64()
                    .expect("a balance is a number");
                (name.to_owned(), minor)
            })
            .collect();
        assert!(
            !balances.is_empty(),
            "no balances in the reply to {:?}: {}",
            self.said,
            self.body
        );
        balances
    }

    /// Checks that the message has one of these texts, whatever their case.
    #[track_caller]
    pub fn has_any(&self, texts: &[&str]) -> &Self {
        let message = self.message().to_lowercase();
        assert!(
            texts
                .iter()
                .any(|text| message.contains(&text.to_lowercase())),
            "{:?} was answered with {:?}, which has none of {texts:?}",
            self.said,
            self.message()
        );
        self
    }

    /// Checks that the message has none of these texts, whatever their case.
    #[track_caller]
    pub fn has_none(&self, texts: &[&str]) -> &Self {
        let message = self.message().to_lowercase();
        for text in texts {
            assert!(
                !message.contains(&text.to_lowercase()),
                "{:?} was answered with {:?}, which has {text:?}",
                self.said,
                self.message()
            );
        }
        self
    }

    /// Checks that this turn proposes exactly one movement and did nothing yet.
    #[track_caller]
    pub fn proposes(&self) -> &Self {
        assert_eq!(
            self.cards("confirmation").len(),
            1,
            "{:?}: {}",
            self.said,
            self.body
        );
        assert!(self.receipts().is_empty(), "{:?}: {}", self.said, self.body);
        self
    }

    /// Checks that this turn neither proposes nor did anything.
    #[track_caller]
    pub fn does_nothing(&self) -> &Self {
        assert!(
            self.cards("confirmation").is_empty(),
            "{:?}: {}",
            self.said,
            self.body
        );
        assert!(self.receipts().is_empty(), "{:?}: {}", self.said, self.body);
        self
    }

    /// Checks that this turn moved money once, so much.
    #[track_caller]
    pub fn posts(&self, minor: i64) -> &Self {
        assert_eq!(self.receipts().len(), 1, "{:?}: {}", self.said, self.body);
        assert_eq!(
            self.receipts()[0]["movement"]["amount"]["minor"],
            minor,
            "{}",
            self.body
        );
        self
    }

    fn text(&self, member: &str) -> &str {
        self.body[member].as_str().unwrap_or_default()
    }

    fn list(&self, member: &str) -> &[Value] {
        self.body[member].as_array().map_or(&[], Vec::as_slice)
    }
}
