//! `GET /api/v1/desk/insights`: how conversations went over the last days.
//!
//! Everything is summed from the turns' own records, so the figures agree with the turns behind them
//! (`desk/turns.rs`), whichever replica answers.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vostro_bank::{
    ConversationFigures, Disposition, InsightPeriod, MeasuredTurn, TurnFigure, TurnFilter,
    TurnTimes,
};

use super::super::State as Shared;
use super::super::turns::store_problem;
use super::questions::group;
use super::turns::{dollars, milliseconds};
use crate::docs::Failures;
use crate::problem::{ErrorBody, Problem};

/// The days that are looked at when nothing else is said, and at most.
const DAYS: u32 = 7;
const DAYS_MAX: u32 = 90;
/// How many unanswered questions are read for their groups, and how many groups are told.
const QUESTIONS: u32 = 500;
const GROUPS: usize = 20;
/// How many turns of a group are named.
const NAMED: usize = 10;

/// Which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in super::super) struct PeriodQuery {
    /// The last so many times 24 hours: 1 to 90, 7 if not given.
    #[param(required = false, minimum = 1, maximum = 90)]
    pub(super) days: Option<u32>,
}

/// How conversations went.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(in super::super) struct InsightsView {
    /// The first instant that is counted.
    #[schema(format = DateTime)]
    from: String,
    /// The first instant that is not.
    #[schema(format = DateTime)]
    until: String,
    /// Conversations with a turn in these days.
    conversations: u64,
    /// Of these, how many a person was called to.
    handed_off: u64,
    /// The share of conversations that no person was called to, 0 to 1; null without conversations.
    containment: Option<f64>,
    /// Turns: a message and its reply each.
    turns: u64,
    /// Turns by 24 hours, in order; every one of them, also without turns.
    by_day: Vec<DayView>,
    /// Turns by how they ended, each ending that occurred, most frequent first.
    dispositions: Vec<CountView>,
    /// Turns by what they were understood to be about, most frequent first.
    intents: Vec<IntentView>,
    /// Turns by the guardrails' verdict: `passed`, or what stopped them; most frequent first.
    verdicts: Vec<CountView>,
    /// Questions without an answer, put together where they ask for much the same; largest groups first.
    unanswered: Vec<QuestionGroup>,
    /// How long turns took, in milliseconds: half of them, 95 and 99 of 100 at most, and the longest.
    latency_ms: LatencyView,
    /// What language models took part in.
    model: ModelView,
}

/// 24 hours.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(in super::super) struct DayView {
    /// Their beginning.
    #[schema(format = DateTime)]
    from: String,
    /// Turns.
    turns: u64,
    /// Of these, how many were answered by nobody.
    unanswered: u64,
}

/// How many turns have a name in common.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct CountView {
    /// The name.
    name: String,
    /// How many turns.
    turns: u64,
}

/// An intent.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct IntentView {
    /// Its name; null where nothing was understood.
    intent: Option<String>,
    /// How many turns.
    turns: u64,
    /// Of these, how many got no answer.
    unanswered: u64,
    /// Of these, how many the bank's rules refused.
    declined: u64,
    /// Of these, how many called a person.
    handed_off: u64,
}

/// Questions that ask for much the same.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct QuestionGroup {
    /// The latest of them, personal data masked.
    example: String,
    /// How many, of the latest 500 without an answer.
    turns: u64,
    /// Some of the turns, the latest first, at most 10.
    turn_ids: Vec<String>,
}

/// How long turns took, in milliseconds.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(in super::super) struct LatencyView {
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
}

/// What language models took part in.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(in super::super) struct ModelView {
    /// Turns that a model understood.
    turns_understood: u64,
    /// Tokens of prompts and answers.
    tokens: u64,
    /// Their price in dollars, by the configured prices.
    cost_dollars: f64,
}

/// How conversations went
///
/// For colleagues. Summed over the turns' own records; turns of a program before this endpoint are not counted.
#[utoipa::path(
    get, path = "/api/v1/desk/insights", operation_id = "readInsights", tag = "desk",
    params(PeriodQuery),
    responses(
        (status = 200, description = "The figures", body = InsightsView),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "`days` is out of range", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(in super::super) async fn insights(
    State((edge, service)): State<Shared>,
    query: Result<Query<PeriodQuery>, QueryRejection>,
) -> Result<Json<InsightsView>, Problem> {
    let Query(query) = query.map_err(|_| Problem::bad_request("the query cannot be read"))?;
    let period = period(edge.instant(), query.days)?;
    let open = TurnFilter {
        disposition: Some(Disposition::Unanswered),
        ..TurnFilter::default()
    };
    let store = &service.store;
    let read = async {
        Ok(Read {
            figures: store.turn_figures(period).await?,
            times: store.turn_times(period).await?,
            conversations: store.conversation_figures(period).await?,
            questions: store.measured_turns(period, &open, QUESTIONS).await?,
        })
    };
    let read = read.await.map_err(|error| store_problem(&error))?;
    Ok(Json(view(period, &read)))
}

/// The last so many times 24 hours, this instant included.
pub(super) fn period(now: Timestamp, days: Option<u32>) -> Result<InsightPeriod, Problem> {
    let days = days.unwrap_or(DAYS);
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Problem::invalid(format!("`days` is from 1 to {DAYS_MAX}")));
    }
    let length = SignedDuration::from_hours(24 * i64::from(days));
    let until = now.checked_add(SignedDuration::from_micros(1));
    let until = until.map_err(|_| Problem::internal())?;
    let from = until.checked_sub(length).map_err(|_| Problem::internal())?;
    Ok(InsightPeriod { from, until })
}

/// What the store gives.
struct Read {
    figures: Vec<TurnFigure>,
    times: TurnTimes,
    conversations: ConversationFigures,
    questions: Vec<MeasuredTurn>,
}

fn view(period: InsightPeriod, read: &Read) -> InsightsView {
    let figures = &read.figures;
    let sum = |of: fn(&TurnFigure) -> u64| figures.iter().map(of).fold(0, u64::saturating_add);
    let ConversationFigures {
        conversations,
        handed_off,
    } = read.conversations;
    let models = figures.iter().filter(|figure| figure.by_model);
    InsightsView {
        from: period.from.to_string(),
        until: period.until.to_string(),
        conversations,
        handed_off,
        containment: (conversations > 0).then(|| 1.0 - share(handed_off, conversations)),
        turns: sum(|figure| figure.turns),
        by_day: days(period, figures),
        dispositions: counts(figures, |figure| figure.disposition.as_str()),
        intents: intents(figures),
        verdicts: counts(figures, |figure| &figure.verdict),
        unanswered: unanswered(&read.questions),
        latency_ms: LatencyView {
            p50: milliseconds(read.times.p50),
            p95: milliseconds(read.times.p95),
            p99: milliseconds(read.times.p99),
            max: milliseconds(read.times.max),
        },
        model: ModelView {
            turns_understood: models.map(|figure| figure.turns).sum(),
            tokens: sum(|figure| figure.model_tokens),
            cost_dollars: dollars(sum(|figure| figure.model_cost_micro_dollars)),
        },
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "counts of conversations stay far below 2^53"
)]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn days(period: InsightPeriod, figures: &[TurnFigure]) -> Vec<DayView> {
    let day = SignedDuration::from_hours(24);
    let beginnings = std::iter::successors(Some(period.from), |from| from.checked_add(day).ok());
    beginnings
        .take_while(|from| *from < period.until)
        .zip(0_u32..)
        .map(|(from, number)| {
            let of_day = || figures.iter().filter(move |figure| figure.day == number);
            let open = of_day().filter(|it| it.disposition == Disposition::Unanswered);
            DayView {
                from: from.to_string(),
                turns: of_day().map(|figure| figure.turns).sum(),
                unanswered: open.map(|figure| figure.turns).sum(),
            }
        })
        .collect()
}

fn counts<'a>(
    figures: &'a [TurnFigure],
    name: impl Fn(&'a TurnFigure) -> &'a str,
) -> Vec<CountView> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for figure in figures {
        *sums.entry(name(figure)).or_default() += figure.turns;
    }
    let sums = sums.into_iter().map(|(name, turns)| CountView {
        name: name.to_owned(),
        turns,
    });
    let mut sums: Vec<_> = sums.collect();
    sums.sort_by_key(|count| std::cmp::Reverse(count.turns));
    sums
}

fn intents(figures: &[TurnFigure]) -> Vec<IntentView> {
    let mut sums: BTreeMap<Option<&str>, IntentView> = BTreeMap::new();
    for figure in figures {
        let intent = figure.intent.as_deref();
        let sum = sums.entry(intent).or_insert_with(|| IntentView {
            intent: intent.map(str::to_owned),
            ..IntentView::default()
        });
        sum.turns += figure.turns;
        match figure.disposition {
            Disposition::Unanswered => sum.unanswered += figure.turns,
            Disposition::Declined => sum.declined += figure.turns,
            Disposition::HandedOff => sum.handed_off += figure.turns,
            _ => {}
        }
    }
    let mut sums: Vec<_> = sums.into_values().collect();
    sums.sort_by_key(|sum| std::cmp::Reverse(sum.turns));
    sums
}

fn unanswered(questions: &[MeasuredTurn]) -> Vec<QuestionGroup> {
    let groups = group(questions.iter().map(|turn| turn.message_masked.as_str()));
    let told = groups.into_iter().take(GROUPS).map(|group| {
        let turns = || {
            group
                .members
                .iter()
                .filter_map(|place| questions.get(*place))
        };
        QuestionGroup {
            example: turns()
                .next()
                .map(|turn| turn.message_masked.clone())
                .unwrap_or_default(),
            turns: u64::try_from(group.members.len()).unwrap_or(u64::MAX),
            turn_ids: turns()
                .take(NAMED)
                .map(|turn| turn.id.as_str().to_owned())
                .collect(),
        }
    });
    told.collect()
}

#[cfg(test)]
mod tests;
