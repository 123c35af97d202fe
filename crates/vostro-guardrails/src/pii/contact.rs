//! E-mail addresses, web addresses and IP addresses.
//!
//! All are found by expanding from a rare byte (`@`, `://`, `.`, `:`), never by a regular expression
//! over the whole text, so hostile input costs what any input costs.

use super::Candidates;
use super::cues::{Cue, Found};
use crate::text::Span;
use crate::verdict::PiiKind;
use std::net::Ipv6Addr;

pub(crate) fn scan(text: &str, cues: &Found, out: &mut Candidates) {
    let bytes = text.as_bytes();
    emails(bytes, out);
    urls(text, out);
    ipv4(bytes, cues, out);
    ipv6(text, out);
}

/// What stands before the `@`. An asterisk may by the standard; in practice it is a mask's or makes bold type.
fn local_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80 || b"._%+-'!#$&/=?^`{|}~".contains(&b)
}

fn domain_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80 || b == b'-' || b == b'.'
}

/// RFC 5321 addresses in practice: at most 64 bytes before the `@`, a dotted domain after it. Also
/// "jane (at) mail (dot) com" and "jane at mail dot com". Addresses with nothing between them are one value: each
/// could take the domain of the one before for what stands before its `@`.
fn emails(text: &[u8], out: &mut Candidates) {
    let mut last: Option<Span> = None;
    for (at, _) in text.iter().enumerate().filter(|(_, b)| **b == b'@') {
        let start = text
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(64)
            .take_while(|b| local_byte(**b))
            .count();
        let end = text
            .get(at + 1..)
            .unwrap_or_default()
            .iter()
            .take(253)
            .take_while(|b| domain_byte(**b))
            .count();
        let mut from = at - start;
        while from < at && text.get(from).is_some_and(|b| b".'-/`{|}=".contains(b)) {
            from += 1;
        }
        let domain = text.get(at + 1..at + 1 + end).unwrap_or_default();
        let domain = domain.trim_ascii_end();
        let cut = domain
            .iter()
            .rev()
            .take_while(|b| matches!(**b, b'.' | b'-'))
            .count();
        let domain = domain.get(..domain.len() - cut).unwrap_or_default();
        if from < at && has_tld(domain) {
            let end = at + 1 + domain.len();
            match &mut last {
                Some(chain) if from < chain.end => chain.end = end,
                _ => {
                    let done = last.replace(Span::new(from, end));
                    push_email(done, out);
                }
            }
        }
    }
    push_email(last, out);
    spoken_emails(text, out);
}

fn push_email(span: Option<Span>, out: &mut Candidates) {
    if let Some(span) = span {
        out.push(PiiKind::Email, span, 0.99);
    }
}

fn has_tld(domain: &[u8]) -> bool {
    let Some(dot) = domain.iter().rposition(|b| *b == b'.') else {
        return false;
    };
    let tld = domain.get(dot + 1..).unwrap_or_default();
    let letters = || std::str::from_utf8(tld).is_ok_and(|tld| tld.chars().all(char::is_alphabetic));
    dot > 0 && tld.len() >= 2 && letters()
}

/// " at " and " dot " written out, or in brackets.
fn spoken_emails(text: &[u8], out: &mut Candidates) {
    const DOTS: [&[u8]; 5] = [b" dot ", b" (dot) ", b"(dot)", b"[dot]", b" [dot] "];
    const ATS: [&[u8]; 5] = [b" at ", b" (at) ", b"(at)", b"[at]", b" [at] "];
    if !text.windows(3).any(|w| w.eq_ignore_ascii_case(b"dot")) {
        return;
    }
    let mut from = 0;
    while let Some((dot, width)) = find_any(text, from, &DOTS) {
        from = dot + width;
        let tld = word_len(text, from);
        if !(2..=6).contains(&tld) {
            continue;
        }
        let window = dot.saturating_sub(80);
        let Some((at, at_width)) = rfind_any(text, window, dot, &ATS) else {
            continue;
        };
        let host = text.get(at + at_width..dot).unwrap_or_default();
        let clean = !host.is_empty() && host.iter().all(|b| domain_byte(*b));
        let local = text.get(window..at).unwrap_or_default();
        let width = local.iter().rev().take_while(|b| local_byte(**b)).count();
        if clean && width > 0 && known_tld(text.get(from..from + tld).unwrap_or_default()) {
            out.push(PiiKind::Email, Span::new(at - width, from + tld), 0.85);
        }
    }
}

fn known_tld(tld: &[u8]) -> bool {
    [
        &b"com"[..],
        b"net",
        b"org",
        b"edu",
        b"gov",
        b"io",
        b"co",
        b"uk",
        b"de",
        b"fr",
        b"es",
        b"it",
        b"nl",
        b"pl",
        b"pt",
        b"eu",
        b"info",
        b"ca",
        b"us",
    ]
    .iter()
    .any(|t| tld.eq_ignore_ascii_case(t))
}

fn word_len(text: &[u8], from: usize) -> usize {
    text.get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|b| b.is_ascii_alphabetic())
        .count()
}

fn find_any(text: &[u8], from: usize, words: &[&[u8]]) -> Option<(usize, usize)> {
    (from..text.len()).find_map(|i| {
        let here = text.get(i..)?;
        if !matches!(here.first(), Some(b' ' | b'(' | b'[')) {
            return None;
        }
        words
            .iter()
            .find(|w| {
                here.get(..w.len())
                    .is_some_and(|h| h.eq_ignore_ascii_case(w))
            })
            .map(|w| (i, w.len()))
    })
}

fn rfind_any(text: &[u8], from: usize, to: usize, words: &[&[u8]]) -> Option<(usize, usize)> {
    (from..to).rev().find_map(|i| {
        let here = text.get(i..to)?;
        words
            .iter()
            .find(|w| {
                here.get(..w.len())
                    .is_some_and(|h| h.eq_ignore_ascii_case(w))
            })
            .map(|w| (i, w.len()))
    })
}

/// Web addresses; those with a user, password, token or key in them endanger and count always.
fn urls(text: &str, out: &mut Candidates) {
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices("://") {
        let scheme = bytes.get(..at).unwrap_or_default();
        let width = scheme
            .iter()
            .rev()
            .take(12)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if width >= 2 {
            url(bytes, at - width, out);
        }
    }
    for (at, _) in text.match_indices("www.").chain(text.match_indices("WWW.")) {
        let starts = at == 0
            || bytes
                .get(at - 1)
                .is_some_and(|b| b.is_ascii_whitespace() || b"(<\"'".contains(b));
        if starts {
            url(bytes, at, out);
        }
    }
}

fn url(bytes: &[u8], start: usize, out: &mut Candidates) {
    let rest = bytes.get(start..).unwrap_or_default();
    let mut end = rest
        .iter()
        .take(2048)
        .position(|b| b.is_ascii_whitespace() || b"<>\"'`".contains(b))
        .unwrap_or(rest.len().min(2048));
    while end > 0 && rest.get(end - 1).is_some_and(|b| b".,;:!?)]}*".contains(b)) {
        end -= 1;
    }
    let Some(url) = rest.get(..end) else { return };
    let authority = url
        .windows(3)
        .position(|w| w == b"://")
        .map_or(0, |p| p + 3);
    let host = url.get(authority..).unwrap_or_default();
    let host_len = host
        .iter()
        .position(|b| matches!(b, b'/' | b'?' | b'#'))
        .unwrap_or(host.len());
    let (host, tail) = host.split_at(host_len);
    let lower = tail.to_ascii_lowercase();
    let secret = [
        "token=",
        "key=",
        "password=",
        "passwd=",
        "secret=",
        "pwd=",
        "auth=",
        "sig=",
    ]
    .iter()
    .any(|w| lower.windows(w.len()).any(|s| s == w.as_bytes()));
    let credentials = host.contains(&b'@') && host.contains(&b':');
    let span = Span::new(start, start + end);
    if credentials || secret {
        out.push_secret_url(span);
    } else if host.contains(&b'.') || host.starts_with(b"localhost") {
        out.push(PiiKind::Url, span, 0.9);
    }
}

fn ipv4(text: &[u8], cues: &Found, out: &mut Candidates) {
    let mut i = 0;
    while let Some(offset) = text
        .get(i..)
        .and_then(|t| t.iter().position(u8::is_ascii_digit))
    {
        let start = i + offset;
        let end = text
            .get(start..)
            .and_then(|t| t.iter().position(|b| !b.is_ascii_digit() && *b != b'.'))
            .map_or(text.len(), |n| start + n);
        i = end;
        let token = text.get(start..end).unwrap_or_default();
        let token = token.strip_suffix(b".").unwrap_or(token);
        let glued = start > 0
            && text
                .get(start - 1)
                .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'-');
        let version = cues.before(Cue::Version, start, 14).is_some();
        if !glued && !version && is_ipv4(token) {
            out.push(
                PiiKind::IpAddress,
                Span::new(start, start + token.len()),
                0.95,
            );
        }
    }
}

fn is_ipv4(token: &[u8]) -> bool {
    token.len() <= 15
        && token.split(|b| *b == b'.').count() == 4
        && token.split(|b| *b == b'.').all(|o| {
            (1..=3).contains(&o.len())
                && o.iter().fold(0u32, |a, b| a * 10 + u32::from(b - b'0')) <= 255
                && (o.len() == 1 || o.first() != Some(&b'0'))
        })
}

fn ipv6(text: &str, out: &mut Candidates) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(colon) = text.get(from..).and_then(|t| t.find(':')).map(|n| from + n) {
        let part = |b: &u8| b.is_ascii_hexdigit() || *b == b':' || *b == b'.';
        let head = bytes.get(..colon).unwrap_or_default();
        let back = head.iter().rev().take(5).take_while(|b| part(b)).count();
        let ahead = bytes.get(colon..).unwrap_or_default();
        let len = ahead.iter().take(40).take_while(|b| part(b)).count();
        from = colon + len.max(1);
        let start = colon - back;
        let token = text
            .get(start..colon + len)
            .unwrap_or_default()
            .trim_end_matches('.');
        let token = token
            .strip_suffix(':')
            .filter(|t| !t.ends_with(':'))
            .unwrap_or(token);
        let glued = start > 0
            && bytes
                .get(start - 1)
                .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let colons = token.bytes().filter(|b| *b == b':').count();
        if !glued && colons >= 2 && token.len() > 3 && token.parse::<Ipv6Addr>().is_ok() {
            out.push(
                PiiKind::IpAddress,
                Span::new(start, start + token.len()),
                0.95,
            );
        }
    }
}
