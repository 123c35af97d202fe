//! What is said while a load test runs: a bar on a terminal, else a line now and then.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use vostro_bench::Progress;

/// Between two lines where there is no terminal.
const PERIOD: Duration = Duration::from_secs(10);

/// Tells how it goes, on standard error.
pub(super) struct Teller {
    bar: Option<ProgressBar>,
    last: Mutex<Option<Instant>>,
}

impl Teller {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(1);
            let style = ProgressStyle::with_template("{prefix} {bar:30} {msg}");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            last: Mutex::new(None),
        }
    }

    pub(super) fn tell(&self, progress: &Progress) {
        let Progress {
            doing,
            elapsed,
            expected,
            done,
            bad,
        } = progress;
        let text = if *done == 0 {
            String::new()
        } else {
            format!(
                "{elapsed:.0} of {expected:.0} s, {done} requests, {bad} of the last 10,000 not right"
            )
        };
        match &self.bar {
            Some(bar) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "tenths of seconds"
                )]
                let tenths = |seconds: f64| (seconds.max(0.0) * 10.0) as u64;
                bar.set_length(tenths(expected.max(*elapsed)).max(1));
                bar.set_position(tenths(*elapsed));
                bar.set_prefix(doing.clone());
                bar.set_message(text);
            }
            None if self.is_time() => anstream::eprintln!("{doing}: {text}"),
            None => {}
        }
    }

    /// Something that is said in any case.
    pub(super) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => anstream::eprintln!("{text}"),
        }
    }

    pub(super) fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn is_time(&self) -> bool {
        let Ok(mut last) = self.last.lock() else {
            return false;
        };
        let is_time = last.is_none_or(|last| last.elapsed() >= PERIOD);
        if is_time {
            *last = Some(Instant::now());
        }
        is_time
    }
}
