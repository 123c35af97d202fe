//! A process that uses a store and is killed at some point: what it says, and what it acknowledged.
//!
//! It is the program `vostro-fault-victim` of this package. It says everything on its standard output, a
//! line each: `READY`, `PROPOSED <proposal as JSON>`, `ACK <confirmation> <transfer> .`, `FAILPOINT <where>`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use vostro_ledger::Proposal;

/// A transfer that the process was told is posted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Acknowledged {
    /// The confirmation.
    pub confirmation: String,
    /// The transfer.
    pub transfer: String,
}

impl Acknowledged {
    /// Reads a line; `None` when it says something else, or was cut short by the process's end.
    pub fn read(line: &str) -> Option<Self> {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["ACK", confirmation, transfer, "."] => Some(Self {
                confirmation: confirmation.to_owned(),
                transfer: transfer.to_owned(),
            }),
            _ => None,
        }
    }
}

/// A running victim, killed when it is dropped.
#[derive(Debug)]
pub struct Victim {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<BufReader<ChildStdout>>,
}

impl Victim {
    /// Starts a command line. What the process says on standard error is not kept.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the victim starts");
        Self {
            input: child.stdin.take(),
            output: child.stdout.take().map(BufReader::new),
            child,
        }
    }

    /// The next line; `None` at the end.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.output.as_mut()?.read_line(&mut line).unwrap();
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// The proposal that it puts on record.
    ///
    /// # Panics
    /// When it ends before.
    pub fn proposed(&mut self) -> Proposal {
        loop {
            let line = self.line().expect("the victim proposes");
            if let Some(proposal) = line.strip_prefix("PROPOSED ") {
                return serde_json::from_str(proposal).unwrap();
            }
        }
    }

    /// Lets it go on to its confirmation.
    pub fn go_on(&mut self) {
        if let Some(input) = &mut self.input {
            // It may be gone already.
            let _ = input.write_all(b"go on\n");
        }
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// Listens no more and waits for its end, which a victim under load comes to by itself then.
    pub fn hung_up(mut self) {
        self.input.take();
        self.output.take();
        self.child.wait().unwrap();
    }

    /// Everything that it still says, until it has ended.
    pub fn rest(mut self) -> Vec<String> {
        let lines = std::iter::from_fn(|| self.line()).collect();
        self.child.wait().unwrap();
        lines
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
