//! What holds for every input of the parsers that read the outside. Used by the fuzz targets (`fuzz/`) and by the
//! replay of their saved corpora below; not part of what is built otherwise.

use crate::concierge::fuzzing;
use crate::problem::Problem;

/// A refusal is a client's fault and told in a short line that repeats nothing long.
fn keeps_to_itself(problem: &Problem) {
    let status = problem.status().as_u16();
    assert!(matches!(status, 400 | 404 | 422), "{status}");
    assert!(problem.detail().chars().count() <= 200);
}

/// Any bytes as the body of a chat message.
pub fn chat_body(data: &[u8]) {
    match fuzzing::read_chat(data) {
        Ok((text, user)) => {
            assert!(!text.contains('\0') && !text.trim().is_empty());
            assert!((1..=128).contains(&user.chars().count()));
            assert!(!user.chars().any(char::is_control));
        }
        Err(problem) => keeps_to_itself(&problem),
    }
}

/// Any bytes as the id of the last event that was seen.
pub fn resume_id(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (turn, last) = text.split_once('\n').unwrap_or(("trn_a", &text));
    match fuzzing::read_resume(turn, last) {
        Ok(None) | Err(None) => {}
        Ok(Some(after)) => {
            let last = last.trim();
            let digits = last.rsplit('.').next().unwrap_or_default();
            assert!(last.is_empty() || digits.parse() == Ok(after));
        }
        Err(Some(problem)) => keeps_to_itself(&problem),
    }
}

#[cfg(test)]
#[path = "../../../fuzz/saved.rs"]
mod saved;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_inputs_keep_the_promises() {
        saved::replay("chat_body", 8, chat_body);
        saved::replay("resume_id", 8, resume_id);
    }
}
