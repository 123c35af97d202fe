//! No figure and no deed without a receipt: what a draft may state, and whether it keeps to it.
//!
//! Figures are amounts of money. A draft may state an amount that the evidence holds, or that a
//! cited passage holds. It may say that something was done only with a receipt beside it. The check
//! does not trust whoever wrote the draft: templates pass it, and so must a model's words.

mod claims;

use std::collections::BTreeSet;

use regex::Regex;
use vostro_bank::Change;
use vostro_types::Money;

use claims::{AMOUNT, CALLED, CHANGED, DEED, TAKEN_BACK, UNDER_WAY};

use crate::act::{Done, ProposedChange};
use crate::command::{AmountMention, Slot, SlotValue};
use crate::compose::{Draft, sum_of, together};
use crate::decide::Trouble;
use crate::ground::Evidence;

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
    let cited = |figure: &str| {
        draft
            .citations
            .iter()
            .any(|citation| citation.quote.contains(figure))
    };
    let stray =
        amounts_in(&draft.text).find(|figure| !known.contains(figure.as_str()) && !cited(figure));
    if let Some(figure) = stray {
        return Some(Unbacked::Figure(figure));
    }
    let claims = |pattern: &Regex| {
        pattern
            .find(&draft.text)
            .is_some_and(|claim| !cited(claim.as_str()))
    };
    let proves = |proof: fn(&Done) -> bool| evidence.results.iter().any(|it| proof(&it.done));
    let unproven = (claims(&DEED) && !proves(is_posted))
        || (claims(&UNDER_WAY) && !proves(is_pending))
        || (claims(&CHANGED) && !proves(is_changed))
        || (claims(&CALLED) && !proves(|done| matches!(done, Done::HandedOff { .. })))
        || (claims(&TAKEN_BACK) && !proves(|done| matches!(done, Done::Recalled(_))));
    unproven.then_some(Unbacked::Deed)
}

/// Whether a receipt stands beside it.
fn is_posted(done: &Done) -> bool {
    matches!(
        done,
        Done::Posted(_) | Done::Replayed(_) | Done::TooLate(Some(_))
    )
}

/// Whether a change's receipt stands beside it.
fn is_changed(done: &Done) -> bool {
    matches!(done, Done::Changed(_) | Done::ChangeReplayed(_))
}

/// Whether funds are held for a transfer that is not final.
fn is_pending(done: &Done) -> bool {
    matches!(done, Done::Placed(_) | Done::StillPending(_))
}

/// Every amount that the evidence holds, as replies write them, without sign.
fn figures(evidence: &Evidence) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let portfolio = evidence.portfolio.get();
    let mut add = |money: Money| {
        known.insert(money.abs().to_string());
    };
    portfolio
        .cards
        .iter()
        .map(|card| card.daily_limit)
        .for_each(&mut add);
    for account in &portfolio.accounts {
        add(account.balance);
        add(account.available);
    }
    portfolio
        .billers
        .iter()
        .filter_map(|biller| biller.amount_due)
        .for_each(&mut add);
    for result in &evidence.results {
        if let Done::Balances { accounts, .. } = &result.done {
            together(portfolio, accounts).into_iter().for_each(&mut add);
        }
        stated(&result.done, &mut add);
    }
    let quoted = evidence
        .results
        .iter()
        .flat_map(|result| quoted(&result.done));
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
                | Trouble::UnknownBiller(words)
                | Trouble::Nearly { words, .. }
                | Trouble::NotHeld(words, _)
                | Trouble::UnknownCard(words),
            ) => vec![words],
            _ => Vec::new(),
        },
        Done::Balances { unknown, .. } => unknown.iter().map(String::as_str).collect(),
        Done::Transactions { page, about } => {
            let descriptions = page.items.iter().map(|item| item.description.as_str());
            descriptions.chain(about.merchant.as_deref()).collect()
        }
        Done::WhichTransaction { items, .. } => {
            items.iter().map(|item| item.description.as_str()).collect()
        }
        Done::ChangeProposed(ProposedChange { item, .. })
        | Done::ChangeWaiting(ProposedChange { item, .. }) => {
            item.iter().map(|item| item.description.as_str()).collect()
        }
        Done::Cases(cases) => cases.iter().map(|case| case.description.as_str()).collect(),
        Done::Spending { about, .. } => about.merchant.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn amounts_in(text: &str) -> impl Iterator<Item = String> + '_ {
    AMOUNT
        .find_iter(text)
        .map(|found| found.as_str().trim_end_matches([',', '.']).to_owned())
}

/// The amounts that a change names.
fn amounts_of(change: &Change) -> Vec<Money> {
    match change {
        Change::SetCardLimit { limit: amount, .. } | Change::SetAlert { below: amount, .. } => {
            vec![*amount]
        }
        Change::ChangeAlert { alert, below } => vec![alert.below, *below],
        Change::RemoveAlerts { alerts } => alerts.iter().map(|alert| alert.below).collect(),
        Change::EndOrder { terms, .. } | Change::SkipPayment { terms, .. } => {
            vec![terms.intent.amount]
        }
        _ => Vec::new(),
    }
}

/// The amounts of one result.
fn stated(done: &Done, add: &mut impl FnMut(Money)) {
    match done {
        Done::Transactions { page, about } => {
            page.items.iter().for_each(|item| add(item.amount));
            about
                .at_least
                .into_iter()
                .chain(about.at_most)
                .for_each(add);
        }
        Done::Spending {
            summary,
            about,
            before,
        } => {
            add(summary.spent);
            add(summary.received);
            summary.by_category.iter().for_each(|(_, sum)| add(*sum));
            about
                .at_least
                .into_iter()
                .chain(about.at_most)
                .for_each(&mut *add);
            if let Some(before) = before {
                let (now, then) = (sum_of(summary, about), sum_of(before, about));
                add(then);
                add(now.checked_sub(then).unwrap_or(now));
            }
        }
        Done::Proposed(proposal) | Done::Waiting(proposal) => add(proposal.intent.amount),
        Done::NeedsFactor { proposed, .. } => stated(proposed, add),
        Done::OrderProposed { proposal, .. } | Done::OrderWaiting(proposal) => {
            add(proposal.intent.intent.amount);
        }
        Done::Scheduled(view) | Done::WhichChange(view) | Done::NoPaymentBefore(view, _) => {
            add(view.order.intent.amount);
        }
        Done::Schedules(views) | Done::WhichSchedule(views) => {
            for view in views {
                add(view.order.intent.amount);
            }
        }
        Done::Statement { page, .. } => {
            for money in [page.opening, page.closing, page.received, page.spent] {
                add(money);
            }
        }
        Done::ProposalDeclined { intent, decline } => {
            add(intent.amount);
            decline.amounts().into_iter().for_each(add);
        }
        Done::PostDeclined(decline) => decline.amounts().into_iter().for_each(add),
        Done::Alerts { alerts, .. } => alerts.iter().for_each(|alert| add(alert.below)),
        Done::Cases(cases) => cases.iter().for_each(|case| add(case.amount)),
        Done::WhichTransaction { items, .. } => {
            for item in items {
                add(item.amount);
            }
        }
        Done::ChangeProposed(ProposedChange { proposal, item })
        | Done::ChangeWaiting(ProposedChange { proposal, item }) => {
            let item = item.iter().map(|item| item.amount);
            let named = amounts_of(&proposal.intent.change);
            named.into_iter().chain(item).for_each(add);
        }
        Done::Changed(receipt) | Done::ChangeReplayed(receipt) => {
            amounts_of(&receipt.change).into_iter().for_each(add);
        }
        Done::Placed(pending) | Done::StillPending(pending) | Done::Recalled(pending) => {
            add(pending.intent.amount);
        }
        Done::LeftOut(orders) => {
            let amounts = orders
                .iter()
                .filter_map(|(_, slots)| slots.get(Slot::Amount));
            for value in amounts {
                if let SlotValue::Amount(AmountMention::Exact(money)) = value {
                    add(*money);
                }
            }
        }
        Done::SeveralPending(waiting) => waiting.iter().for_each(|it| add(it.intent.amount)),
        Done::Posted(receipt) | Done::Replayed(receipt) | Done::TooLate(Some(receipt)) => {
            add(receipt.intent.amount);
            add(receipt.source_balance);
            add(receipt.source_available);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use vostro_bank::{Customer, Portfolio, Receipt};
    use vostro_knowledge::Citation;
    use vostro_ledger::{AccountNumber, MoneyIntent, Proposal, Target};
    use vostro_types::{AccountId, ConfirmationId, Currency, CustomerId, Sourced, TransferId};

    use super::*;
    use crate::ground::{Found, Grounded};

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    fn intent() -> MoneyIntent {
        MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: AccountId::new("acc").unwrap(),
            target: Target::NewPayee {
                number: AccountNumber::new("67890").unwrap(),
            },
            amount: usd(8_200),
        }
    }

    fn evidence(done: Done) -> Evidence {
        let customer = Customer {
            id: CustomerId::new("ada").unwrap(),
            display_name: String::new(),
            is_demo: true,
        };
        let portfolio = Portfolio {
            customer,
            accounts: Vec::new(),
            payees: Vec::new(),
            billers: Vec::new(),
            cards: Vec::new(),
        };
        Evidence {
            results: vec![Grounded {
                done,
                found: Found::NotAsked,
            }],
            portfolio: Sourced::new(portfolio.into()),
        }
    }

    fn proposed() -> Done {
        let id = ConfirmationId::new("c").unwrap();
        Done::Proposed(Proposal::new(id, intent(), Timestamp::UNIX_EPOCH))
    }

    fn posted() -> Done {
        Done::Posted(Box::new(Receipt {
            transfer: TransferId::new("t").unwrap(),
            confirmation: ConfirmationId::new("c").unwrap(),
            intent: intent(),
            posted_at: Timestamp::UNIX_EPOCH,
            source_balance: usd(100_000),
            source_available: usd(100_000),
            value_date: None,
        }))
    }

    fn check(text: &str, quote: Option<&str>, done: Done) -> Option<Unbacked> {
        let citations = quote.map(|quote| Citation {
            document_id: String::new(),
            chunk_id: String::new(),
            title: String::new(),
            start: 0,
            end: 0,
            quote: quote.to_owned(),
        });
        let draft = Draft {
            text: text.to_owned(),
            citations: citations.into_iter().collect(),
            ..Draft::default()
        };
        unbacked(&draft, &evidence(done))
    }

    #[test]
    fn figures_need_evidence_or_a_citation() {
        let figure = |text: &str| Some(Unbacked::Figure(text.to_owned()));
        assert_eq!(check("Shall I send $82.00?", None, proposed()), None);
        assert_eq!(
            check("Shall I send $820.00?", None, proposed()),
            figure("$820.00")
        );
        assert_eq!(
            check("Shall I send $ 820?", None, proposed()),
            figure("$ 820")
        );
        assert_eq!(
            check("That is USD 9.99.", None, proposed()),
            figure("USD 9.99")
        );
        assert_eq!(
            check("The limit is $5,000.00.", None, proposed()),
            figure("$5,000.00")
        );
        assert_eq!(
            check(
                "The limit is $5,000.00.",
                Some("up to $5,000.00 each"),
                proposed()
            ),
            None
        );
    }

    #[test]
    fn deeds_need_a_receipt() {
        for claim in [
            "I have sent the money to John.",
            "I've just transferred it.",
            "Done. The transfer of $82.00 from A to B is complete.",
            "Your card has been blocked.",
            "Your payment was already completed.",
            "The transfer of $82.00 from A to B is on its way.",
            "That transfer was recalled.",
            "I've recalled it.",
        ] {
            assert_eq!(
                check(claim, None, proposed()),
                Some(Unbacked::Deed),
                "{claim}"
            );
        }
        assert_eq!(
            check("The transfer of $82.00 is complete.", None, posted()),
            None
        );
        assert_eq!(
            check("Shall I transfer it? Reply yes.", None, proposed()),
            None
        );
    }
}
