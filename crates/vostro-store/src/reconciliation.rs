//! What the reconciliation compares, in words: the same list for both drivers, whose statements give the
//! deviations.

use vostro_bank::LedgerCheck;

/// How many deviations of one comparison are told.
const MOST: usize = 1_000;

/// What a comparison goes over.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Over {
    Transfers,
    Entries,
    Accounts,
    Bills,
    Confirmations,
}

/// How many there are of each, in the order of [`Over`].
pub(crate) type Counts = [i64; 5];

/// A comparison: its name, what must hold, and what it goes over.
pub(crate) type Rule = (&'static str, &'static str, Over);

/// Every comparison, in the order in which they are made and told.
pub(crate) const RULES: [Rule; 13] = [
    (
        "entries_sum_to_zero",
        "A transfer's entries sum to zero in each currency, and there are two or more.",
        Over::Transfers,
    ),
    (
        "postings_have_entries",
        "A transfer has entries exactly when it is posted.",
        Over::Transfers,
    ),
    (
        "balances_are_entries",
        "An account's balance is the sum of its entries.",
        Over::Accounts,
    ),
    (
        "running_balances",
        "An entry's balance is the sum of the account's entries up to it.",
        Over::Entries,
    ),
    (
        "holds_are_held",
        "What an account has put aside is the sum of its holds.",
        Over::Accounts,
    ),
    (
        "bills_are_payments",
        "What is paid of a bill is the sum of its payments.",
        Over::Bills,
    ),
    (
        "entries_have_accounts",
        "An entry's account is known and its customer's.",
        Over::Entries,
    ),
    (
        "pending_transfers_are_held",
        "A pending transfer has its amount put aside, any other has not.",
        Over::Transfers,
    ),
    (
        "reversals_are_opposites",
        "A reversal is the opposite of a posted transfer.",
        Over::Transfers,
    ),
    (
        "confirmations_are_transfers",
        "A posted confirmation has a posted transfer of its customer, amount and currency.",
        Over::Confirmations,
    ),
    (
        "payments_are_postings",
        "A bill's payments come from posted transfers and are no more than those.",
        Over::Bills,
    ),
    (
        "postings_are_audited",
        "A posting is named in the audit trail, unless its customer's details were erased since.",
        Over::Transfers,
    ),
    (
        "postings_are_published",
        "A posting of the last 24 hours has its outbox message.",
        Over::Transfers,
    ),
];

/// The comparisons with what was found, from the deviations in the order of [`RULES`].
pub(crate) fn checks(
    counts: Counts,
    found: impl IntoIterator<Item = Vec<String>>,
) -> Vec<LedgerCheck> {
    let [transfers, entries, accounts, bills, confirmations] = counts;
    RULES
        .iter()
        .zip(found)
        .map(|((name, rule, over), mut deviations)| {
            let checked = match over {
                Over::Transfers => transfers,
                Over::Entries => entries,
                Over::Accounts => accounts,
                Over::Bills => bills,
                Over::Confirmations => confirmations,
            };
            deviations.truncate(MOST);
            LedgerCheck {
                name: (*name).to_owned(),
                rule: (*rule).to_owned(),
                checked: u64::try_from(checked).unwrap_or_default(),
                deviations,
            }
        })
        .collect()
}
