//! A page as Markdown: its main text, without what is around it and what only runs.

use htmd::HtmlToMarkdown;

use crate::Fault;
use crate::draft::Text;

/// What of a page is no text, or not its own.
const SKIPPED: [&str; 15] = [
    "script", "style", "noscript", "template", "iframe", "svg", "nav", "footer", "form", "button",
    "select", "img", "video", "audio", "title",
];
/// Elements that nothing can be in.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Elements that may be open at once. Real pages have some dozens; the converter's stack has an end.
const MAX_OPEN: usize = 2_000;
/// The converter calls itself for each element in another.
const STACK_BYTES: usize = 64 << 20;

/// Reads a page.
pub(crate) fn read(html: &str) -> Result<Text, Fault> {
    if deepest(html) > MAX_OPEN {
        return Err(Fault::broken("HTML", "its elements are nested too deeply"));
    }
    let broken = |error: &dyn std::fmt::Display| Fault::broken("HTML", error);
    let converted = std::thread::scope(|scope| {
        let work = || {
            let converter = HtmlToMarkdown::builder()
                .skip_tags(SKIPPED.to_vec())
                .build();
            converter.convert(html)
        };
        let thread = std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work);
        thread.map(std::thread::ScopedJoinHandle::join)
    });
    let body = converted
        .map_err(|error| broken(&error))?
        .map_err(|_| broken(&"its structure cannot be followed"))?
        .map_err(|error| broken(&error))?;
    Ok(Text {
        title: title(html),
        body,
    })
}

/// The most elements that are open at once, at most: an end that is left out counts as missing.
fn deepest(html: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0_usize);
    for (at, _) in html.match_indices('<') {
        let rest = html.get(at + 1..).unwrap_or_default();
        if rest.starts_with('/') {
            open = open.saturating_sub(1);
            continue;
        }
        let name: String = rest
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(16)
            .collect();
        let name = name.to_ascii_lowercase();
        if name.is_empty() || VOID.contains(&name.as_str()) {
            continue;
        }
        open += 1;
        most = most.max(open);
    }
    most
}

/// What stands in `<title>`.
fn title(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let words = html
        .get(start..end)?
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let words = words
        .replace("&amp;", "&")
        .replace("&nbsp;", " ")
        .replace("&#39;", "'")
        .replace("&quot;", "\"");
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lists_and_tables_stay() {
        let draft = read(
            "<html><head><title>Fees &amp; limits</title><style>p{}</style></head><body><nav><a href=/>Home</a></nav>\
             <h1>Wires</h1><p>A wire costs <b>$25.00</b>.</p><ul><li>one<li>two</ul>\
             <table><tr><th>fee</th><th>amount</th></tr><tr><td>wire</td><td>$25</td></tr></table>\
             <script>alert(1)</script><footer>imprint</footer></body></html>",
        )
        .unwrap();
        assert_eq!(draft.title.as_deref(), Some("Fees & limits"));
        for part in ["# Wires", "A wire costs **$25.00**.", "one", "| wire"] {
            assert!(draft.body.contains(part), "{part} is not in {}", draft.body);
        }
        for part in ["alert", "imprint", "Home", "p{}"] {
            assert!(!draft.body.contains(part), "{part} is in {}", draft.body);
        }
    }

    #[test]
    fn odd_pages_do_no_harm() {
        for html in [
            "",
            "<",
            "plain",
            "<p",
            "<title>",
            "</p></p>",
            "<a <b <c>",
            "<!-- <p>",
            "&#xd800;&bogus;",
        ] {
            assert!(read(html).is_ok(), "{html:?}");
        }
        let deep = |depth: usize| "<div>".repeat(depth);
        assert!(read(&deep(MAX_OPEN)).is_ok());
        assert!(read(&deep(100_000)).is_err());
        assert!(read(&"<br>".repeat(100_000)).is_ok());
    }
}
