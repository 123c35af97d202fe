//! How the process fails: one clear line, a hint where there is one, a documented exit code.

use std::fmt;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};

use crate::config::ConfigError;

/// Exit code: the work could not be done, or `doctor` found a fault.
pub(crate) const FAILED: u8 = 1;
/// Exit code: wrong usage, or a configuration that cannot be used.
pub(crate) const USAGE: u8 = 2;

/// A failure with what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: String,
    code: u8,
}

impl Failure {
    /// The work could not be done.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            code: FAILED,
        }
    }

    /// The command line or the configuration asks for something that cannot be.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code: USAGE,
            ..Self::new(message, hint)
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Tells the user on standard error, and gives the exit code. A reader of our output that went away
/// (`vostro guard … | head`) is no failure worth a word.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let broken_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(broken_pipe) {
        return ExitCode::from(FAILED);
    }
    let (red, bold) = (
        Style::new().fg_color(Some(AnsiColor::Red.into())).bold(),
        Style::new().bold(),
    );
    if let Some(problems) = error.downcast_ref::<ConfigError>() {
        for line in problems.to_string().lines() {
            anstream::eprintln!("{red}error{red:#}: {line}");
        }
        anstream::eprintln!(
            "{bold}hint{bold:#}: docs/reference/configuration.md lists every setting"
        );
        return ExitCode::from(USAGE);
    }
    let mut line = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // Some errors already tell their cause; saying it twice helps nobody.
        if line.is_empty() {
            line = text;
        } else if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
    }
    anstream::eprintln!("{red}error{red:#}: {}", line.replace('\n', " "));
    match error.downcast_ref::<Failure>() {
        Some(failure) => {
            if !failure.hint.is_empty() {
                anstream::eprintln!("{bold}hint{bold:#}: {}", failure.hint);
            }
            ExitCode::from(failure.code)
        }
        None => ExitCode::from(FAILED),
    }
}
