//! The conversations of `tests/transcripts/`, played against the real binary on both shapes.
//!
//! The language is that of the dialogue's own conversations, without its clock. A line is
//! - `# title`: a new conversation, with a new customer;
//! - `> text`: the customer says it;
//! - `< text`: the reply has it, whatever the case (`a | b` means either);
//! - `<! text`: the reply does not have it;
//! - `@ intent`: the reply's intent;
//! - `$ Account Name -50.00`: since the conversation began, that account's balance changed by so much, and
//!   every account without such a line not at all (`$$`: none did);
//! - `* blocked`: the guardrails did not let it pass;
//! - `~ source`: the reply cites a source.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use vostro_journeys::{Balances, Deployment, Reply, Shape};

struct Line {
    place: String,
    text: String,
}

/// One conversation: its lines without the title.
struct Transcript {
    customer: String,
    lines: Vec<Line>,
}

#[tokio::test]
async fn one_process() {
    play_all(Shape::OneProcess).await;
}

#[tokio::test]
async fn three_processes() {
    play_all(Shape::ThreeProcesses).await;
}

async fn play_all(shape: Shape) {
    let transcripts = read_all();
    assert!(
        transcripts.len() >= 12,
        "only {} conversations were found",
        transcripts.len()
    );
    let bank = Deployment::start(shape).await;
    let mut wrong = String::new();
    for transcript in &transcripts {
        if let Err(what) = play(&bank, transcript).await {
            let _ = writeln!(wrong, "{what}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

async fn play(bank: &Deployment, transcript: &Transcript) -> Result<(), String> {
    let mut customer = bank.customer(&transcript.customer);
    let before = customer.balances().await;
    let mut reply: Option<Reply> = None;
    let mut expected: Balances = before.clone();
    for line in &transcript.lines {
        let (sign, rest) = line
            .text
            .split_once(' ')
            .unwrap_or((line.text.as_str(), ""));
        match (sign, &reply) {
            (">", _) => reply = Some(customer.say(rest).await),
            ("$$", _) => {}
            ("$", _) => {
                let (account, change) = rest.rsplit_once(' ').expect("an account and a change");
                let balance = expected
                    .get_mut(account)
                    .expect("an account of the customer");
                *balance += minor(change);
            }
            (_, Some(reply)) => check(sign, rest, reply)
                .map_err(|what| format!("{}: {what}\n  reply: {}", line.place, reply.message()))?,
            (_, None) => panic!("{}: nothing was said yet", line.place),
        }
    }
    let after = customer.balances().await;
    if after == expected {
        return Ok(());
    }
    let place = transcript
        .lines
        .last()
        .map_or("", |line| line.place.as_str());
    Err(format!(
        "{place}: the books say {after:?}, expected {expected:?}"
    ))
}

fn check(sign: &str, rest: &str, reply: &Reply) -> Result<(), String> {
    let message = reply.message().to_lowercase();
    let (holds, what) = match sign {
        "<" => {
            let any = rest
                .split(" | ")
                .any(|text| message.contains(&text.to_lowercase()));
            (any, format!("no {rest:?}"))
        }
        "<!" => (
            !message.contains(&rest.to_lowercase()),
            format!("has {rest:?}"),
        ),
        "@" => (
            reply.intent() == rest,
            format!("intent {:?} instead of {rest:?}", reply.intent()),
        ),
        "*" => (!reply.passed(), "was not blocked".to_owned()),
        "~" => (!reply.citations().is_empty(), "cites no source".to_owned()),
        other => panic!("unknown sign {other:?}"),
    };
    if holds { Ok(()) } else { Err(what) }
}

/// `-50.00` as -5000.
fn minor(text: &str) -> i64 {
    let (whole, cents) = text.split_once('.').expect("two decimals");
    assert_eq!(cents.len(), 2, "{text}");
    format!("{whole}{cents}").parse().expect("an amount")
}

fn read_all() -> Vec<Transcript> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../transcripts");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Transcript> {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let mut transcripts: Vec<Transcript> = Vec::new();
    for (index, text) in std::fs::read_to_string(file).unwrap().lines().enumerate() {
        if text.starts_with("# ") {
            let customer = format!("transcript_{name}_{}", transcripts.len());
            transcripts.push(Transcript {
                customer,
                lines: Vec::new(),
            });
        } else if !text.trim().is_empty() {
            let line = Line {
                place: format!("{name}.txt:{}", index + 1),
                text: text.to_owned(),
            };
            transcripts
                .last_mut()
                .expect("a title first")
                .lines
                .push(line);
        }
    }
    transcripts
}
