//! Postal addresses as the European mainland writes them: the street's word first or as the name's end, then the
//! number ("Lindenstraße 14", "Via Garibaldi 8", "Calle de Alcalá 45"), or the number first ("12 rue de la Paix").
//!
//! A street's number looks like any other, so something has to vouch for it: the name's own ending, a postcode
//! and town after it, or a word of living before it. Addresses of English form are in `places`.

use super::Candidates;
use crate::text::Span;
use crate::verdict::PiiKind;

/// What a street's name ends in where it is one word.
const ENDINGS: [&str; 16] = [
    "straße", "strasse", "str.", "weg", "platz", "allee", "gasse", "damm", "ufer", "ring",
    "straat", "laan", "plein", "gracht", "kade", "singel",
];
/// What stands before a street's name.
const BEFORE: [&str; 27] = [
    "rue",
    "avenue",
    "boulevard",
    "quai",
    "impasse",
    "chemin",
    "allée",
    "calle",
    "avenida",
    "avda.",
    "paseo",
    "plaza",
    "carrer",
    "via",
    "viale",
    "piazza",
    "corso",
    "vicolo",
    "rua",
    "travessa",
    "praça",
    "largo",
    "ulica",
    "ul.",
    "aleja",
    "al.",
    "os.",
];
/// What says that somebody lives there.
const LIVING: [&str; 31] = [
    "wohne",
    "wohnhaft",
    "adresse",
    "anschrift",
    "der",
    "habite",
    "domicile",
    "demeurant",
    "au",
    "vivo",
    "dirección",
    "direccion",
    "domicilio",
    "en",
    "abito",
    "indirizzo",
    "residente",
    "in",
    "moro",
    "morada",
    "endereço",
    "na",
    "woon",
    "adres",
    "op",
    "aan",
    "mieszkam",
    "przy",
    "live",
    "at",
    "address",
];
const PARTICLES: [&str; 18] = [
    "de", "du", "des", "la", "le", "les", "del", "della", "dei", "delle", "da", "do", "das", "dos",
    "di", "d", "van", "der",
];

pub(crate) fn scan(words: &[(usize, &str)], out: &mut Candidates) {
    let mut i = 0;
    while i < words.len() {
        i = address(words, i, out).unwrap_or(i + 1);
    }
}

fn bare(word: &str) -> &str {
    word.trim_start_matches(['(', '"'])
        .trim_end_matches([',', '.', ';', ')', '?', '!', '"', ':'])
}

fn capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Whether a word is in a list, but for the case of ASCII letters.
fn known(list: &[&str], word: &str) -> bool {
    let same = |w: &&str| w.len() == word.len() && w.eq_ignore_ascii_case(word);
    list.iter().any(same)
}

/// "14", "14a", "14-16", "3/5".
fn house_number(word: &str) -> bool {
    let word = bare(word);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let rest = word.get(digits..).unwrap_or_default();
    (1..=4).contains(&digits)
        && rest.len() <= 5
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/'))
}

/// A street at word `i`, with its number: returns the word after the address.
fn address(words: &[(usize, &str)], i: usize, out: &mut Candidates) -> Option<usize> {
    let &(at, first) = words.get(i)?;
    let name = bare(first);
    // Most words are told from all of these by their first letter or their last.
    if !capital(name)
        && !first.starts_with(|c: char| c.is_ascii_digit())
        && !known(&BEFORE, name)
        && !known(&BEFORE, first)
    {
        return None;
    }
    let (last, sure) = if name.chars().count() > 4 && capital(name) && ends_as_street(first) {
        (number_after(words, i)?, true)
    } else if known(&BEFORE, name) || known(&BEFORE, first) {
        (number_after(words, named(words, i + 1)?)?, false)
    } else if house_number(first) && known(&BEFORE, bare(words.get(i + 1)?.1)) {
        (named(words, i + 2)?, false)
    } else {
        return None;
    };
    let town = town(words, last);
    let vouched = sure || town.is_some() || (0..=2).any(|back| lives(words, i, back));
    if !vouched {
        return None;
    }
    let last = town.unwrap_or(last);
    let &(end, word) = words.get(last)?;
    let lead = first.len() - first.trim_start_matches(['(', '"']).len();
    let span = Span::new(at + lead, end + bare_end(word));
    out.push(PiiKind::Address, span, 0.8);
    Some(last + 1)
}

fn bare_end(word: &str) -> usize {
    word.trim_end_matches([',', '.', ';', ')', '?', '!', '"', ':'])
        .len()
}

fn ends_as_street(word: &str) -> bool {
    let lower = word.trim_end_matches([',', ';']).to_lowercase();
    ENDINGS
        .iter()
        .any(|e| lower.len() > e.len() && lower.ends_with(e))
}

/// The last word of a street's name that starts at word `i`: particles and up to three capitalised words.
fn named(words: &[(usize, &str)], i: usize) -> Option<usize> {
    let mut last = None;
    for (n, (_, word)) in words.iter().enumerate().skip(i).take(5) {
        let elided = word
            .split_once(['\'', '’'])
            .is_some_and(|(_, rest)| capital(rest));
        if capital(word) || elided {
            last = Some(n);
            if bare_end(word) < word.len() {
                break;
            }
        } else if !known(&PARTICLES, word) {
            break;
        }
    }
    last
}

/// The house number right after word `i`.
fn number_after(words: &[(usize, &str)], i: usize) -> Option<usize> {
    let &(_, number) = words.get(i + 1)?;
    let unit = words.get(i + 2).map_or("", |w| w.1);
    let money = matches!(
        bare(unit).to_lowercase().as_str(),
        "euro" | "euros" | "eur" | "€" | "pln" | "zł" | "chf" | "%"
    );
    (house_number(number) && !money).then_some(i + 1)
}

/// A postcode and a town, or a town alone, after a comma.
fn town(words: &[(usize, &str)], number: usize) -> Option<usize> {
    let &(_, before) = words.get(number)?;
    let &(_, next) = words.get(number + 1)?;
    let code = bare(next);
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let is_code = (4..=7).contains(&digits)
        && code.len() <= 8
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let place = |i: usize| words.get(i).is_some_and(|w| capital(w.1)).then_some(i);
    if is_code {
        let letters = words
            .get(number + 2)
            .filter(|w| bare(w.1).len() == 2 && capital(w.1));
        return Some(place(number + 2 + usize::from(letters.is_some())).unwrap_or(number + 1));
    }
    before.ends_with(',').then(|| place(number + 1)).flatten()
}

/// Whether a word of living stands `back` words before word `i`.
fn lives(words: &[(usize, &str)], i: usize, back: usize) -> bool {
    let word = i.checked_sub(back + 1).and_then(|j| words.get(j));
    word.is_some_and(|w| known(&LIVING, bare(w.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_mainland() {
        for (text, expected) in [
            (
                "ich wohne in der Lindenallee 14, 10969 Berlin.",
                Some("Lindenallee 14, 10969 Berlin"),
            ),
            (
                "meine Anschrift: Am Hang, Goethestr. 3a",
                Some("Goethestr. 3a"),
            ),
            (
                "abito in Via Verdi 8, 20121 Milano",
                Some("Via Verdi 8, 20121 Milano"),
            ),
            (
                "vivo en la calle de Goya 45, Madrid",
                Some("calle de Goya 45, Madrid"),
            ),
            (
                "12 rue de la Paix, 75002 Paris svp",
                Some("12 rue de la Paix, 75002 Paris"),
            ),
            (
                "woon op de Keizersgracht 120, 1015 CW Amsterdam",
                Some("Keizersgracht 120, 1015 CW Amsterdam"),
            ),
            (
                "ul. Prosta 51, 00-838 Warszawa",
                Some("ul. Prosta 51, 00-838 Warszawa"),
            ),
            ("Via PayPal 20 euro mandati", None),
            ("I paid via Zelle 50 dollars", None),
            ("Der Weg 3 ist gesperrt", None),
            ("Ring 12 times", None),
            ("Corso 3 lezioni", None),
        ] {
            let mut out = Candidates::default();
            scan(&super::super::words(text), &mut out);
            let found = out
                .0
                .first()
                .and_then(|c| text.get(c.span.start..c.span.end));
            assert_eq!(found, expected, "{text}");
        }
    }
}
