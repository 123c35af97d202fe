//! Fail points: the process ends at a chosen step of the `SQLite` writer, as a crash there would end it.
//!
//! A step is the beginning and the end of every statement of the writing connection, `BEGIN` and `COMMIT`
//! included, and the moment between the commit and the answers. Statements announce themselves, so a
//! command that writes one more row has one more step without anybody naming it here. Nothing happens
//! until [`arm`] is called. The `PostgreSQL` driver has no fail points: there a command is one statement,
//! and tests break it off from outside.

use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

/// Steps until the end of the process; 0: not armed.
static LEFT: AtomicU32 = AtomicU32::new(0);

/// Ends the process at the `steps`-th step from now (1 is the next one), saying on standard output
/// `FAILPOINT <where>`. 0 disarms.
pub fn arm(steps: u32) {
    LEFT.store(steps, Ordering::SeqCst);
}

/// Has every statement of this connection announce its steps.
pub(crate) fn watch(connection: &mut Connection) -> rusqlite::Result<()> {
    let codes = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
    connection.trace_v2(codes, Some(traced as fn(TraceEvent<'_>)))
}

fn traced(event: TraceEvent<'_>) {
    match event {
        TraceEvent::Stmt(_, sql) => step(&format!("before {}", first_words(sql))),
        TraceEvent::Profile(statement, _) => {
            step(&format!("after {}", first_words(&statement.sql())));
        }
        _ => {}
    }
}

/// A step: counts, and ends the process when it is the one.
pub(crate) fn step(place: &str) {
    let counted = LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
        (left > 0).then(|| left - 1)
    });
    if counted == Ok(1) {
        let mut output = std::io::stdout();
        // Whoever listens may have gone away; the process ends all the same.
        let _ = writeln!(output, "FAILPOINT {place}");
        let _ = output.flush();
        std::process::abort();
    }
}

/// What a statement does and to what: its first words, on one line.
fn first_words(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().take(3).collect();
    words.join(" ")
}
