//! Characters written as signs and numbers: percent signs, HTML entities, backslashes.

use super::Layer;

/// `%41`, `&#65;`, `&lt;`, `\u0041`, `\x41`.
pub(super) fn undo(clean: &str, out: &mut Vec<Layer>) {
    let percents = clean.matches('%').take(3).count();
    if percents >= 2
        && let Some(text) = percent(clean)
    {
        out.push((text, None, "url"));
    }
    if clean.contains("&#")
        || clean.contains("&lt;")
        || clean.contains("&amp;")
        || clean.contains("&quot;")
    {
        out.push((entities(clean), None, "html"));
    }
    if clean.contains("\\u") || clean.contains("\\x") {
        out.push((backslashes(clean), None, "escapes"));
    }
}

fn percent(clean: &str) -> Option<String> {
    let bytes = clean.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let (mut at, mut found) = (0, 0);
    while let Some(&b) = bytes.get(at) {
        let pair = bytes
            .get(at + 1..at + 3)
            .filter(|_| b == b'%')
            .and_then(super::hex_bytes);
        if let Some(pair) = pair {
            decoded.extend(pair);
            at += 3;
            found += 1;
        } else {
            decoded.push(if b == b'+' { b' ' } else { b });
            at += 1;
        }
    }
    (found >= 2).then(|| String::from_utf8_lossy(&decoded).into_owned())
}

fn entities(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len());
    let mut rest = clean;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let name = tail
            .get(1..)
            .and_then(|t| t.bytes().take(9).position(|b| b == b';'))
            .and_then(|n| tail.get(1..=n));
        if let Some((name, c)) = name.and_then(|n| Some((n, entity(n)?))) {
            out.push(c);
            rest = tail.get(name.len() + 2..).unwrap_or_default();
        } else {
            out.push('&');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => return None,
    })
}

fn backslashes(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len());
    let mut rest = clean;
    while let Some(at) = rest.find('\\') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let width = match tail.as_bytes().get(1) {
            Some(b'u') => 4,
            Some(b'x') => 2,
            _ => 0,
        };
        let code = tail
            .get(2..2 + width)
            .filter(|h| !h.is_empty())
            .and_then(|h| u32::from_str_radix(h, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            out.push(c);
            rest = tail.get(2 + width..).unwrap_or_default();
        } else {
            out.push('\\');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}
