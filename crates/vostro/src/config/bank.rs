//! `[bank]`: the bank's rules on money and time.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_types::{Currency, Money};

use super::Problem;

/// The bank's rules on money and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Bank {
    /// The currency of the customers' accounts: an ISO 4217 code.
    pub currency: String,
    /// Where the bank's calendar day begins and ends: a name of the IANA time zone database.
    pub time_zone: String,
    /// The most that one transfer to others or one bill payment may move, in `bank.currency`.
    pub per_transfer: String,
    /// The most that transfers to others and bill payments may move together in one day, in
    /// `bank.currency`.
    pub per_day: String,
    /// How many minutes money to an account number that is not saved waits, its funds held, before it is
    /// posted; until then its customer can recall it. 0 for not at all.
    #[schemars(range(max = 43_200))]
    pub new_payee_hold: u32,
    /// The bank's routing number, told with an account's number to customers who ask for it. Empty for none;
    /// the default is the demo bank's.
    pub routing_number: String,
    /// Whether this process carries out no money command: nothing is proposed, posted or taken back, and
    /// customers are told so. `vostro money stop` does the same for every replica, without a restart.
    pub money_stopped: bool,
}

impl Default for Bank {
    fn default() -> Self {
        Self {
            currency: "USD".to_owned(),
            time_zone: "UTC".to_owned(),
            per_transfer: "5000.00".to_owned(),
            per_day: "10000.00".to_owned(),
            new_payee_hold: 0,
            routing_number: "123456780".to_owned(),
            money_stopped: false,
        }
    }
}

/// The rules as the other crates take them.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// Limits on outgoing money; their currency is the bank's.
    pub limits: vostro_ledger::Limits,
    /// The bank's time zone.
    pub time_zone: TimeZone,
    /// When movements become final.
    pub settlement: vostro_ledger::SettlementPolicy,
}

impl Bank {
    /// The rules, or everything that is wrong with them.
    pub(crate) fn rules(&self) -> Result<Rules, Vec<Problem>> {
        let mut problems = Vec::new();
        let currency = Currency::from_code(&self.currency);
        if currency.is_none() {
            problems.push(Problem::new(
                "bank.currency",
                format!(
                    "`{}` is no ISO 4217 code; allowed: `USD`, `EUR`, `GBP`, …",
                    self.currency
                ),
            ));
        }
        let time_zone = TimeZone::get(&self.time_zone);
        if time_zone.is_err() {
            problems.push(Problem::new(
                "bank.time_zone",
                format!(
                    "`{}` is no time zone; allowed: names such as `UTC` or `America/New_York`",
                    self.time_zone
                ),
            ));
        }
        let mut limit = |key, text: &str| match currency {
            Some(currency) => match Money::parse_decimal(text, currency) {
                Ok(money) if money.is_positive() => Some(money),
                _ => {
                    problems.push(Problem::new(
                        key,
                        format!(
                            "`{text}` is no amount; allowed: more than zero, such as `5000.00`"
                        ),
                    ));
                    None
                }
            },
            None => None,
        };
        let per_transfer = limit("bank.per_transfer", &self.per_transfer);
        let per_day = limit("bank.per_day", &self.per_day);
        if let (Some(one), Some(day)) = (per_transfer, per_day)
            && one.minor > day.minor
        {
            problems.push(Problem::new(
                "bank.per_transfer",
                format!("{one} is over the day's limit; at most `bank.per_day`, {day}"),
            ));
        }
        match (per_transfer, per_day, time_zone) {
            (Some(per_transfer), Some(per_day), Ok(time_zone)) if problems.is_empty() => {
                Ok(Rules {
                    limits: vostro_ledger::Limits {
                        per_transfer,
                        per_day,
                    },
                    time_zone,
                    settlement: self.settlement(),
                })
            }
            _ => Err(problems),
        }
    }

    fn settlement(&self) -> vostro_ledger::SettlementPolicy {
        let minutes = i64::from(self.new_payee_hold);
        vostro_ledger::SettlementPolicy {
            new_payee_hold: (minutes > 0).then(|| jiff::SignedDuration::from_mins(minutes)),
        }
    }

    /// Currency, time zone and amounts must be real.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if let Err(found) = self.rules() {
            problems.extend(found);
        }
    }
}
