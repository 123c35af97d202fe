//! Bytes as text: UTF-8, UTF-16 with its mark, or an older encoding that is recognised.

use encoding_rs::{Encoding, UTF_8};

use crate::Fault;

/// Longest text of one document, in bytes: a book of a thousand pages has three million.
pub(crate) const MAX_TEXT_BYTES: usize = 8 << 20;
/// Of a text, at most one character in so many is a control character.
const ONE_CONTROL_IN: usize = 100;

/// Reads a text; line ends become `\n`. Text that is not UTF-8 is read in the encoding that it most probably has.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, Fault> {
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if marked.is_none() && bytes.contains(&0) {
        return Err(Fault::Binary);
    }
    let encoding = match marked {
        Some(encoding) => encoding,
        None if str::from_utf8(bytes).is_ok() => UTF_8,
        None => guess(bytes),
    };
    let (text, _, has_errors) = encoding.decode(bytes);
    let controls = text.chars().filter(|&c| is_odd(c)).count();
    if controls * ONE_CONTROL_IN > text.chars().count() {
        return Err(Fault::Binary);
    }
    if has_errors {
        return Err(Fault::Encoding);
    }
    Ok(lines(&text))
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// One kind of line end, no U+0000 and no other control characters.
pub(crate) fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(is_odd) {
        text.chars().filter(|&c| !is_odd(c)).collect()
    } else {
        text
    }
}

/// A control character that no text has.
fn is_odd(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_recognised_and_binary_data_is_refused() {
        let utf_16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("Fee \u{20ac}".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let latin = b"Die Geb\xfchr f\xfcr \xdcberweisungen betr\xe4gt 5 Euro und wird am Monatsende f\xe4llig.";
        let good: [(&[u8], &str); 4] = [
            (b"\xef\xbb\xbfFee\r\nnone\r", "Fee\nnone\n"),
            (&utf_16, "Fee \u{20ac}"),
            (
                latin,
                "Die Geb\u{fc}hr f\u{fc}r \u{dc}berweisungen betr\u{e4}gt 5 Euro und wird am Monatsende f\u{e4}llig.",
            ),
            ("\u{1f4b6} caf\u{e9}".as_bytes(), "\u{1f4b6} caf\u{e9}"),
        ];
        for (bytes, expected) in good {
            assert_eq!(decode(bytes).as_deref(), Ok(expected));
        }
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let noise: Vec<u8> = (1..=255).cycle().take(4_000).collect();
        let bad: [(&[u8], Fault); 4] = [
            (b"", Fault::Empty),
            (png, Fault::Binary),
            (&noise, Fault::Binary),
            (b"\xff\xfe\x00\xd8A", Fault::Encoding),
        ];
        for (bytes, fault) in bad {
            assert_eq!(decode(bytes), Err(fault));
        }
    }
}
