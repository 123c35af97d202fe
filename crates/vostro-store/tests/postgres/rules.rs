//! The functions' declines against the ledger's: the ledger's own table of cases, read from its tests,
//! and cases drawn at random, each put to `vostro_ledger::authorise` and to the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio_postgres::Client;
use vostro_bank::{Bank, ProposeOutcome};
use vostro_ledger::{
    Account, AccountKind, AccountNumber, AccountStatus, Decline, Limits, MoneyIntent, PostingFacts,
    Target, authorise,
};
use vostro_store::{PostgresStore, StoreConfig};
use vostro_testkit::ManualClock;
use vostro_types::{AccountId, BillerId, Clock, Currency, CustomerId, Money, PayeeId};

use crate::database::{Database, config, context, customer, database_or_skip, proposal, usd};

const CASES: &str = include_str!("../../../vostro-ledger/tests/cases/authorise.txt");
const LIMITS: Limits = Limits {
    per_transfer: Money::new(500_000, Currency::USD),
    per_day: Money::new(1_000_000, Currency::USD),
};

/// The lines of the tables that begin with `title`, each as its cells; headings are left out.
fn rows(title: &str) -> Vec<Vec<&'static str>> {
    let mut rows = Vec::new();
    let (mut heading_next, mut inside) = (false, false);
    for line in CASES.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            inside = inside && !line.is_empty();
        } else if line.starts_with("ACCOUNTS") || line.starts_with("CASES") {
            inside = line.starts_with(title);
            heading_next = true;
        } else if heading_next {
            heading_next = false;
        } else if inside {
            rows.push(line.split('|').map(str::trim).collect());
        }
    }
    rows
}

fn minor(text: &str) -> i64 {
    Money::parse_decimal(text, Currency::USD).unwrap().minor
}

/// The table's accounts, and what the database adds to them.
struct World {
    store: PostgresStore,
    client: Client,
    clock: Arc<ManualClock>,
    accounts: BTreeMap<&'static str, Account>,
    _database: Database,
}

impl World {
    async fn new(database: Database) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-09T15:00:00Z"));
        let config = StoreConfig {
            limits: LIMITS,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ..config()
        };
        let store = database.store(config).await;
        let client = database.client().await;
        // The table has an account with more put aside than it holds, which the database would not allow.
        client
            .batch_execute(
                "ALTER TABLE accounts DROP CONSTRAINT accounts_above_floor;
                INSERT INTO customers (id, display_name, is_demo, opened_at)
                VALUES ('ada', 'Ada', false, 0), ('bob', 'Bob', false, 0);
                INSERT INTO accounts (id, kind, name, currency, rolled_up_to, opened_at)
                VALUES ('acc_bank_clearing_eur', 'clearing', 'Clearing', 'EUR', 0, 0);",
            )
            .await
            .unwrap();
        let mut accounts = BTreeMap::new();
        for (place, cells) in rows("ACCOUNTS").into_iter().enumerate() {
            let [name, owner, kind, status, currency, balance, held, floor] = cells[..] else {
                panic!("eight cells: {cells:?}");
            };
            let account = Account {
                id: AccountId::new(name).unwrap(),
                owner: (owner != "bank").then(|| customer(owner)),
                kind: AccountKind::parse(kind).unwrap(),
                status: AccountStatus::parse(status).unwrap(),
                balance_minor: minor(balance),
                held_minor: minor(held),
                floor_minor: (floor != "none").then(|| minor(floor)),
                currency: Currency::from_code(currency).unwrap(),
            };
            insert(&client, &account, &number(place)).await;
            accounts.insert(name, account);
        }
        client
            .batch_execute(
                "INSERT INTO billers (id, name, aliases, category, account_pk)
                SELECT 'power', 'Power', '[]', 'utilities', pk FROM accounts WHERE id = 'power';
                INSERT INTO customer_billers (customer_pk, biller_pk, reference)
                SELECT c.pk, b.pk, 'R-1' FROM customers c, billers b WHERE c.id = 'ada';",
            )
            .await
            .unwrap();
        Self {
            store,
            client,
            clock,
            accounts,
            _database: database,
        }
    }

    fn number_of(&self, name: &str) -> AccountNumber {
        let place = self.accounts.keys().position(|&known| known == name);
        assert!(place.is_some(), "{name}");
        let row = rows("ACCOUNTS").iter().position(|cells| cells[0] == name);
        AccountNumber::new(&number(row.unwrap())).unwrap()
    }

    /// What the table means by "as", "from" and "to", in the database's terms.
    fn intent(&self, kind: &str, from: &str, to: &str, amount: Money) -> MoneyIntent {
        let is_customers = self.accounts.get(to).is_some_and(|it| it.owner.is_some());
        let target = match (kind, to) {
            ("own", to) => Target::Own {
                account: AccountId::new(to).unwrap(),
            },
            ("payee", "nothing") => Target::Payee {
                payee: PayeeId::new("nobody").unwrap(),
                number: AccountNumber::new("99999999").unwrap(),
            },
            ("payee", to) if is_customers => Target::NewPayee {
                number: self.number_of(to),
            },
            // A number that this bank does not know goes out through the clearing account.
            ("payee", _) => Target::NewPayee {
                number: AccountNumber::new("99999999").unwrap(),
            },
            ("bill", to) => Target::Biller {
                biller: BillerId::new(to).unwrap(),
                reference: "R-1".to_owned(),
            },
            other => panic!("{other:?}"),
        };
        MoneyIntent {
            customer: customer("ada"),
            source: AccountId::new(from).unwrap(),
            target,
            amount,
        }
    }

    /// A new day, on which so much was sent out already.
    async fn new_day(&self, spent_minor: i64) {
        self.clock.advance(SignedDuration::from_hours(24));
        if spent_minor > 0 {
            let at = self.clock.now().as_microsecond();
            self.client
                .execute(
                    "INSERT INTO transfers (id, kind, status, customer_pk, source_pk, destination_pk,
                        currency, amount_minor, created_at, resolved_at)
                    SELECT 'earlier_' || $2::bigint, 'payee_transfer', 'posted', s.customer_pk, s.pk, d.pk,
                        'USD', $1, $2, $2
                    FROM accounts s, accounts d WHERE s.id = 'checking' AND d.id = 'clearing'",
                    &[&spent_minor, &at],
                )
                .await
                .unwrap();
        }
    }

    /// What the database answers: through the port, and under the posting's locks.
    async fn asked(&self, intent: &MoneyIntent) -> Result<(), Decline> {
        let proposal = proposal(&self.store, intent.clone());
        let outcome = self
            .store
            .propose(&proposal, &context(&intent.customer))
            .await
            .unwrap();
        let outcome = match outcome {
            ProposeOutcome::Proposed => Ok(()),
            ProposeOutcome::Declined(decline) => Err(decline),
        };
        let locked = self.asked_under_locks(intent).await;
        assert_eq!(
            outcome.err().map(|decline| decline.code().to_owned()),
            locked,
            "{intent:?}"
        );
        outcome
    }

    async fn asked_under_locks(&self, intent: &MoneyIntent) -> Option<String> {
        let (target, id, number) = match &intent.target {
            Target::Own { account } => ("own", Some(account.as_str()), None),
            Target::Payee { payee, number } => {
                ("payee", Some(payee.as_str()), Some(number.as_str()))
            }
            Target::NewPayee { number } => ("new_payee", None, Some(number.as_str())),
            Target::Biller { biller, reference } => {
                ("biller", Some(biller.as_str()), Some(reference.as_str()))
            }
        };
        let day = self.clock.now().as_microsecond() / 86_400_000_000 * 86_400_000_000;
        self.client
            .query_one(
                "SELECT (stand(ROW($1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint,
                    $7::text)::money_intent, ROW($8::bigint, 'USD', $9::bigint, 'USD', $10::bigint,
                    $11::bigint, false)::money_rules, true)).decline",
                &[
                    &intent.customer.as_str(),
                    &intent.source.as_str(),
                    &target,
                    &id,
                    &number,
                    &intent.amount.minor,
                    &intent.amount.currency.code(),
                    &LIMITS.per_transfer.minor,
                    &LIMITS.per_day.minor,
                    &day,
                    &(day + 86_400_000_000),
                ],
            )
            .await
            .unwrap()
            .get(0)
    }
}

fn number(place: usize) -> String {
    format!("1000{place:06}")
}

async fn insert(client: &Client, account: &Account, number: &str) {
    let owner = account.owner.as_ref().map(CustomerId::as_str);
    client
        .execute(
            "INSERT INTO accounts (id, customer_pk, kind, name, number, currency, status, balance_minor,
                held_minor, floor_minor, rolled_up_to, opened_at)
            VALUES ($1, (SELECT pk FROM customers WHERE id = $2), $3, $1,
                CASE WHEN $2::text IS NULL THEN NULL ELSE $4 END, $5, $6, $7, $8, $9,
                CASE WHEN $2::text IS NULL THEN 0 END, 0)",
            &[
                &account.id.as_str(),
                &owner,
                &account.kind.as_str(),
                &number,
                &account.currency.code(),
                &account.status.as_str(),
                &account.balance_minor,
                &account.held_minor,
                &account.floor_minor,
            ],
        )
        .await
        .unwrap();
}

/// An answer as the table writes it.
fn words(outcome: Result<(), Decline>) -> String {
    let Err(decline) = outcome else {
        return "posted".to_owned();
    };
    let mut words = vec![decline.code().to_owned()];
    if let Decline::SourceNotOpen { status } = decline {
        words.push(status.as_str().to_owned());
    }
    words.extend(decline.amounts().iter().map(|amount| amount.to_decimal()));
    words.join(" ")
}

#[tokio::test]
async fn the_ledgers_table_of_cases_holds_in_the_database() {
    let world = World::new(database_or_skip!()).await;
    let cases = rows("CASES");
    assert!(cases.len() > 50, "the table was read: {}", cases.len());
    for case in cases {
        let [kind, from, to, amount, today, expected] = case[..] else {
            panic!("six cells: {case:?}");
        };
        let (amount, currency) = amount.split_once(' ').unwrap();
        let currency = Currency::from_code(currency).unwrap();
        let amount = Money::parse_decimal(amount, currency).unwrap();
        world.new_day(minor(today)).await;
        let intent = world.intent(kind, from, to, amount);
        assert_eq!(words(world.asked(&intent).await), expected, "{case:?}");
    }
}

#[tokio::test]
async fn cases_drawn_at_random_are_answered_as_the_ledger_answers() {
    const CASES: u32 = 500;
    let world = World::new(database_or_skip!()).await;
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let names: Vec<_> = world.accounts.keys().copied().chain(["nothing"]).collect();
    let amounts = [
        -1,
        0,
        1,
        2,
        60_000,
        60_001,
        100_000,
        100_001,
        499_999,
        500_000,
        500_001,
        i64::MAX,
    ];
    let spent = [0, 1, 499_999, 500_000, 999_999, 1_000_000, 1_000_001];
    for case in 0..CASES {
        let pick = |rng: &mut ChaCha8Rng| names[rng.random_range(0..names.len())];
        let (from, to) = (pick(&mut rng), pick(&mut rng));
        let kind = ["own", "payee", "bill"][rng.random_range(0..3)];
        // Only "power" is a biller, and "clearing" stands for what is outside.
        let to = match kind {
            "bill" if to != "nothing" => "power",
            "payee" if to == "power" => "clearing",
            _ => to,
        };
        let currency = [Currency::USD, Currency::USD, Currency::EUR][rng.random_range(0..3)];
        let amount = Money::new(amounts[rng.random_range(0..amounts.len())], currency);
        let spent_minor = spent[rng.random_range(0..spent.len())];
        world.new_day(spent_minor).await;
        let source = world.accounts.get(from).cloned();
        let mut destination = world.accounts.get(to).cloned();
        if let (Some(source), Some(outside)) = (&source, &mut destination)
            && to == "clearing"
            && kind == "payee"
        {
            outside.currency = source.currency;
        }
        let facts = PostingFacts {
            source,
            destination,
            spent_today: usd(spent_minor),
            limits: LIMITS,
            money_stopped: false,
        };
        let intent = world.intent(kind, from, to, amount);
        let expected = authorise(&intent, &facts).map(|_| ());
        let asked = world.asked(&intent).await;
        assert_eq!(
            asked, expected,
            "case {case}: {kind} {from} {to} {amount:?} {spent_minor}"
        );
    }
}
