//! No figure and no deed without a receipt: what a draft may state, and whether it keeps to it.
//!
//! Figures are amounts of money. A draft may state an amount that the evidence holds, or that a
//! cited passage holds. It may say that something was done only with a receipt beside it. The check
//! does not trust whoever wrote the draft: templates pass it, and so must a model's words.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use vostro_types::Money;

use crate::act::Done;
use crate::compose::Draft;
use crate::decide::Trouble;
use crate::ground::Evidence;

/// An amount in a text: a currency sign or code beside digits.
#[allow(clippy::unwrap_used, reason = "a constant pattern, exercised by every test")]
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:[$€£¥]|\b(?:USD|EUR|GBP)\s?)\s?\d[\d,]*(?:\.\d+)?").unwrap()
});

/// A claim that money was moved.
#[allow(clippy::unwrap_used, reason = "a constant pattern, exercised by every test")]
static DEED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:i(?:'ve| have)(?: just| now)? (?:sent|paid|transferred|moved|blocked|frozen|refunded)|(?:transfer|payment)\b[^.\n]{0,160}? (?:is|was)(?: already| now)? complete(?:d)?|has been (?:sent|paid|transferred|blocked|frozen|refunded))\b",
    )
    .unwrap()
});

/// What is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unbacked {
    /// An amount that neither evidence nor citation holds.
    Figure(String),
    /// A deed without a receipt.
    Deed,
}

/// Finds the first statement that nothing backs.
pub(crate) fn unbacked(draft: &Draft, evidence: &Evidence) -> Option<Unbacked> {
    let known = figures(evidence);
    let cited = |figure: &str| draft.citations.iter().any(|citation| citation.quote.contains(figure));
    let stray =
        amounts_in(&draft.text).find(|figure| !known.contains(figure.as_str()) && !cited(figure));
    if let Some(figure) = stray {
        return Some(Unbacked::Figure(figure));
    }
    let has_receipt = evidence
        .results
        .iter()
        .any(|result| matches!(result.done, Done::Posted(_) | Done::Replayed(_)));
    let claims = DEED.find(&draft.text).is_some_and(|claim| !cited(claim.as_str()));
    (claims && !has_receipt).then_some(Unbacked::Deed)
}

/// Every amount that the evidence holds, as replies write them, without sign.
fn figures(evidence: &Evidence) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let portfolio = evidence.portfolio.get();
    let mut add = |money: Money| {
        known.insert(money.abs().to_string());
    };
    for account in &portfolio.accounts {
        add(account.balance);
        add(account.available);
    }
    portfolio.billers.iter().filter_map(|biller| biller.amount_due).for_each(&mut add);
    for result in &evidence.results {
        stated(&result.done, &mut add);
    }
    let quoted = evidence.results.iter().flat_map(|result| quoted(&result.done));
    known.extend(quoted.flat_map(amounts_in));
    known
}

/// Words from the customer or from a statement that a reply repeats as they are.
fn quoted(done: &Done) -> Vec<&str> {
    match done {
        Done::Asked(question) => match &question.trouble {
            Some(
                Trouble::UnreadableAmount(words)
                | Trouble::UnknownAccount(words)
                | Trouble::UnknownPayee(words)
                | Trouble::UnknownBiller(words),
            ) => vec![words],
            _ => Vec::new(),
        },
        Done::Balances { unknown, .. } => unknown.iter().map(String::as_str).collect(),
        Done::Transactions { page, about } => {
            let descriptions = page.items.iter().map(|item| item.description.as_str());
            descriptions.chain(about.conditions.iter().map(String::as_str)).collect()
        }
        Done::Spending { about, .. } => about.conditions.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn amounts_in(text: &str) -> impl Iterator<Item = String> + '_ {
    AMOUNT.find_iter(text).map(|found| found.as_str().trim_end_matches([',', '.']).to_owned())
}

/// The amounts of one result.
fn stated(done: &Done, add: &mut impl FnMut(Money)) {
    match done {
        Done::Transactions { page, about } => {
            page.items.iter().for_each(|item| add(item.amount));
            about.bounds.iter().copied().for_each(add);
        }
        Done::Spending { summary, about } => {
            add(summary.spent);
            add(summary.received);
            summary.by_category.iter().for_each(|(_, sum)| add(*sum));
            about.bounds.iter().copied().for_each(add);
        }
        Done::Proposed(proposal) | Done::Waiting(proposal) => add(proposal.intent.amount),
        Done::ProposalDeclined { intent, decline } => {
            add(intent.amount);
            decline.amounts().into_iter().for_each(add);
        }
        Done::PostDeclined(decline) => decline.amounts().into_iter().for_each(add),
        Done::Posted(receipt) | Done::Replayed(receipt) => {
            add(receipt.intent.amount);
            add(receipt.source_balance);
            add(receipt.source_available);
        }
        _ => {}
    }
}
