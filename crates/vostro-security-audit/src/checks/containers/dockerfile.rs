//! Dockerfiles as instructions: continued lines joined, comments left out, here-documents kept.
//!
//! Enough of the format for the rules. What it does not know it keeps as text, so that nothing passes unseen.

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// The line it begins on, from 0.
    pub(super) line: usize,
    /// In capitals.
    pub(super) name: String,
    /// The rest, on one line.
    pub(super) value: String,
}

impl Instruction {
    /// Its words, without flags.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.value
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
    }

    /// The value of a flag such as `--from`.
    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        let of = |word: &'_ str| -> Option<usize> {
            let rest = word.strip_prefix("--")?.strip_prefix(name)?;
            rest.starts_with('=').then_some(name.len() + 3)
        };
        let mut words = self.value.split_whitespace();
        words.find_map(|word| word.get(of(word)?..))
    }
}

/// Reads a Dockerfile.
pub(super) fn read(text: &str) -> Vec<Instruction> {
    let mut found = Vec::new();
    let mut open: Option<Instruction> = None;
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let bare = line.trim();
        if bare.starts_with('#') || (bare.is_empty() && open.is_none()) {
            continue;
        }
        let part = bare.strip_suffix('\\').unwrap_or(bare).trim_end();
        let mut instruction = match open.take() {
            Some(mut instruction) => {
                instruction.value.push(' ');
                instruction.value.push_str(part);
                instruction
            }
            None => begin(index, part),
        };
        if bare.ends_with('\\') {
            open = Some(instruction);
            continue;
        }
        if let Some(end) = here_document(&instruction) {
            for (_, line) in lines.by_ref() {
                if line.trim() == end {
                    break;
                }
                instruction.value.push_str(" ; ");
                instruction.value.push_str(line.trim());
            }
        }
        found.push(instruction);
    }
    found.extend(open);
    found
}

fn begin(line: usize, text: &str) -> Instruction {
    let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    Instruction {
        line,
        name: name.to_ascii_uppercase(),
        value: value.trim().to_owned(),
    }
}

/// The word that ends a here-document, when one begins.
fn here_document(instruction: &Instruction) -> Option<String> {
    if !["RUN", "COPY", "ADD"].contains(&instruction.name.as_str()) {
        return None;
    }
    let (_, after) = instruction.value.split_once("<<")?;
    let word = after
        .trim_start_matches('-')
        .trim_start_matches(['"', '\'']);
    let word: String = word
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    (!word.is_empty() && !after.starts_with('<')).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_whole() {
        let text = "# a comment\nfrom debian:12 AS build\n\nRUN a && \\\n    # in between\n    b\nRUN <<EOF\nc\nd\nEOF\nUSER 1\n";
        let found: Vec<_> = read(text)
            .into_iter()
            .map(|it| (it.line, it.name, it.value))
            .collect();
        let expected = [
            (1, "FROM", "debian:12 AS build"),
            (3, "RUN", "a && b"),
            (6, "RUN", "<<EOF ; c ; d"),
            (10, "USER", "1"),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(l, n, v)| (*l, (*n).to_owned(), (*v).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_ends_early_is_kept() {
        assert_eq!(read("RUN a \\").len(), 1);
        assert_eq!(read("RUN <<EOF\na").len(), 1);
        assert_eq!(read("").len(), 0);
    }

    #[test]
    fn flags_are_told_from_words() {
        let copy = begin(0, "COPY --from=build --chown=1:1 /a /b");
        assert_eq!(copy.flag("from"), Some("build"));
        assert_eq!(copy.flag("chmod"), None);
        assert_eq!(copy.words().collect::<Vec<_>>(), ["/a", "/b"]);
    }
}
