//! Programs of others: git, cargo, and the scanners that may be installed.
//!
//! A port, so that tests play each tool's answer. A repository's own configuration can make git run programs; those
//! settings are overruled here.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a program said.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Whether it ended with 0.
    pub success: bool,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error, for a reason to tell.
    pub stderr: Vec<u8>,
}

impl Answer {
    /// The last line of standard error, to say why something was not run.
    pub(crate) fn last_word(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let line = text.lines().rev().find(|line| !line.trim().is_empty());
        crate::finding::printable(line.unwrap_or("it said nothing").trim())
    }
}

/// Why a program gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is not installed.
    #[error("{0} is not installed")]
    Missing(String),
    /// It could not be started or read.
    #[error("{0} could not be run")]
    Failed(String, #[source] std::io::Error),
    /// It took too long and was stopped.
    #[error("{0} did not end in time")]
    TimedOut(String),
}

/// Runs other programs.
pub trait Tools {
    /// Runs a program in a folder, without standard input.
    fn run(&self, folder: &Path, program: &str, arguments: &[&str]) -> Result<Answer, ToolError>;

    /// Runs a program and hands out its standard output line by line, without keeping it. Tells whether it ended
    /// with 0.
    fn lines(
        &self,
        folder: &Path,
        program: &str,
        arguments: &[&str],
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, ToolError> {
        let answer = self.run(folder, program, arguments)?;
        answer.stdout.split(|byte| *byte == b'\n').for_each(each);
        Ok(answer.success)
    }

    /// Runs git, with what a repository could make it run switched off.
    fn git(&self, folder: &Path, arguments: &[&str]) -> Result<Answer, ToolError> {
        self.run(folder, "git", &[&QUIET_GIT, arguments].concat())
    }

    /// The same, line by line.
    fn git_lines(
        &self,
        folder: &Path,
        arguments: &[&str],
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, ToolError> {
        self.lines(folder, "git", &[&QUIET_GIT, arguments].concat(), each)
    }
}

const QUIET_GIT: [&str; 10] = [
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.pager=cat",
    "-c",
    "log.showSignature=false",
    "-c",
    "core.quotePath=false",
];

/// The programs of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Installed {
    /// How long each may take.
    pub timeout: Duration,
}

impl Tools for Installed {
    fn run(&self, folder: &Path, program: &str, arguments: &[&str]) -> Result<Answer, ToolError> {
        let failed = |error| ToolError::Failed(program.to_owned(), error);
        let mut child = start(folder, program, arguments)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (stdout, stderr) = (reader(stdout), reader(stderr));
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            if began.elapsed() > self.timeout {
                let _ = child.kill();
                let _ = child.wait();
                return Err(ToolError::TimedOut(program.to_owned()));
            }
            thread::sleep(Duration::from_millis(5));
        };
        Ok(Answer {
            success: status.success(),
            stdout: stdout.join().unwrap_or_default(),
            stderr: stderr.join().unwrap_or_default(),
        })
    }

    fn lines(
        &self,
        folder: &Path,
        program: &str,
        arguments: &[&str],
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, ToolError> {
        let failed = |error| ToolError::Failed(program.to_owned(), error);
        let mut child = start(folder, program, arguments)?;
        let errors = reader(child.stderr.take());
        let began = Instant::now();
        let mut late = false;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                each(&line.map_err(failed)?);
                late = began.elapsed() > self.timeout;
                if late {
                    let _ = child.kill();
                    break;
                }
            }
        }
        let status = child.wait().map_err(failed)?;
        let _ = errors.join();
        if late {
            return Err(ToolError::TimedOut(program.to_owned()));
        }
        Ok(status.success())
    }
}

fn start(folder: &Path, program: &str, arguments: &[&str]) -> Result<Child, ToolError> {
    let started = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    started.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ToolError::Missing(program.to_owned()),
        _ => ToolError::Failed(program.to_owned(), error),
    })
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is still worth something.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_slow_and_failing_programs_are_told_apart() {
        let tools = Installed {
            timeout: Duration::from_millis(200),
        };
        let here = Path::new(".");
        let missing = tools.run(here, "no-such-program-anywhere", &[]);
        assert!(matches!(missing, Err(ToolError::Missing(_))), "{missing:?}");
        let slow = tools.run(here, "sleep", &["30"]);
        assert!(matches!(slow, Err(ToolError::TimedOut(_))), "{slow:?}");
        let failing = tools
            .run(here, "sh", &["-c", "echo why >&2; exit 3"])
            .unwrap();
        assert!(!failing.success);
        assert_eq!(failing.last_word(), "why");
    }
}
