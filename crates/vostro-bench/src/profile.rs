//! How much load there is when: users over time, and from them the moments at which requests are due.
//!
//! A user sends a request every `think` on average, whatever the answers do, so `users / think` requests are
//! due each second. Arrivals are a Poisson process of that rate, or evenly spaced. Pure: the caller brings
//! the randomness.

use std::time::Duration;

use rand::Rng;
use serde::{Deserialize, Serialize};

/// A stretch of time in which the number of users is the same, or grows or shrinks evenly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// What it is called in the report.
    pub name: String,
    /// Users at its beginning.
    pub from_users: f64,
    /// Users at its end.
    pub to_users: f64,
    /// How long it lasts, in seconds.
    pub seconds: f64,
}

impl Phase {
    /// The same number of users from beginning to end.
    pub fn steady(name: impl Into<String>, users: f64, lasts: Duration) -> Self {
        Self::ramp(name, users, users, lasts)
    }

    /// From one number of users to another.
    pub fn ramp(name: impl Into<String>, from: f64, to: f64, lasts: Duration) -> Self {
        Self {
            name: name.into(),
            from_users: from,
            to_users: to,
            seconds: lasts.as_secs_f64(),
        }
    }
}

/// How requests are spread over a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Arrivals {
    /// Independently of each other, as customers come.
    #[default]
    Poisson,
    /// At even distances.
    Even,
}

/// The moments at which requests are due, in seconds from the beginning, each with its phase's place.
pub(crate) struct Schedule<'a, R> {
    phases: &'a [Phase],
    think_seconds: f64,
    arrivals: Arrivals,
    rng: R,
    place: usize,
    /// Since the phase began.
    within: f64,
    /// The sum of the phases before.
    before: f64,
}

impl<'a, R: Rng> Schedule<'a, R> {
    /// For these phases, each user sending a request every `think`.
    pub(crate) fn new(phases: &'a [Phase], think: Duration, arrivals: Arrivals, rng: R) -> Self {
        Self {
            phases,
            think_seconds: think.as_secs_f64().max(1e-6),
            arrivals,
            rng,
            place: 0,
            within: 0.0,
            before: 0.0,
        }
    }
}

impl<R: Rng> Iterator for Schedule<'_, R> {
    type Item = (usize, f64);

    fn next(&mut self) -> Option<Self::Item> {
        // The expected number of requests until the next one.
        let mut gap = match self.arrivals {
            Arrivals::Even => 1.0,
            Arrivals::Poisson => -(1.0 - self.rng.random::<f64>()).ln(),
        };
        loop {
            let phase = self.phases.get(self.place)?;
            let rate = |users: f64| users.max(0.0) / self.think_seconds;
            let slope = (rate(phase.to_users) - rate(phase.from_users)) / phase.seconds.max(1e-9);
            let now = rate(phase.from_users) + slope * self.within;
            let left = phase.seconds - self.within;
            let expected = left * (now + slope * left / 2.0);
            if expected >= gap {
                self.within += until(gap, now, slope);
                return Some((self.place, self.before + self.within));
            }
            gap -= expected.max(0.0);
            self.before += phase.seconds;
            self.within = 0.0;
            self.place += 1;
        }
    }
}

/// After how long `gap` requests are expected, where the rate is `now` and grows by `slope` a second.
fn until(gap: f64, now: f64, slope: f64) -> f64 {
    if slope.abs() < 1e-9 {
        return gap / now;
    }
    let root = (now * now + 2.0 * slope * gap).max(0.0).sqrt();
    // The form that does not lose digits where the two nearly cancel.
    2.0 * gap / (now + root)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn moments(phases: &[Phase], arrivals: Arrivals) -> Vec<(usize, f64)> {
        let rng = ChaCha8Rng::seed_from_u64(7);
        Schedule::new(phases, Duration::from_millis(800), arrivals, rng).collect()
    }

    #[test]
    fn a_user_sends_one_request_every_think_time() {
        let minute = Duration::from_mins(1);
        let phases = [
            Phase::steady("calm", 10.0, minute),
            Phase::ramp("ramp", 10.0, 100.0, minute),
            Phase::steady("none", 0.0, minute),
            Phase::steady("calm again", 10.0, minute),
        ];
        // users × 60 s / 0.8 s; on the ramp 55 users on average
        for (arrivals, tolerance) in [(Arrivals::Even, 2.0), (Arrivals::Poisson, 200.0)] {
            let due = moments(&phases, arrivals);
            for (place, expected) in [(0, 750.0), (1, 4_125.0), (2, 0.0), (3, 750.0)] {
                let count = due.iter().filter(|(phase, _)| *phase == place).count();
                #[expect(clippy::cast_precision_loss, reason = "small counts")]
                let off = (count as f64 - expected).abs();
                assert!(
                    off <= tolerance,
                    "{arrivals:?} {place}: {count}, not {expected}"
                );
            }
            assert!(due.is_sorted_by(|a, b| a.1 <= b.1), "in order of time");
            assert!(due.iter().all(|(_, at)| (0.0..=240.0).contains(at)));
        }
    }

    #[test]
    fn even_arrivals_are_evenly_spaced_and_a_ramp_gets_closer() {
        let second = Duration::from_secs(4);
        let due = moments(&[Phase::steady("calm", 8.0, second)], Arrivals::Even);
        assert!(
            due.windows(2)
                .all(|pair| (pair[1].1 - pair[0].1 - 0.1).abs() < 1e-9)
        );
        let due = moments(&[Phase::ramp("up", 0.0, 80.0, second)], Arrivals::Even);
        let gaps: Vec<f64> = due.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
        assert!(gaps.is_sorted_by(|a, b| a >= b), "{gaps:?}");
    }
}
