//! The one writer: a thread that owns the writing connection and commits in groups.
//!
//! Commands wait in a bounded queue. The writer opens a transaction, runs every command that waits
//! (each inside its own savepoint, so that one that fails takes nothing else with it), commits once,
//! and only then answers them all: an answer is durable. While one group commits, the next gathers, so
//! a group is as large as the load needs and a single command waits for nobody.
//!
//! A command whose caller has gone away still runs to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use vostro_bank::StoreError;

use super::connection::run_cached;
use crate::config::Tuning;
use crate::error::{DbError, Said, unavailable};

/// Tells a command's caller how it went, once the commit succeeded or failed.
type Settle = Box<dyn FnOnce(Result<(), Said>) + Send>;
/// Runs a command inside the open transaction.
type Job = Box<dyn FnOnce(&Connection) -> Settle + Send>;

/// The handle to the writer thread.
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Commands that wait for the thread.
    pub(super) fn queued(&self) -> usize {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |queue: &mpsc::Sender<Job>| queue.max_capacity() - queue.capacity();
        queue.as_ref().map_or(0, waiting)
    }

    /// Starts the thread. `committed` runs on it after each commit, before anybody is answered; `after` when the
    /// queue has been drained and the connection closed.
    pub(super) fn start(
        connection: Connection,
        tuning: Tuning,
        committed: impl Fn() + Send + 'static,
        after: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel(tuning.queued_commands.max(1));
        let thread = std::thread::Builder::new()
            .name("vostro-writer".to_owned())
            .spawn(move || {
                let most = tuning.commands_per_commit.max(1);
                serve(&connection, waiting, most, &committed);
                finish(connection);
                after();
            })?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Runs a command in the next group and gives its outcome after the commit.
    pub(super) async fn run<T, F>(&self, command: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let outcome = in_savepoint(connection, command);
            Box::new(move |committed| {
                let outcome = match committed {
                    Ok(()) => outcome.map_err(StoreError::from),
                    Err(said) => Err(StoreError::Unavailable(Box::new(said))),
                };
                // The caller may have gone away; the command is done all the same.
                let _ = reply.send(outcome);
            })
        });
        self.enqueue(job)?;
        answer
            .await
            .map_err(|_| unavailable("the writer gave no answer"))?
    }

    fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queue
            .as_ref()
            .ok_or_else(|| unavailable("the store is closed"))?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => unavailable("too many commands wait for the writer"),
            TrySendError::Closed(_) => unavailable("the writer has stopped"),
        })
    }

    /// Takes no more commands, lets those that wait finish, and closes the connection. Blocks until then.
    pub(super) fn close(&self) {
        self.queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer thread panicked");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

fn serve(
    connection: &Connection,
    mut waiting: mpsc::Receiver<Job>,
    commands_per_commit: usize,
    after_commit: &dyn Fn(),
) {
    while let Some(first) = waiting.blocking_recv() {
        let mut settles = Vec::new();
        let rest = std::iter::from_fn(|| waiting.try_recv().ok());
        let jobs = std::iter::once(first).chain(rest).take(commands_per_commit);
        let committed = commit_group(connection, &mut settles, jobs);
        if let Err(said) = &committed {
            tracing::error!(error = %said, commands = settles.len(), "a group did not commit");
        } else {
            after_commit();
        }
        #[cfg(feature = "fail-points")]
        crate::fail_points::step("the answers");
        for settle in settles {
            settle(committed.clone());
        }
    }
}

/// Runs the jobs in one transaction, as many as have come by the time the one before is done. Their
/// settlements are left in `settles` in any case.
fn commit_group(
    connection: &Connection,
    settles: &mut Vec<Settle>,
    jobs: impl Iterator<Item = Job>,
) -> Result<(), Said> {
    let said = |error: rusqlite::Error| Said(error.to_string());
    let begun = run_cached(connection, "BEGIN IMMEDIATE");
    for job in jobs {
        if begun.is_err() {
            // Without a transaction nothing may run: the dropped job tells its caller so.
            drop(job);
            continue;
        }
        settles.push(job(connection));
        // A full disk or an input/output failure rolls the whole transaction back by itself.
        if connection.is_autocommit() {
            return Err(Said("the transaction was rolled back".to_owned()));
        }
    }
    begun.map_err(said)?;
    run_cached(connection, "COMMIT").map_err(|error| {
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
        said(error)
    })
}

fn in_savepoint<T>(
    connection: &Connection,
    command: impl FnOnce(&Connection) -> Result<T, DbError>,
) -> Result<T, DbError> {
    run_cached(connection, "SAVEPOINT command")?;
    let outcome =
        catch_unwind(AssertUnwindSafe(|| command(connection))).unwrap_or(Err(DbError::Panicked));
    if outcome.is_err() && !connection.is_autocommit() {
        run_cached(connection, "ROLLBACK TO command")?;
    }
    if !connection.is_autocommit() {
        run_cached(connection, "RELEASE command")?;
    }
    outcome
}

/// Leaves a file that needs no recovery.
fn finish(connection: Connection) {
    let tidy = connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
    if let Err(error) = tidy {
        tracing::warn!(%error, "the database was closed without a checkpoint");
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "the database did not close cleanly");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::sqlite::connection;

    fn table() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("queue.db");
        let _claim = connection::claim(&path).unwrap();
        let connection = connection::open_writer(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE kept (n INTEGER PRIMARY KEY)")
            .unwrap();
        (folder, connection)
    }

    fn kept(folder: &tempfile::TempDir) -> Vec<i64> {
        let other = connection::open_reader(&folder.path().join("queue.db")).unwrap();
        let mut statement = other.prepare("SELECT n FROM kept ORDER BY n").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    fn insert(connection: &Connection, n: i64) -> Result<i64, DbError> {
        connection.execute("INSERT INTO kept VALUES (?1)", [n])?;
        Ok(n)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_command_that_fails_takes_nothing_else_with_it() {
        let (folder, connection) = table();
        let writer = Arc::new(Writer::start(connection, Tuning::default(), || (), || ()).unwrap());
        let tasks: Vec<_> = (0..30)
            .map(|n| {
                let writer = Arc::clone(&writer);
                tokio::spawn(async move {
                    writer
                        .run(move |connection| {
                            insert(connection, n)?;
                            match n % 3 {
                                0 => Ok(n),
                                1 => insert(connection, n),
                                _ => panic!("a fault of the command's"),
                            }
                        })
                        .await
                })
            })
            .collect();
        for (n, task) in (0..).zip(tasks) {
            let outcome = task.await.unwrap();
            assert_eq!(outcome.is_ok(), n % 3 == 0, "{n}: {outcome:?}");
        }
        let expected: Vec<i64> = (0..30).filter(|n| n % 3 == 0).collect();
        assert_eq!(kept(&folder), expected);
    }

    #[test]
    fn answers_come_after_the_commit() {
        let (folder, connection) = table();
        let folder = Arc::new(folder);
        let (told, seen) = std::sync::mpsc::channel();
        let (queue, waiting) = mpsc::channel(16);
        for n in 0..10 {
            let (told, folder) = (told.clone(), Arc::clone(&folder));
            let job: Job = Box::new(move |connection| {
                let inserted = insert(connection, n);
                let during = kept(&folder).len();
                Box::new(move |committed| {
                    let fine = inserted.is_ok() && committed.is_ok();
                    told.send((fine, during, kept(&folder).len())).unwrap();
                })
            });
            assert!(queue.try_send(job).is_ok());
        }
        drop((queue, told));
        serve(&connection, waiting, 5, &|| ());
        let seen: Vec<_> = seen.iter().collect();
        let expected: Vec<_> = (0..10).map(|n| (true, n / 5 * 5, n / 5 * 5 + 5)).collect();
        assert_eq!(seen, expected, "(fine, rows seen by others before, after)");
    }

    #[test]
    fn a_group_that_does_not_commit_is_told_so() {
        let (folder, connection) = table();
        connection
            .execute_batch(
                "CREATE TABLE parent (id INTEGER PRIMARY KEY);
                 CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);",
            )
            .unwrap();
        let (told, seen) = std::sync::mpsc::channel();
        let job = |breaks: bool| -> Job {
            let told = told.clone();
            Box::new(move |connection| {
                if breaks {
                    connection
                        .execute("INSERT INTO child VALUES (7)", [])
                        .unwrap();
                } else {
                    insert(connection, 1).unwrap();
                }
                Box::new(move |committed| told.send(committed.is_ok()).unwrap())
            })
        };
        let mut settles = Vec::new();
        let committed = commit_group(
            &connection,
            &mut settles,
            [job(false), job(true)].into_iter(),
        );
        for settle in settles {
            settle(committed.clone());
        }
        let after = commit_group(&connection, &mut Vec::new(), [job(false)].into_iter());
        assert!(after.is_ok(), "the next group is not held up");
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), [false, false]);
        assert_eq!(kept(&folder), [1]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_full_queue_turns_commands_away() {
        let (_folder, connection) = table();
        let tuning = Tuning {
            queued_commands: 1,
            ..Tuning::default()
        };
        let writer = Arc::new(Writer::start(connection, tuning, || (), || ()).unwrap());
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let running = Arc::clone(&writer);
        let held = tokio::spawn(async move {
            running
                .run(move |_| {
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    Ok(())
                })
                .await
        });
        has_begun.recv().unwrap();
        let mut waiting = Box::pin(writer.run(|connection| insert(connection, 1)));
        let noop = &mut std::task::Context::from_waker(std::task::Waker::noop());
        assert!(waiting.as_mut().poll(noop).is_pending(), "one waits");
        let turned_away = writer.run(|connection| insert(connection, 2)).await;
        assert!(matches!(turned_away, Err(StoreError::Unavailable(_))));
        release.send(()).unwrap();
        held.await.unwrap().unwrap();
        assert_eq!(waiting.await.unwrap(), 1);
    }
}
