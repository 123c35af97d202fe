//! Payees named in one transfer.

use crate::command::TargetMention;

/// A second payee in one transfer is not guessed away: all that were named are kept.
pub(super) fn add_payees(
    target: Option<TargetMention>,
    payees: &[vostro_types::PayeeId],
) -> TargetMention {
    let mut all = match target {
        Some(TargetMention::Payee(id)) => vec![id],
        Some(TargetMention::Payees(ids)) => ids,
        _ => Vec::new(),
    };
    for payee in payees {
        if !all.contains(payee) {
            all.push(payee.clone());
        }
    }
    match all.as_slice() {
        [only] => TargetMention::Payee(only.clone()),
        _ => TargetMention::Payees(all),
    }
}
