//! The suite that an integrator runs against their adapter: does it keep the contract, and with it the money?
//!
//! It moves small amounts between two accounts of one test customer and back, through the contract alone; a case
//! that fails says what was expected and what came. Nothing of it depends on the ledger behind the adapter.

mod hostile;
mod money;
mod reading;

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use vostro_bank::{AccountView, Portfolio};
use vostro_ledger::{AccountStatus, MoneyIntent, Target};
use vostro_types::{CustomerId, Entropy, Money};

use crate::contract::{TransferKey, TransferOrder, TransferState};
use crate::http::{CoreSettings, HttpCore, SetupError};
use crate::port::{CoreBanking as _, CoreError};

/// What is tested, and with whose money.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Where the adapter is, and how it is called.
    pub core: CoreSettings,
    /// A customer of the test bank with two open accounts of one currency, the first with some money.
    pub customer: CustomerId,
    /// How much a case moves, in minor units.
    pub amount_minor: i64,
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "why")]
pub enum CaseOutcome {
    /// The adapter does what the contract says.
    Passed,
    /// It does not.
    Failed(String),
}

/// A case of the suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseReport {
    /// What the contract says, in a few words.
    pub case: &'static str,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: CaseOutcome,
}

/// What the suite found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Every case, in the order they ran.
    pub cases: Vec<CaseReport>,
}

impl Report {
    /// Whether every case passed.
    pub fn is_conformant(&self) -> bool {
        self.failures().count() == 0
    }

    /// The cases that failed.
    pub fn failures(&self) -> impl Iterator<Item = &CaseReport> {
        let is_failed = |case: &&CaseReport| matches!(case.outcome, CaseOutcome::Failed(_));
        self.cases.iter().filter(is_failed)
    }
}

/// A case's verdict: what was expected and did not come.
type Verdict = Result<(), String>;

/// A case's tools: the adapter, the customer, fresh keys.
pub(crate) struct Bench {
    pub(crate) core: HttpCore,
    pub(crate) client: reqwest::Client,
    pub(crate) subject: Subject,
    entropy: Arc<dyn Entropy>,
}

macro_rules! cases {
    ($bench:ident: $($module:ident::$case:ident = $name:literal,)*) => {
        vec![$(CaseReport {
            case: $name,
            outcome: match $module::$case(&$bench).await {
                Ok(()) => CaseOutcome::Passed,
                Err(why) => CaseOutcome::Failed(why),
            },
        },)*]
    };
}

/// Runs the suite.
pub async fn run(subject: Subject, entropy: Arc<dyn Entropy>) -> Result<Report, SetupError> {
    let client = reqwest::Client::builder()
        .connect_timeout(subject.core.connect_timeout)
        .timeout(subject.core.timeout.max(Duration::from_secs(1)))
        .no_proxy()
        .build()
        .map_err(SetupError::Client)?;
    let bench = Bench {
        core: HttpCore::new(&subject.core)?,
        client,
        subject,
        entropy,
    };
    let cases = cases![bench:
        reading::it_is_ready = "it says when it is ready",
        reading::a_customer_is_read = "a customer's accounts are read, with amounts of one currency each",
        reading::an_unknown_customer_is_absent = "an unknown customer is 404",
        reading::history_is_paged_in_order = "pages of history hold each transaction once, newest first",
        reading::the_largest_come_first = "the largest amounts come first where they are asked for",
        reading::filters_narrow = "a filter never widens, and another's account shows nothing",
        reading::spending_counts_what_history_has = "a sum counts what history lists",
        money::placing_holds = "placing holds the amount and moves nothing",
        money::posting_moves_once = "posting moves the amount once and frees the hold",
        money::voiding_gives_back = "voiding gives the funds back, and posting it afterwards moves nothing",
        money::posted_stays_posted = "voiding what was posted changes nothing",
        money::repeats_have_one_effect = "the same order under the same key has one effect",
        money::repeats_at_once_have_one_effect = "sixteen deliveries at once have one effect",
        money::other_content_is_refused = "another content under the same key is 409 and changes nothing",
        money::an_overdraft_is_declined = "more than is available is declined and holds nothing",
        money::foreign_accounts_are_declined = "an account that is not the customer's is declined",
        money::odd_amounts_are_declined = "zero, negative and foreign amounts are declined or refused",
        money::a_lost_answer_is_found_again = "who hung up finds under the key what was done",
        money::history_shows_what_was_posted = "what was posted stands in the history",
        hostile::broken_bodies_are_refused = "a body that is no order is refused with problem details",
        hostile::broken_keys_are_refused = "a key that is none is refused",
        hostile::absent_transfers_are_absent = "posting and voiding what is not there is 404",
        hostile::another_customers_key_tells_nothing = "another customer does not see a transfer",
        hostile::large_bodies_end = "a body of a megabyte is refused, and the adapter answers on",
    ];
    Ok(Report { cases })
}

impl Bench {
    pub(crate) fn key(&self) -> TransferKey {
        let mut bytes = [0_u8; 32];
        self.entropy.fill(&mut bytes);
        TransferKey::from_bytes(bytes)
    }

    pub(crate) fn customer(&self) -> &CustomerId {
        &self.subject.customer
    }

    pub(crate) async fn portfolio(&self) -> Result<Portfolio, String> {
        let found = self.core.portfolio(self.customer()).await;
        let found = found.map_err(|error| told("reading the customer", &error))?;
        found.ok_or_else(|| format!("the customer {} is not there", self.customer().as_str()))
    }

    /// Two open accounts of one currency, the first with enough money for the suite.
    pub(crate) async fn accounts(&self) -> Result<[AccountView; 2], String> {
        let portfolio = self.portfolio().await?;
        let open = |account: &&AccountView| account.status == AccountStatus::Open;
        let enough = 4 * self.subject.amount_minor;
        let accounts: Vec<_> = portfolio.accounts.iter().filter(open).collect();
        for source in &accounts {
            let other = accounts.iter().find(|other| {
                other.id != source.id && other.balance.currency == source.balance.currency
            });
            if let Some(other) = other
                && source.available.minor >= enough
            {
                return Ok([(*source).clone(), (*other).clone()]);
            }
        }
        Err(format!(
            "the customer needs two open accounts of one currency, one with {enough} minor units available"
        ))
    }

    pub(crate) async fn account(&self, like: &AccountView) -> Result<AccountView, String> {
        let found = self.portfolio().await?;
        let found = found.accounts.into_iter().find(|it| it.id == like.id);
        found.ok_or_else(|| format!("the account {} is gone", like.id.as_str()))
    }

    pub(crate) fn order(&self, from: &AccountView, to: &AccountView, minor: i64) -> TransferOrder {
        TransferOrder {
            intent: MoneyIntent {
                customer: self.customer().clone(),
                source: from.id.clone(),
                target: Target::Own {
                    account: to.id.clone(),
                },
                amount: Money::new(minor, from.balance.currency),
            },
        }
    }

    pub(crate) async fn place(
        &self,
        key: &TransferKey,
        order: &TransferOrder,
    ) -> Result<TransferState, String> {
        let state = self.core.place(key, order).await;
        let state = state.map_err(|error| told("placing", &error))?;
        expect(state.key == *key, || {
            "the answer has another key".to_owned()
        })?;
        expect(state.intent == order.intent, || {
            "the answer has other parameters than were ordered".to_owned()
        })?;
        Ok(state)
    }

    pub(crate) async fn post(&self, key: &TransferKey) -> Result<TransferState, String> {
        let state = self.core.post(self.customer(), key).await;
        state.map_err(|error| told("posting", &error))
    }

    pub(crate) async fn void(&self, key: &TransferKey) -> Result<TransferState, String> {
        let state = self.core.void(self.customer(), key).await;
        state.map_err(|error| told("voiding", &error))
    }
}

pub(crate) fn told(what: &str, error: &CoreError) -> String {
    format!("{what}: {error}")
}

pub(crate) fn expect(holds: bool, why: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(why()) }
}
