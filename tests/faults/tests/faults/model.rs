//! Sequences of commands drawn at random, against the ledger's rules over a few numbers in memory: every
//! outcome, every balance and every receipt must be the model's. Two customers, own transfers, payments out
//! of the bank and between the two, bills, forged and repeated confirmations, cancelling, expiry, transfers in
//! two phases (placed, posted in whole or in part, voided, settled, expired), accounts frozen and opened, time
//! that passes and sometimes goes back.
//!
//! All cases of a store run over one database. A case begins with what the bank says it has, on a new day,
//! so it can be run again anywhere. `VOSTRO_FAULTS_SEED` (a number) repeats a run.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tokio::runtime::Runtime;
use vostro_faults::{Bank, Kind, report, scaled, skipped};
use vostro_types::{Entropy, SystemEntropy};

use crate::model_world::{LIMITS, World};

const CASES: u32 = 2_000;
/// Cases until two fresh customers take over: money runs out.
const CASES_OF_A_PAIR: u32 = 20;
/// Cases between two looks at all the books.
const CASES_TO_BALANCE: u32 = 250;

/// An account: which customer's, and which of theirs.
pub(crate) type Place = (usize, usize);

#[derive(Debug, Clone)]
pub(crate) enum To {
    Own(usize),
    /// An account of the other customer, by its number.
    Other(usize),
    Outside,
    Biller(usize),
    /// Somebody else's account, as if it were one's own.
    Stolen(usize),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Amount {
    Cents(i64),
    /// What the source has available, and so many cents more.
    Available(i64),
    /// What is left of the day's limit, and so many cents more.
    LeftToday(i64),
    PerTransfer(i64),
}

/// How much of a placed transfer is posted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Whole,
    /// So many cents less, but at least one cent.
    Less(i64),
    Nothing,
    /// A cent more than is held.
    More,
}

#[derive(Debug, Clone)]
pub(crate) enum Command {
    Propose(Place, To, Amount),
    /// Proposes from somebody else's account.
    ProposeStolen(Place, Amount),
    /// The n-th proposal of the case, counted from the last.
    Confirm(usize),
    /// The same with another amount than was proposed.
    ConfirmForged(usize),
    Cancel(usize),
    Expire,
    /// Confirms the n-th proposal, counted from the last, to be posted later.
    Place(usize),
    /// Posts the n-th placed transfer of the case, counted from the last.
    PostPending(usize, Part),
    VoidPending(usize),
    SettleDue,
    ExpirePending,
    /// Seconds; negative is the clock set back.
    Pass(i64),
    Freeze(Place),
    Thaw(Place),
}

fn place() -> impl Strategy<Value = Place> {
    (
        0..2_usize,
        prop_oneof![4 => Just(0_usize), 2 => Just(1), 1 => Just(2)],
    )
}

fn amount() -> impl Strategy<Value = Amount> {
    prop_oneof![
        8 => (1..4_000_i64).prop_map(Amount::Cents),
        1 => (1..160_000_i64).prop_map(Amount::Cents),
        1 => prop_oneof![Just(0), Just(-1), Just(i64::MIN), Just(i64::MAX)].prop_map(Amount::Cents),
        2 => (-1..2_i64).prop_map(Amount::Available),
        2 => (-1..2_i64).prop_map(Amount::LeftToday),
        1 => (-1..2_i64).prop_map(Amount::PerTransfer),
    ]
}

fn target() -> impl Strategy<Value = To> {
    prop_oneof![
        3 => (0..3_usize).prop_map(To::Own),
        2 => (0..3_usize).prop_map(To::Other),
        3 => Just(To::Outside),
        3 => (0..6_usize).prop_map(To::Biller),
        1 => (0..3_usize).prop_map(To::Stolen),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        3 => Just(Part::Whole),
        2 => (1..2_000_i64).prop_map(Part::Less),
        1 => prop_oneof![Just(Part::Nothing), Just(Part::More)],
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let recent = || prop_oneof![4 => Just(0_usize), 2 => 1..3_usize, 1 => 3..8_usize];
    prop_oneof![
        10 => (place(), target(), amount()).prop_map(|(from, to, it)| Command::Propose(from, to, it)),
        1 => (place(), amount()).prop_map(|(from, it)| Command::ProposeStolen(from, it)),
        10 => recent().prop_map(Command::Confirm),
        1 => recent().prop_map(Command::ConfirmForged),
        2 => recent().prop_map(Command::Cancel),
        1 => Just(Command::Expire),
        4 => recent().prop_map(Command::Place),
        2 => (recent(), part()).prop_map(|(back, part)| Command::PostPending(back, part)),
        1 => recent().prop_map(Command::VoidPending),
        1 => Just(Command::SettleDue),
        1 => Just(Command::ExpirePending),
        2 => prop_oneof![4 => 1..700_i64, 4 => 20_000..90_000_i64, 4 => -700..0_i64, 1 => Just(260_000_i64)]
            .prop_map(Command::Pass),
        1 => place().prop_map(Command::Freeze),
        4 => place().prop_map(Command::Thaw),
    ]
}

/// The bank, and the figures over all cases.
struct Run {
    bank: Bank,
    cases: u32,
    commands: usize,
    posted: u32,
    placed: usize,
    declined: u32,
}

impl Run {
    async fn case(&mut self, commands: &[Command]) {
        let pair = self.cases / CASES_OF_A_PAIR;
        let mut world = World::begin(&self.bank, pair).await;
        for command in commands {
            world.run(command).await;
        }
        world.end().await;
        self.posted += world.posted;
        self.placed += world.placements.len();
        self.declined += world.declined;
        self.commands += commands.len();
        self.cases += 1;
        if self.cases.is_multiple_of(CASES_TO_BALANCE) {
            self.bank.assert_balanced().await;
        }
    }
}

fn seed() -> u64 {
    let mut fresh = [0; 8];
    SystemEntropy.fill(&mut fresh);
    let given = std::env::var("VOSTRO_FAULTS_SEED").ok();
    given.map_or(u64::from_le_bytes(fresh), |text| text.parse().unwrap())
}

fn runs(kind: Kind) {
    let runtime = Runtime::new().unwrap();
    let (per_transfer, per_day) = LIMITS;
    let opened = runtime.block_on(Bank::unsaved(kind, per_transfer, per_day));
    let bank = match opened {
        Ok(bank) => bank,
        Err(why) => return skipped(&format!("model-{}", kind.name()), why),
    };
    let run = RefCell::new(Run {
        bank,
        cases: 0,
        commands: 0,
        posted: 0,
        placed: 0,
        declined: 0,
    });
    let seed = seed();
    println!("VOSTRO_FAULTS_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: scaled(CASES),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let sequences = prop::collection::vec(command(), 1..20);
    TestRunner::new_with_rng(config, rng)
        .run(&sequences, |commands| {
            runtime.block_on(run.borrow_mut().case(&commands));
            Ok(())
        })
        .unwrap();
    let run = run.into_inner();
    runtime.block_on(run.bank.assert_balanced());
    report(
        &format!("model-{}", kind.name()),
        &[
            ("cases", &run.cases),
            ("commands", &run.commands),
            ("posted", &run.posted),
            ("placed", &run.placed),
            ("declined", &run.declined),
            ("differences", &0),
        ],
    );
    assert!(run.posted > run.cases / 4, "the cases move money");
    assert!(run.placed > 0, "and place some of it");
    drop(runtime.enter());
}

#[test]
fn sqlite() {
    runs(Kind::Sqlite);
}

#[test]
fn postgres() {
    runs(Kind::Postgres);
}
