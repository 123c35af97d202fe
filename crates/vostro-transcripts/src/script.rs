//! The language of transcripts.
//!
//! Each file holds conversations. A line is
//! - `# title | skill shape`: a new conversation, with a new customer; skill and shape count towards the
//!   table of what is covered and may be left out;
//! - `> text`: the customer says it; `> one || other` makes a conversation of each (in one line of a conversation);
//! - `< text`: the reply holds it (without regard to case; `a | b` means either);
//! - `<! text`: the reply does not hold it;
//! - `@ intent`: the reply's intent (`-` for none);
//! - `^ type`: the reply has a card of this type;
//! - `~`: the reply cites a source;
//! - `$ Account Name -50.00`: since the conversation began, that account's balance changed by so much;
//! - `$$`: nothing moved;
//! - `& kind count`: since the conversation began, so many audit rows of this kind were written;
//! - `= what value`: the bank's record now: `= card Debit Card frozen`, `= email ada@example.org`,
//!   `= payees 5`, `= alerts 1`, `= cases 1`, `= trips 1`, `= queue fraud`;
//! - `* blocked`: the reply says that guardrails did not pass;
//! - `+ 11m`: the clock moves on (`m` minutes, `h` hours, `d` days), for the rest of the file;
//! - `! run`: what standing orders are due is carried out; `! alerts`: alerts are told of;
//! - `! stop`, `! resume`, `! settle`: the bank stops all money, lets it go on, posts what is due;
//! - `! enrol`: the customer gets an authenticator app; `{code}` in what they say is what it shows then;
//! - `! approve`, `! deny`: the bank's identity provider answers the last challenge; `! end`: an operator ends
//!   the conversation, after which no message is taken in it;
//! - `! claim`, `! reply TEXT`, `! close`, `! give back`: a colleague with the conversation's hand-off.
//!
//! In files whose name begins with `step_up` more than $500.00, more than $600.00 a day, account numbers that are
//! not saved and changes of payees and contact details need a code, in `approval` an approval, and more than
//! $3,000.00 is a person's; in `sessions` a conversation lasts an hour. In `pending`, money to an account number that is
//! not saved waits 20 minutes; in `calendar` the bank rests at weekends and on holidays, and transfers to others count
//! as made today until 16:00.

use std::path::{Path, PathBuf};

/// What parts the ways of saying the same.
const OR: &str = " || ";

/// Why transcripts cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The folder or a file.
    #[error("{path} cannot be read")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A line that stands wrong.
    #[error("{place}: {why}")]
    Line {
        /// File and line.
        place: String,
        /// What is wrong.
        why: &'static str,
    },
}

/// A line with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line's number in its file, from 1.
    pub number: usize,
    /// What it says.
    pub text: String,
}

/// A conversation to be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The file's name without ending.
    pub file: String,
    /// The title, with the number of the way of saying it from the second on.
    pub title: String,
    /// Which skill it exercises, if it says so.
    pub skill: Option<String>,
    /// In which way: `straight`, `missing_slots`, `correction`, `digression`, `cancel`, `ambiguity`,
    /// `error`, `refusal`.
    pub shape: Option<String>,
    /// The lines behind the title.
    pub lines: Vec<Line>,
}

impl Script {
    /// What names it in reports and baselines.
    pub fn name(&self) -> String {
        match &self.skill {
            Some(skill) => format!("{}: {skill}: {}", self.file, self.title),
            None => format!("{}: {}", self.file, self.title),
        }
    }
}

/// Reads every `.txt` file of a folder, in the order of their names.
pub fn read_folder(folder: &Path) -> Result<Vec<Script>, ScriptError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ScriptError::File { path, source }
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "txt") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut scripts = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        scripts.extend(read(&name, &text)?);
    }
    Ok(scripts)
}

/// Reads a file's text.
pub fn read(file: &str, text: &str) -> Result<Vec<Script>, ScriptError> {
    let mut scripts: Vec<Script> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let (number, line) = (at + 1, line.trim_end());
        let wrong = |why| ScriptError::Line {
            place: format!("{file}.txt:{number}"),
            why,
        };
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if let Some(title) = line.strip_prefix("# ") {
            let (title, tags) = title.split_once(" | ").unwrap_or((title, ""));
            let mut tags = tags.split_whitespace().map(str::to_owned);
            scripts.push(Script {
                file: file.to_owned(),
                title: title.trim().to_owned(),
                skill: tags.next(),
                shape: tags.next(),
                lines: Vec::new(),
            });
            continue;
        }
        let script = scripts
            .last_mut()
            .ok_or_else(|| wrong("a line before the first title"))?;
        let ways = script.lines.iter().any(|line| line.text.contains(OR));
        if ways && line.contains(OR) {
            return Err(wrong("a second line with several ways of saying it"));
        }
        script.lines.push(Line {
            number,
            text: line.to_owned(),
        });
    }
    Ok(scripts.into_iter().flat_map(in_every_way).collect())
}

/// A conversation for each way of saying it.
fn in_every_way(script: Script) -> Vec<Script> {
    let line = script.lines.iter().position(|line| line.text.contains(OR));
    let Some(at) = line else { return vec![script] };
    let said = script
        .lines
        .get(at)
        .map_or("", |line| line.text.trim_start_matches("> "));
    let ways: Vec<String> = said.split(OR).map(|way| way.trim().to_owned()).collect();
    ways.into_iter()
        .enumerate()
        .map(|(number, way)| {
            let mut one = script.clone();
            if let Some(line) = one.lines.get_mut(at) {
                line.text = format!("> {way}");
            }
            if number > 0 {
                one.title = format!("{} ({})", script.title, number + 1);
            }
            one
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_saying_it_are_conversations_of_their_own() {
        let text = "# freeze | freeze_card straight\n> freeze my card || lock it\n< confirm\n";
        let scripts = read("cards", text).unwrap();
        let said: Vec<_> = scripts.iter().map(|it| it.lines[0].text.as_str()).collect();
        assert_eq!(said, ["> freeze my card", "> lock it"]);
        assert_eq!(scripts[1].name(), "cards: freeze_card: freeze (2)");
        assert_eq!(scripts[1].shape.as_deref(), Some("straight"));
    }

    #[test]
    fn what_stands_wrong_is_told_with_its_place() {
        for (text, place) in [
            ("> hi\n", "x.txt:1"),
            ("# t\n> a || b\n> c || d\n", "x.txt:3"),
        ] {
            let error = read("x", text).unwrap_err().to_string();
            assert!(error.starts_with(place), "{error}");
        }
    }
}
