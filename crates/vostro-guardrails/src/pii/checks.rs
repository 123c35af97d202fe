//! Checksums and issuing rules: pure functions over digits and letters.
//!
//! Sources: ISO/IEC 7812 (cards, Luhn), ISO 13616 and the SWIFT IBAN registry (lengths), ABA routing
//! checksum, SSA and IRS numbering rules. No context is looked at here.

/// The Luhn checksum over ASCII digits.
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b.wrapping_sub(b'0'));
            if i % 2 == 0 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&b| b != b'0')
}

fn prefix(digits: &[u8], n: usize) -> u32 {
    digits
        .iter()
        .take(n)
        .fold(0, |a, b| a * 10 + u32::from(b.wrapping_sub(b'0')))
}

/// Whether a known network issues numbers with this beginning and length.
pub(crate) fn card_network(digits: &[u8]) -> bool {
    let (p1, p2, p3, p4) = (
        prefix(digits, 1),
        prefix(digits, 2),
        prefix(digits, 3),
        prefix(digits, 4),
    );
    let n = digits.len();
    match n {
        12 => p2 == 50 || (56..=69).contains(&p2),
        13 => p1 == 4 || p2 == 50 || (56..=69).contains(&p2),
        14 => {
            (300..=305).contains(&p3)
                || matches!(p2, 36 | 38 | 39)
                || p2 == 50
                || (56..=69).contains(&p2)
        }
        15 => {
            matches!(p2, 34 | 37)
                || matches!(p4, 2131 | 1800)
                || p2 == 50
                || (56..=69).contains(&p2)
        }
        16 => {
            p1 == 4
                || (51..=55).contains(&p2)
                || (2200..=2720).contains(&p4)
                || (3528..=3589).contains(&p4)
                || matches!(p2, 30 | 35 | 36 | 38 | 39 | 50 | 81 | 82)
                || (56..=69).contains(&p2)
                || matches!(p4, 9792 | 5018)
        }
        17..=19 => {
            p1 == 4
                || p2 == 50
                || (56..=69).contains(&p2)
                || (3528..=3589).contains(&p4)
                || p2 == 36
        }
        _ => false,
    }
}

/// Whether nine digits can be a social security number (area, group and serial rules).
pub(crate) fn ssn(digits: &[u8]) -> bool {
    let area = prefix(digits, 3);
    digits.len() == 9
        && area != 0
        && area != 666
        && area < 900
        && digits.get(3..5) != Some(b"00")
        && digits.get(5..) != Some(b"0000")
}

/// Whether nine digits can be an individual taxpayer identification number.
pub(crate) fn itin(digits: &[u8]) -> bool {
    let group = prefix(digits.get(3..).unwrap_or_default(), 2);
    digits.len() == 9
        && digits.first() == Some(&b'9')
        && matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

/// The ABA routing checksum and the ranges in use.
pub(crate) fn routing(digits: &[u8]) -> bool {
    let head = prefix(digits, 2);
    let weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    let sum: u32 = digits
        .iter()
        .zip(weights)
        .map(|(b, w)| u32::from(b.wrapping_sub(b'0')) * w)
        .sum();
    digits.len() == 9
        && sum > 0
        && sum.is_multiple_of(10)
        && matches!(head, 0..=12 | 21..=32 | 61..=72 | 80)
}

/// The length of an IBAN of a country (SWIFT IBAN registry).
#[rustfmt::skip]
pub(crate) fn iban_length(country: [u8; 2]) -> Option<usize> {
    Some(match &country {
        b"NO" => 15, b"BE" | b"BI" => 16, b"DK" | b"FI" | b"FO" | b"GL" | b"NL" | b"FK" | b"SD" => 18,
        b"MK" | b"SI" => 19,
        b"AT" | b"BA" | b"EE" | b"KZ" | b"LT" | b"LU" | b"XK" | b"MN" => 20,
        b"CH" | b"CR" | b"HR" | b"LI" | b"LV" => 21,
        b"BG" | b"BH" | b"DE" | b"GB" | b"GE" | b"IE" | b"ME" | b"RS" | b"VA" => 22,
        b"AE" | b"GI" | b"IL" | b"IQ" | b"TL" | b"OM" | b"SO" => 23,
        b"AD" | b"CZ" | b"ES" | b"MD" | b"PK" | b"RO" | b"SA" | b"SE" | b"SK" | b"TN" | b"VG" => 24,
        b"LY" | b"PT" | b"ST" => 25, b"IS" | b"TR" => 26,
        b"DJ" | b"FR" | b"GR" | b"IT" | b"MC" | b"MR" | b"SM" => 27,
        b"AL" | b"AZ" | b"BY" | b"CY" | b"DO" | b"GT" | b"HU" | b"LB" | b"PL" | b"SV" | b"NI" => 28,
        b"BR" | b"EG" | b"PS" | b"QA" | b"UA" => 29, b"JO" | b"KW" | b"MU" | b"YE" => 30,
        b"MT" | b"SC" => 31, b"LC" => 32, b"RU" => 33,
        _ => return None,
    })
}

/// The IBAN checksum (ISO 7064 mod 97-10) over upper-case letters and digits.
pub(crate) fn iban(compact: &[u8]) -> bool {
    let (Some(head), Some(tail)) = (compact.get(..4), compact.get(4..)) else {
        return false;
    };
    let mut rest = 0u32;
    for b in tail.iter().chain(head) {
        rest = match b {
            b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
            b'A'..=b'Z' => (rest * 100 + u32::from(b - b'A') + 10) % 97,
            _ => return false,
        };
    }
    rest == 1
}

/// Whether day, month and year can be a date.
pub(crate) fn date(day: u32, month: u32, year: u32) -> bool {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day) && (year < 100 || (1880..=2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        for (digits, good) in [
            ("4111111111111111", true),
            ("4111111111111112", false),
            ("378282246310005", true),
            ("30569309025904", true),
            ("6011111111111117", true),
            ("3530111333300000", true),
            ("6759649826438453", true),
            ("0000000000000000", false),
        ] {
            assert_eq!(
                luhn(digits.as_bytes()) && card_network(digits.as_bytes()),
                good,
                "{digits}"
            );
        }
        for (compact, good) in [
            ("GB82WEST12345698765432", true),
            ("GB82WEST12345698765433", false),
            ("DE89370400440532013000", true),
            ("NO9386011117947", true),
            ("XX00", false),
            ("G", false),
        ] {
            assert_eq!(iban(compact.as_bytes()), good, "{compact}");
        }
        for (digits, good) in [
            ("021000021", true),
            ("011401533", true),
            ("021000022", false),
            ("000000000", false),
            ("991000021", false),
        ] {
            assert_eq!(routing(digits.as_bytes()), good, "{digits}");
        }
        for (digits, s, t) in [
            ("123456789", true, false),
            ("666456789", false, false),
            ("000456789", false, false),
            ("123006789", false, false),
            ("123450000", false, false),
            ("912701234", false, true),
            ("912931234", false, false),
        ] {
            assert_eq!(
                (ssn(digits.as_bytes()), itin(digits.as_bytes())),
                (s, t),
                "{digits}"
            );
        }
        assert!(date(29, 2, 2024) && date(31, 12, 99) && !date(31, 4, 2024) && !date(1, 13, 2024));
    }
}
