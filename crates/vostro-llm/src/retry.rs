//! Whether to ask again, whom, and after how long: a pure decision from what went wrong.
//!
//! Together.AI tells two refusals apart (its page on rate limits): 429 is this account going above its
//! own rate, which rises with steady traffic and falls with bursts, so the wait is long and grows, or another
//! model is asked, whose rate is its own; 503 is the platform's capacity and no fault of the caller, so a
//! short wait will often do.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use vostro_dialogue::model::{Bound, ModelError, Wait};

/// The first wait after a 429; doubled each time.
const RATE_WAIT: Duration = Duration::from_secs(1);
/// The first wait after a failure of the server's own; doubled each time.
const CAPACITY_WAIT: Duration = Duration::from_millis(200);
/// The wait after a connection that failed or broke.
const CONNECTION_WAIT: Duration = Duration::from_millis(50);
/// Less time than this is not enough for an answer.
const WORTHWHILE: Duration = Duration::from_millis(250);
/// A server that asks for more is not waited for anyway.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// A try that went wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure {
    pub error: ModelError,
    /// The wait that the server asks for.
    pub asked_wait: Option<Duration>,
    /// The server cannot hold an answer to a schema: ask it more loosely, at once.
    pub loosen: bool,
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self {
            error,
            asked_wait: None,
            loosen: false,
        }
    }
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Ask the same model again after a wait.
    Again(Duration),
    /// Ask the next model of the chain now.
    Another,
    /// Nothing more is worth trying.
    GiveUp,
}

/// What is known when it is decided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// How often this model was asked for this answer, the failed try included.
    pub tries: u32,
    /// Whether another model could be asked.
    pub another: bool,
    /// Time to the deadline.
    pub left: Duration,
    /// A random number, for the spread of waits.
    pub jitter: u32,
}

/// Decides.
pub(crate) fn next(failure: &Failure, standing: Standing) -> Next {
    let Standing {
        tries,
        another,
        left,
        jitter,
    } = standing;
    let elsewhere = if another && left > WORTHWHILE {
        Next::Another
    } else {
        Next::GiveUp
    };
    let again = |first: Duration| {
        let wait = spread(first, tries, jitter).max(failure.asked_wait.unwrap_or_default());
        let fits = wait
            .checked_add(WORTHWHILE)
            .is_some_and(|needed| needed < left);
        if fits { Next::Again(wait) } else { elsewhere }
    };
    if failure.loosen {
        return Next::Again(Duration::ZERO);
    }
    match failure.error {
        ModelError::RateLimited if another => elsewhere,
        ModelError::RateLimited => again(RATE_WAIT),
        ModelError::Overloaded | ModelError::Failed(_) if tries >= 2 && another => elsewhere,
        ModelError::Overloaded | ModelError::Failed(_) | ModelError::Refused(408 | 425) => {
            again(CAPACITY_WAIT)
        }
        // Another model is behind the same address.
        ModelError::Unreachable | ModelError::TimedOut(Wait::Connection) => {
            if tries >= 2 {
                Next::GiveUp
            } else {
                again(CONNECTION_WAIT)
            }
        }
        ModelError::Cut | ModelError::Malformed(_) if tries < 2 => again(CONNECTION_WAIT),
        ModelError::TooLarge(Bound::Prompt) => Next::GiveUp,
        // A model that is gone, slow or talks nonsense: another may not.
        ModelError::Refused(404)
        | ModelError::TimedOut(Wait::FirstToken | Wait::NextToken)
        | ModelError::Cut
        | ModelError::Malformed(_)
        | ModelError::TooLarge(_) => elsewhere,
        _ => Next::GiveUp,
    }
}

/// A wait that doubles with each try, of which half is left to chance.
fn spread(first: Duration, tries: u32, jitter: u32) -> Duration {
    let full = first.saturating_mul(1 << tries.saturating_sub(1).min(5));
    let half = full / 2;
    half + half.mul_f64(f64::from(jitter) / f64::from(u32::MAX))
}

/// What a status means when it is not an answer.
pub(crate) const fn error_of_status(status: u16) -> ModelError {
    match status {
        429 => ModelError::RateLimited,
        503 => ModelError::Overloaded,
        400..=499 => ModelError::Refused(status),
        500..=599 => ModelError::Failed(status),
        300..=399 => ModelError::Malformed("it sends us elsewhere"),
        _ => ModelError::Malformed("its status is not that of an answer"),
    }
}

/// The wait that a reply asks for: `Retry-After` in seconds or as an HTTP date (RFC 9110 10.2.3), or
/// `x-ratelimit-reset` in seconds, which is Together's.
pub(crate) fn asked_wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let named =
        text(RETRY_AFTER.as_str()).and_then(|text| seconds(text).or_else(|| until(text, now)));
    named.or_else(|| text("x-ratelimit-reset").and_then(seconds))
}

fn seconds(text: &str) -> Option<Duration> {
    let number: f64 = text.trim().parse().ok()?;
    (number >= 0.0 && number.is_finite())
        .then(|| Duration::from_secs_f64(number.min(LONGEST_WAIT.as_secs_f64())))
}

fn until(text: &str, now: Timestamp) -> Option<Duration> {
    let at = rfc2822::parse(text.trim()).ok()?.timestamp();
    let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn what_is_tried_again_and_where() {
        use ModelError as E;
        use Next::{Again, Another, GiveUp};
        // (error, wait asked for, tries, another model, time left) with the smallest jitter
        let cases = [
            (E::RateLimited, None, 1, true, 9_000, Another),
            (E::RateLimited, None, 1, false, 9_000, Again(ms(500))),
            (E::RateLimited, None, 2, false, 9_000, Again(ms(1_000))),
            (
                E::RateLimited,
                Some(2_000),
                1,
                false,
                9_000,
                Again(ms(2_000)),
            ),
            (E::RateLimited, Some(8_900), 1, false, 9_000, GiveUp),
            (E::RateLimited, None, 1, true, 200, GiveUp),
            (E::Overloaded, None, 1, true, 9_000, Again(ms(100))),
            (E::Overloaded, Some(1_000), 1, true, 9_000, Again(ms(1_000))),
            (E::Overloaded, Some(30_000), 1, true, 9_000, Another),
            (E::Overloaded, None, 2, true, 9_000, Another),
            (E::Overloaded, None, 2, false, 9_000, Again(ms(200))),
            (E::Failed(502), None, 1, false, 9_000, Again(ms(100))),
            (E::Refused(408), None, 1, false, 9_000, Again(ms(100))),
            (E::Unreachable, None, 1, true, 9_000, Again(ms(25))),
            (E::Unreachable, None, 2, true, 9_000, GiveUp),
            (E::Cut, None, 1, false, 9_000, Again(ms(25))),
            (E::Cut, None, 2, true, 9_000, Another),
            (E::Malformed("x"), None, 2, false, 9_000, GiveUp),
            (E::TimedOut(Wait::FirstToken), None, 1, true, 9_000, Another),
            (E::TimedOut(Wait::FirstToken), None, 1, false, 9_000, GiveUp),
            (E::TimedOut(Wait::Answer), None, 1, true, 9_000, GiveUp),
            (E::Refused(404), None, 1, true, 9_000, Another),
            (E::Refused(400), None, 1, true, 9_000, GiveUp),
            (E::Refused(401), None, 1, true, 9_000, GiveUp),
            (E::Refused(402), None, 1, true, 9_000, GiveUp),
            (E::TooLarge(Bound::Prompt), None, 1, true, 9_000, GiveUp),
            (E::TooLarge(Bound::Line), None, 1, true, 9_000, Another),
        ];
        for (error, asked, tries, another, left, expected) in cases {
            let failure = Failure {
                asked_wait: asked.map(ms),
                ..error.into()
            };
            let standing = Standing {
                tries,
                another,
                left: ms(left),
                jitter: 0,
            };
            assert_eq!(next(&failure, standing), expected, "{error:?} {standing:?}");
        }
        assert_eq!(spread(ms(200), 1, u32::MAX), ms(200), "the largest jitter");
        assert_eq!(spread(ms(200), u32::MAX, 0), ms(3_200), "no overflow");
    }

    #[test]
    fn waits_are_read_in_every_form() {
        let now: Timestamp = "2026-11-22T20:00:00Z".parse().unwrap();
        let cases = [
            ("retry-after", "3", Some(3_000)),
            ("retry-after", " 0.25 ", Some(250)),
            ("retry-after", "Sun, 22 Nov 2026 20:00:07 GMT", Some(7_000)),
            ("retry-after", "Sun, 22 Nov 2026 19:00:00 GMT", Some(0)),
            ("retry-after", "99999999999999999999", Some(3_600_000)),
            (
                "retry-after",
                "Sun, 22 Nov 2099 20:00:00 GMT",
                Some(3_600_000),
            ),
            ("retry-after", "-1", None),
            ("retry-after", "NaN", None),
            ("retry-after", "inf", None),
            ("retry-after", "soon", None),
            ("x-ratelimit-reset", "2", Some(2_000)),
            ("x-other", "2", None),
        ];
        for (name, value, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(
                asked_wait(&headers, now),
                expected.map(ms),
                "{name}: {value}"
            );
        }
    }
}
