//! What a store is told when it is opened.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vostro_ledger::{Calendar, Limits};
use vostro_types::{Clock, Currency, Entropy};

/// The bank's rules and the store's sources of time and randomness.
#[derive(Clone)]
pub struct StoreConfig {
    /// The limits on a customer's outgoing money. Their currency is the bank's.
    pub limits: Limits,
    /// Where the bank's calendar day begins and ends, and from which day a posting counts.
    pub calendar: Calendar,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Randomness for transfer ids and the salts of audit rows.
    pub entropy: Arc<dyn Entropy>,
    /// Whether [`vostro_bank::Bank::open_demo_customer`] opens customers (the sandbox) or refuses.
    pub demo_customers: bool,
    /// Whether this process carries out no money command, whatever the switch in the store says.
    pub money_stopped: bool,
}

impl StoreConfig {
    /// The bank's currency: that of its limits.
    pub fn currency(&self) -> Currency {
        self.limits.per_day.currency
    }

    /// The bank's time zone.
    pub fn time_zone(&self) -> &TimeZone {
        self.calendar.time_zone()
    }

    /// When the bank's calendar day of an instant begins, and when the next one does; `None` at the ends of
    /// the calendar.
    pub(crate) fn bank_day(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let today = at.to_zoned(self.time_zone().clone());
        let next = today.tomorrow().and_then(|next| next.start_of_day());
        Some((
            today.start_of_day().ok()?.timestamp(),
            next.ok()?.timestamp(),
        ))
    }

    /// The current instant in whole microseconds, which is what databases keep.
    pub(crate) fn now(&self) -> Timestamp {
        crate::sqlite::whole_microseconds(self.clock.now())
    }
}

impl std::fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreConfig")
            .field("limits", &self.limits)
            .field("calendar", &self.calendar)
            .field("demo_customers", &self.demo_customers)
            .field("money_stopped", &self.money_stopped)
            .finish_non_exhaustive()
    }
}

/// How much work the `SQLite` driver takes on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// The most commands that share one commit; 1 gives each command its own.
    pub commands_per_commit: usize,
    /// The most commands that wait for the writer; beyond it the store says that it is not available.
    pub queued_commands: usize,
    /// How many read-only connections there are (for a file; a database in memory has one connection).
    pub readers: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            commands_per_commit: 256,
            queued_commands: 4_096,
            readers: 4,
        }
    }
}
