//! How long a check takes: the median of ordinary texts, and how the cost of hostile ones grows.

use super::hostile::{HOSTILE, SIZES};
use super::{Report, bank};
use crate::{CheckRequest, Direction, Engine};
use std::time::Duration;

/// How often the shorter one is read for each time that the longer one is: both are then as long at work, and neither
/// is likelier to be disturbed.
const TIMES: u32 = 4;
/// A block that no check needs, in bytes.
const LARGE: usize = 16 << 20;
/// After so many rounds in which neither length was faster than before, its least time is known.
const SETTLED: usize = 20;
/// What is measured of a pair of texts is measured by then.
const MOST: Duration = Duration::from_secs(1);

type Clock<'a> = &'a dyn Fn() -> Duration;

pub(super) fn measure(engine: &Engine, clock: Clock<'_>, report: &mut Report) {
    let short = "What is the fee for a transfer to my savings account abroad?";
    let long = bank::letter(1800);
    for (what, text, rounds, bar) in [
        ("latency p50 short, µs", short, 2000, "≤ 20"),
        ("latency p50 long, µs", &long, 500, "≤ 150"),
    ] {
        let mut times: Vec<Duration> = (0..rounds).map(|_| time(engine, clock, text, 1)).collect();
        times.sort_unstable();
        report.add(
            what,
            times.get(rounds / 2).copied().map(micros),
            bar,
            format!("{} characters", text.len()),
        );
    }
    hostile(engine, clock, report);
}

/// By how much a text four times as long costs more, at most. A large block is asked for and given back first: after
/// that the allocator keeps what is freed, as it does in a server that has run for a while, and the longer text does
/// not pay for new pages each time.
fn hostile(engine: &Engine, clock: Clock<'_>, report: &mut Report) {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE)));
    let costs = HOSTILE.map(|seed| {
        let [small, large] = SIZES.map(|n| seed.chars().cycle().take(n).collect::<String>());
        let [small, large] = least(engine, clock, [&small, &large]).map(micros);
        (large / small, large, seed)
    });
    let costs: Vec<_> = costs.into_iter().filter(|c| c.0.is_finite()).collect();
    let steepest = costs.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let slowest = costs.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let note = match (steepest, slowest) {
        (Some(steepest), Some(slowest)) => format!(
            "{} kinds of text, the least of many runs; grows most: {:?}; slowest 16 KB {:.0} µs ({:?})",
            costs.len(),
            steepest.2,
            slowest.1,
            slowest.2
        ),
        _ => String::new(),
    };
    let growth = steepest.map(|s| s.0);
    report.add("hostile 4→16 KB, growth", growth, "≤ 5", note);
}

/// The least time that a text takes, and one `TIMES` as long. Neighbours on a machine only ever add to a time, so the least
/// of many is the text's own; the two take turns, so that a slow spell meets both; and each was read once before.
fn least(engine: &Engine, clock: Clock<'_>, [small, large]: [&str; 2]) -> [Duration; 2] {
    let turn = || {
        [
            time(engine, clock, small, TIMES) / TIMES,
            time(engine, clock, large, 1),
        ]
    };
    if turn() == [Duration::ZERO; 2] {
        // The clock stands still.
        return [Duration::ZERO; 2];
    }
    let mut least = [Duration::MAX; 2];
    let (mut settled, mut spent) = (0, Duration::ZERO);
    while settled < SETTLED && spent < MOST {
        settled += 1;
        for (least, now) in least.iter_mut().zip(turn()) {
            spent += now;
            if now < *least {
                *least = now;
                settled = 0;
            }
        }
    }
    least
}

/// How long so many checks take.
fn time(engine: &Engine, clock: Clock<'_>, text: &str, checks: u32) -> Duration {
    let start = clock();
    for _ in 0..checks {
        std::hint::black_box(engine.check(text, &CheckRequest::all(Direction::Input)));
    }
    clock().saturating_sub(start)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn the_least_is_taken_when_a_neighbour_slows_most_runs() {
        let (now, calls) = (Cell::new(0u64), Cell::new(0u64));
        let clock = || {
            // Every second look at the clock ends a run: four of the small text take 40, one of the large 44, and
            // most of them more.
            let call = calls.get();
            calls.set(call + 1);
            if call % 2 == 1 {
                let own = if call % 4 == 1 { 40 } else { 44 };
                let noise = if call % 28 < 24 {
                    7 * (call % 13 + 1)
                } else {
                    0
                };
                now.set(now.get() + own + noise);
            }
            Duration::from_micros(now.get())
        };
        let found = least(&Engine::builtin(), &clock, ["a", "b"]);
        assert_eq!(found, [10, 44].map(Duration::from_micros));
    }
}
