//! How conversations go: sums, ranks, filters, and the trace of one turn.

use std::time::Duration;

use jiff::SignedDuration;
use vostro_bank::{
    ConversationFigures, Disposition, InsightPeriod, PASSED, TurnCommitted, TurnFigure, TurnFilter,
    TurnMeasures, TurnTimes,
};
use vostro_types::TurnId;

use Disposition::{Answered, HandedOff, Unanswered};

use super::Backend;
use super::bench::Bench;
use super::conversations::turn;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a case records of a turn: session, version, ending, intent, verdict, microseconds, tokens.
type Told = (
    &'static str,
    u64,
    Disposition,
    Option<&'static str>,
    &'static str,
    u64,
    u64,
);

async fn record<B: Backend>(bench: &Bench<B>, told: Told) -> TurnId {
    let (session, version, disposition, intent, verdict, took, tokens) = told;
    let mut commit = turn(bench, "ada", session, version);
    commit.turn.intent = intent.map(str::to_owned);
    commit.turn.measures = TurnMeasures {
        disposition,
        verdict: verdict.to_owned(),
        by_model: tokens > 0,
        took: Duration::from_micros(took),
        model_tokens: tokens,
        model_cost_micro_dollars: 3 * tokens,
    };
    let id = commit.turn.id.clone();
    let recorded = bench.store().commit_turn(commit).await.unwrap();
    assert_eq!(recorded, TurnCommitted::Recorded);
    id
}

/// The period of two days that ends now, this instant excluded.
fn until_now<B: Backend>(bench: &Bench<B>) -> InsightPeriod {
    InsightPeriod {
        from: bench.now().checked_sub(2 * DAY).unwrap(),
        until: bench.now(),
    }
}

/// Turns are summed by day and by what they have in common; what is outside of the period counts nowhere.
pub async fn turns_are_summed_over_a_period<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let empty = until_now(&bench);
    assert_eq!(store.turn_figures(empty).await.unwrap(), []);
    assert_eq!(store.turn_times(empty).await.unwrap(), TurnTimes::default());
    assert_eq!(
        store.conversation_figures(empty).await.unwrap(),
        ConversationFigures::default()
    );

    record(&bench, ("old", 1, Answered, None, PASSED, 9, 9)).await;
    bench.clock.advance(SignedDuration::from_micros(1));
    record(
        &bench,
        ("one", 1, Answered, Some("transfer"), PASSED, 100, 0),
    )
    .await;
    record(
        &bench,
        ("two", 1, Answered, Some("transfer"), PASSED, 300, 0),
    )
    .await;
    bench.clock.advance(DAY);
    record(&bench, ("two", 2, Unanswered, None, PASSED, 200, 40)).await;
    record(&bench, ("one", 2, HandedOff, None, PASSED, 400, 2)).await;
    bench.clock.advance(DAY);
    record(&bench, ("new", 1, Answered, None, PASSED, 9, 9)).await;

    let period = until_now(&bench);
    let figure = |day, disposition, intent: Option<&str>, turns, model_tokens| TurnFigure {
        day,
        disposition,
        intent: intent.map(str::to_owned),
        verdict: PASSED.to_owned(),
        by_model: model_tokens > 0,
        turns,
        model_tokens,
        model_cost_micro_dollars: 3 * model_tokens,
    };
    assert_eq!(
        store.turn_figures(period).await.unwrap(),
        [
            figure(0, Answered, Some("transfer"), 2, 0),
            figure(1, HandedOff, None, 1, 2),
            figure(1, Unanswered, None, 1, 40),
        ]
    );
    let times = store.turn_times(period).await.unwrap();
    let micros = [times.p50, times.p95, times.p99, times.max].map(|it| it.as_micros());
    assert_eq!(micros, [200, 400, 400, 400]);
    let conversations = store.conversation_figures(period).await.unwrap();
    assert_eq!(
        (conversations.conversations, conversations.handed_off),
        (2, 1)
    );
}

/// Filters give the turns that they name, newest first, and hostile ones nothing; one turn is read with its
/// rows of the audit trail alone.
pub async fn a_figure_leads_to_its_turns<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let mut ids = Vec::new();
    let intents = [Some("transfer"), None, Some("transfer"), Some("pay_bill")];
    for (intent, version) in intents.into_iter().zip(1..) {
        bench.clock.advance(SignedDuration::from_secs(1));
        let (ending, verdict) = match version {
            3 => (Disposition::Blocked, "violence"),
            _ => (Disposition::Answered, PASSED),
        };
        ids.push(record(&bench, ("one", version, ending, intent, verdict, 5, 0)).await);
    }
    bench.clock.advance(SignedDuration::from_secs(1));
    let period = until_now(&bench);
    let read = async |disposition, intent: Option<&str>, verdict: Option<&str>, limit| {
        let filter = TurnFilter {
            disposition,
            intent: intent.map(str::to_owned),
            verdict: verdict.map(str::to_owned),
        };
        let turns = store.measured_turns(period, &filter, limit).await.unwrap();
        turns
            .into_iter()
            .map(|turn| turn.version)
            .collect::<Vec<_>>()
    };
    assert_eq!(read(None, None, None, 10).await, [4, 3, 2, 1]);
    assert_eq!(read(None, None, None, 2).await, [4, 3]);
    assert_eq!(read(None, Some("transfer"), None, 10).await, [3, 1]);
    assert_eq!(read(Some(Disposition::Blocked), None, None, 10).await, [3]);
    assert_eq!(read(None, Some("transfer"), Some(PASSED), 10).await, [1]);
    for hostile in ["", "' OR 1=1 --", "%", "\u{1F600}"] {
        let none: [u64; 0] = [];
        assert_eq!(read(None, Some(hostile), None, 10).await, none, "{hostile}");
    }

    let traced = store.traced_turn(&ids[2]).await.unwrap().unwrap();
    assert_eq!(
        (traced.turn.version, traced.turn.measures.verdict.as_str()),
        (3, "violence")
    );
    assert!(traced.reply.is_some_and(|reply| reply["n"] == 3));
    let rows: Vec<_> = traced
        .audit
        .iter()
        .map(|row| (row.kind.as_str(), row.turn.as_ref()))
        .collect();
    assert_eq!(rows, [("blocked", Some(&ids[2]))]);
    let nowhere = TurnId::new("trn_nowhere").unwrap();
    assert_eq!(store.traced_turn(&nowhere).await.unwrap(), None);
}
