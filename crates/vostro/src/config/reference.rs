//! The reference page of the configuration, made from the section structs.

use std::fmt::Write as _;

use serde_json::Value;

use super::schema::{Key, Kind, sections};

/// `docs/reference/configuration.md`; a test fails while the committed page differs.
pub(crate) fn reference() -> String {
    let mut page = String::from(HEAD);
    for section in sections() {
        let _ = writeln!(page, "\n## `[{}]`\n\n{}\n", section.name, section.about);
        page.push_str("| key | default | allowed | what it is for |\n|---|---|---|---|\n");
        for key in &section.keys {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} | {} |",
                key.dotted,
                default(key),
                allowed(key),
                cell(&key.about),
            );
            if let Kind::Tables(inner) = &key.kind {
                table_rows(&mut page, &key.dotted, inner);
            }
        }
    }
    page
}

/// The settings of one of several tables, a row each.
fn table_rows(page: &mut String, outer: &str, keys: &[Key]) {
    for key in keys {
        let default = if key.optional {
            default(key)
        } else {
            "none".to_owned()
        };
        let _ = writeln!(
            page,
            "| `{outer}[].{}` | {default} | {} | {} |",
            key.dotted,
            allowed(key),
            cell(&key.about),
        );
    }
}

const HEAD: &str = "\
<!-- Made from the structs in crates/vostro/src/config by `vostro config --reference`. -->
# Configuration

Vostro runs without any configuration. What is set is put together from layers; later ones win:

1. the defaults below,
2. a profile: `--profile bench` or `VOSTRO__PROFILE=bench` raises the limits on callers for load tests, `eu`
   ends sessions after five silent minutes,
3. a TOML file: `--config FILE` or `VOSTRO__CONFIG=FILE`, else `vostro.toml` in the working directory
   if there is one,
4. environment variables: `server.rag_port` is `VOSTRO__SERVER__RAG_PORT`,
5. flags: `--set server.rag_port=9001`, or the command's own flags.

`vostro config` prints the result, with the layer that each value came from. A key that does not exist
and a value that is not allowed are errors, wherever they come from. Relative paths start at the
working directory. An empty environment variable leaves a setting that may be unset without a value.
";

fn default(key: &Key) -> String {
    match &key.default {
        Value::Null => "not set".to_owned(),
        Value::String(text) => format!("`\"{text}\"`"),
        other => format!("`{other}`"),
    }
}

fn allowed(key: &Key) -> String {
    match &key.kind {
        Kind::Choice(words) => {
            let words: Vec<String> = words
                .iter()
                .map(|(word, about)| format!("`{word}`: {}", cell(about)))
                .collect();
            words.join("<br>")
        }
        kind => cell(&kind.to_string()),
    }
}

/// Text that cannot end its table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_page_is_current() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/reference/configuration.md"
        );
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == reference(),
            "run: cargo run -p vostro -- config --reference > docs/reference/configuration.md"
        );
    }
}
