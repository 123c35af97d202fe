//! When a confirmation needs a second factor. The sandbox's policy never asks for one.

use serde::{Deserialize, Serialize};
use vostro_ledger::{MoneyIntent, Target};
use vostro_types::Money;

/// Which movements need a second factor besides the customer's yes (PSD2 RTS, article 5: bound to
/// amount and payee, which the proposal's frozen parameters are).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUpPolicy {
    /// Movements of more than this.
    pub above: Option<Money>,
    /// Movements to an account number that is not saved.
    pub new_payee: bool,
    /// What opens a way to the customer's money: saving a payee, changing a contact detail, showing an
    /// account's whole number.
    #[serde(default)]
    pub sensitive: bool,
}

impl StepUpPolicy {
    /// Whether this movement needs a second factor. An amount in another currency than the
    /// threshold's cannot be compared with it, and does.
    pub fn demands(&self, intent: &MoneyIntent) -> bool {
        let above = self.above.is_some_and(|limit| {
            intent.amount.currency != limit.currency || intent.amount.minor > limit.minor
        });
        above || (self.new_payee && matches!(intent.target, Target::NewPayee { .. }))
    }
}
