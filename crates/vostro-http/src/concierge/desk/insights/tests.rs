//! Figures of insights from measures: what is counted as what, and what is empty.

use super::*;

fn figure(day: u32, disposition: Disposition, intent: Option<&str>, turns: u64) -> TurnFigure {
    TurnFigure {
        day,
        disposition,
        intent: intent.map(str::to_owned),
        verdict: vostro_bank::PASSED.to_owned(),
        by_model: intent.is_none(),
        turns,
        model_tokens: 10 * turns,
        model_cost_micro_dollars: 250_000,
    }
}

fn seen(figures: Vec<TurnFigure>, conversations: u64, handed_off: u64) -> InsightsView {
    let now = "2026-03-11T16:00:00Z".parse().unwrap();
    let read = Read {
        figures,
        times: TurnTimes::default(),
        conversations: ConversationFigures {
            conversations,
            handed_off,
        },
        questions: Vec::new(),
    };
    view(period(now, Some(2)).unwrap(), &read)
}

#[test]
fn figures_are_summed_by_each_of_their_names() {
    let seen = seen(
        vec![
            figure(0, Disposition::Answered, Some("check_balance"), 3),
            figure(1, Disposition::Answered, Some("transfer"), 1),
            figure(1, Disposition::Unanswered, None, 5),
            figure(1, Disposition::HandedOff, Some("transfer"), 1),
        ],
        4,
        1,
    );
    assert_eq!((seen.turns, seen.containment), (10, Some(0.75)));
    let by_day: Vec<_> = seen
        .by_day
        .iter()
        .map(|it| (it.turns, it.unanswered))
        .collect();
    assert_eq!(by_day, [(3, 0), (7, 5)]);
    let intents: Vec<_> = seen
        .intents
        .iter()
        .map(|it| (it.intent.as_deref(), it.turns))
        .collect();
    assert_eq!(
        intents,
        [(None, 5), (Some("check_balance"), 3), (Some("transfer"), 2)]
    );
    assert_eq!(
        (seen.intents[0].unanswered, seen.intents[2].handed_off),
        (5, 1)
    );
    let endings: Vec<_> = seen
        .dispositions
        .iter()
        .map(|it| (it.name.as_str(), it.turns))
        .collect();
    assert_eq!(
        endings,
        [("unanswered", 5), ("answered", 4), ("handed_off", 1)]
    );
    assert_eq!(
        seen.model,
        ModelView {
            turns_understood: 5,
            tokens: 100,
            cost_dollars: 1.0
        }
    );
}

#[test]
fn without_turns_every_day_is_there_and_nothing_is_claimed() {
    let seen = seen(Vec::new(), 0, 0);
    assert_eq!(
        (seen.turns, seen.containment, seen.by_day.len()),
        (0, None, 2)
    );
}

#[test]
fn days_have_bounds() {
    for (days, is_taken) in [
        (None, true),
        (Some(1), true),
        (Some(90), true),
        (Some(0), false),
        (Some(91), false),
    ] {
        assert_eq!(
            period(Timestamp::UNIX_EPOCH, days).is_ok(),
            is_taken,
            "{days:?}"
        );
    }
}
