//! The second factor in transcripts: the customer's app, and the bank's own identity provider.

use totp_rs::Totp;
use vostro_bank::{Operations as _, Order, SecondFactors as _};
use vostro_dialogue::end_sessions;
use vostro_types::{ChallengeId, Clock as _};

use super::{Checked, Conversation, told};

/// Stands for the code that the app shows now.
pub(super) const CODE: &str = "{code}";

/// Whether a line is of this file.
pub(super) fn is_one(rest: &str) -> bool {
    matches!(rest, "enrol" | "approve" | "deny" | "end")
}

impl Conversation<'_> {
    pub(super) async fn factor(&mut self, rest: &str) -> Checked {
        match rest {
            "enrol" => self.enrol().await,
            "end" => {
                let order = Order::operator("anna", "as the conversation says").map_err(told)?;
                let (store, customer) = (&*self.bench.store, &self.principal.customer);
                let ended = end_sessions(store, customer, Some(&self.session), &order).await;
                match ended.map_err(told)? {
                    1 => Ok(()),
                    other => Err(format!("{other} sessions were ended")),
                }
            }
            word => self.answer(word == "approve").await,
        }
    }

    async fn enrol(&mut self) -> Checked {
        let codes = self.bench.codes.as_ref().ok_or("no key for codes")?;
        let customer = &self.principal.customer;
        let made = codes.enrol(customer, &*self.bench.entropy);
        let made = made.ok_or("no secret was made")?;
        let event = vostro_bank::AuditEvent {
            kind: vostro_bank::AuditKind::FactorEnrolled,
            customer: customer.clone(),
            session: None,
            turn: None,
            detail: serde_json::Value::Null,
        };
        let store = &self.bench.store;
        let there = store.enrol_factor(customer, &made.sealed, &event).await;
        self.app = Some(made.address.to_string());
        super::held(there.map_err(told)?, || "no such customer".to_owned())
    }

    /// The code that the app shows now.
    pub(super) fn code(&self) -> Result<String, String> {
        let app = self.app.as_ref().ok_or("no app: `! enrol` gives one")?;
        let app = Totp::from_url(app).map_err(|error| format!("{error:?}"))?;
        let second = self.bench.clock.now().as_second();
        Ok(app
            .generate(u64::try_from(second).map_err(told)?)
            .to_string())
    }

    /// The provider's answer to the last challenge, its signature verified elsewhere.
    async fn answer(&self, approved: bool) -> Checked {
        let store = &self.bench.store;
        let trail = store.audit_trail(self.trail, 1_000).await.map_err(told)?;
        let asked = trail
            .iter()
            .rev()
            .find_map(|row| row.detail.as_ref()?["challenge"].as_str());
        let id = ChallengeId::new(asked.ok_or("nothing was asked")?).map_err(told)?;
        let rules = self.bench.concierge.factor_rules();
        let taken = store.answer_challenge(&id, approved, rules).await;
        super::held(taken.map_err(told)?.is_some(), || {
            "no challenge waits".to_owned()
        })
    }
}
