//! Portfolios that were read and have not changed since, so that a conversation does not read its customer's records
//! anew at every turn.
//!
//! The file is this process's alone, so its writer sees every change: `SQLite` names each row that is inserted, updated
//! or deleted (`sqlite3_update_hook`), and what they belonged to is forgotten after the commit and before anybody is
//! answered. An answer therefore never shows less than what was acknowledged before. Left out: the tables of which a
//! portfolio shows nothing, and databases that other processes write to as well.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::Action;
use vostro_bank::Portfolio;
use vostro_types::CustomerId;

/// The most portfolios that are kept, some kilobytes each. Beyond it all are forgotten.
const MOST: usize = 4_096;

/// A row that a portfolio shows and that changes often; the others' changes forget all portfolios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shown {
    /// An account, by its row.
    Account(i64),
    /// A bill that was open, by its row.
    Bill(i64),
}

/// What a portfolio was made of.
#[derive(Debug)]
struct Kept {
    portfolio: Arc<Portfolio>,
    rows: Vec<Shown>,
}

#[derive(Debug, Default)]
struct State {
    /// Raised by every commit that changed something that portfolios show.
    epoch: u64,
    kept: HashMap<CustomerId, Kept>,
    owners: HashMap<Shown, CustomerId>,
}

/// What the open transaction has changed.
#[derive(Debug, Default)]
struct Changed {
    rows: Vec<Shown>,
    everything: bool,
}

/// The portfolios that are kept.
#[derive(Debug, Default)]
pub(super) struct Portfolios {
    state: Mutex<State>,
    changed: Mutex<Changed>,
}

/// When a read began; what it gave is kept only if nothing has changed since.
#[derive(Debug, Clone, Copy)]
pub(super) struct Epoch(u64);

impl Portfolios {
    /// Hears of the changes that the writer makes.
    pub(super) fn watch(self: &Arc<Self>, writer: &mut Connection) -> rusqlite::Result<()> {
        let portfolios = Arc::clone(self);
        writer.update_hook(Some(move |action, _: &str, table: &str, row| {
            portfolios.note(action, table, row);
        }))
    }

    fn note(&self, action: Action, table: &str, row: i64) {
        let shown = match table {
            "accounts" => Shown::Account(row),
            "bills" => Shown::Bill(row),
            // A table without row ids is not named; `customer_billers` is filled with its customer's accounts.
            "customers" | "payees" | "billers" | "cards" => {
                lock(&self.changed).everything = true;
                return;
            }
            _ => return,
        };
        let mut changed = lock(&self.changed);
        // A new row is nobody's yet.
        changed.everything |= action == Action::SQLITE_INSERT;
        changed.rows.push(shown);
    }

    /// A commit succeeded: what it changed is forgotten.
    pub(super) fn committed(&self) {
        let changed = std::mem::take(&mut *lock(&self.changed));
        if changed.rows.is_empty() && !changed.everything {
            return;
        }
        let mut state = lock(&self.state);
        state.epoch = state.epoch.wrapping_add(1);
        let unknown_bill = changed
            .rows
            .iter()
            .any(|row| matches!(row, Shown::Bill(_)) && !state.owners.contains_key(row));
        // A bill that was paid may be open again, and shown by a portfolio that did not show it.
        if changed.everything || unknown_bill {
            state.forget_all();
            return;
        }
        for row in changed.rows {
            if let Some(owner) = state.owners.get(&row).cloned() {
                state.forget(&owner);
            }
        }
    }

    /// The store is closed: what is asked of it from now on is not answered from here.
    pub(super) fn close(&self) {
        let mut state = lock(&self.state);
        state.epoch = state.epoch.wrapping_add(1);
        state.forget_all();
    }

    /// The customer's portfolio, if it is known; else when a read of it begins.
    pub(super) fn find(&self, customer: &CustomerId) -> Result<Arc<Portfolio>, Epoch> {
        let state = lock(&self.state);
        let kept = state.kept.get(customer);
        kept.map(|kept| Arc::clone(&kept.portfolio))
            .ok_or(Epoch(state.epoch))
    }

    /// Keeps what a read gave that began then.
    pub(super) fn keep(&self, began: Epoch, portfolio: &Arc<Portfolio>, rows: Vec<Shown>) {
        let mut state = lock(&self.state);
        if state.epoch != began.0 {
            return;
        }
        if state.kept.len() >= MOST {
            state.forget_all();
        }
        let customer = &portfolio.customer.id;
        state.forget(customer);
        for row in &rows {
            state.owners.insert(*row, customer.clone());
        }
        let portfolio = Arc::clone(portfolio);
        state
            .kept
            .insert(customer.clone(), Kept { portfolio, rows });
    }
}

impl State {
    fn forget_all(&mut self) {
        self.kept.clear();
        self.owners.clear();
    }

    fn forget(&mut self, customer: &CustomerId) {
        if let Some(kept) = self.kept.remove(customer) {
            for row in kept.rows {
                self.owners.remove(&row);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
