//! A customer in the model of `model_world.rs`: accounts, and what counts towards the day's limit.

use std::collections::HashMap;

use jiff::Timestamp;
use vostro_bank::Portfolio;
use vostro_faults::{Bank, portfolio};
use vostro_ledger::{Account, AccountKind, AccountStatus};
use vostro_types::{AccountId, ConfirmationId, Currency};

/// One customer: what the bank said at the beginning, kept up to date by the model.
pub(crate) struct Customer {
    pub(crate) portfolio: Portfolio,
    pub(crate) accounts: Vec<Account>,
    /// Outgoing transfers and bill payments, posted or pending, by confirmation: when, and how much.
    pub(crate) sent: HashMap<ConfirmationId, (Timestamp, i64)>,
}

impl Customer {
    pub(crate) async fn begin(bank: &Bank, id: &str) -> Self {
        let store = bank.store();
        let mut portfolio = portfolio(store.as_ref(), id).await;
        let mut accounts = Vec::new();
        for view in &mut portfolio.accounts {
            if view.status != AccountStatus::Open {
                bank.set_account_status(&view.id, AccountStatus::Open).await;
                view.status = AccountStatus::Open;
            }
            accounts.push(Account {
                id: view.id.clone(),
                owner: Some(portfolio.customer.id.clone()),
                kind: view.kind,
                status: AccountStatus::Open,
                balance_minor: view.balance.minor,
                held_minor: 0,
                floor_minor: Some(view.balance.minor - view.available.minor),
                currency: Currency::USD,
            });
        }
        Self {
            portfolio,
            accounts,
            sent: HashMap::new(),
        }
    }

    pub(crate) fn spent_on_the_day_of(&self, now: Timestamp) -> i64 {
        let day = |at: Timestamp| at.as_second().div_euclid(86_400);
        let same_day = self.sent.values().filter(|(at, _)| day(*at) == day(now));
        same_day.map(|(_, minor)| minor).sum()
    }
}

/// An account of the bank's own, as far as the rules look at it.
pub(crate) fn of_the_bank(kind: AccountKind) -> Account {
    Account {
        id: AccountId::new("acc_of_the_bank").unwrap(),
        owner: None,
        kind,
        status: AccountStatus::Open,
        balance_minor: 0,
        held_minor: 0,
        floor_minor: None,
        currency: Currency::USD,
    }
}
