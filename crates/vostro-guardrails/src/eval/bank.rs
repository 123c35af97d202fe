//! Values of a bank's day planted in sentences, and numbers that are nobody's: a seeded generator.
//!
//! A proxy of the project's own making: its templates share no sentence with the detectors' tests.

use super::{Report, share};
use crate::{CheckRequest, Engine};

/// A letter of about this many characters.
pub(super) fn letter(length: usize) -> String {
    let text = "Dear team, I have been a customer for nine years and I am writing about the fees on my current account. \
        Last month a transfer to my landlord was returned, although there was enough money, and I was charged twice. \
        Could you please explain how that came about, and whether the standing order will run on the first of the month? \
        I also noticed that the exchange rate in the app differs from the one on the statement. ";
    text.chars().cycle().take(length).collect()
}

/// A small generator of numbers (splitmix64), seeded so that every run is the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let n = self.roll(of.len() as u64);
        usize::try_from(n)
            .ok()
            .and_then(|n| of.get(n))
            .copied()
            .unwrap_or_default()
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b'0' + u8::try_from(self.roll(10)).unwrap_or(0)))
            .collect()
    }

    fn range(&mut self, from: u64, to: u64) -> u64 {
        from + self.roll(to - from)
    }
}

fn luhn_complete(head: &str) -> String {
    (0..10)
        .map(|d| format!("{head}{d}"))
        .find(|n| crate::pii::luhn(n))
        .unwrap_or_default()
}

fn grouped(digits: &str, sizes: &[usize], by: &str) -> String {
    let mut rest = digits;
    let mut parts = Vec::new();
    for size in sizes {
        let (head, tail) = rest.split_at_checked(*size).unwrap_or((rest, ""));
        parts.push(head);
        rest = tail;
    }
    parts.join(by)
}

fn spelled(digits: &str) -> String {
    const WORDS: [&str; 10] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let word = |b: u8| {
        WORDS
            .get(usize::from(b.wrapping_sub(b'0')))
            .copied()
            .unwrap_or_default()
    };
    digits.bytes().map(word).collect::<Vec<_>>().join(" ")
}

/// A value of one kind and the sentences it is said in.
#[expect(clippy::too_many_lines, reason = "one arm a kind: a table")]
fn value(kind: &str, dice: &mut Dice) -> (String, &'static [&'static str]) {
    match kind {
        "card" | "card zero-width" | "card spelled out" => {
            let head = format!(
                "{}{}",
                dice.pick(&["4", "51", "54", "2221", "6011"]),
                dice.digits(14)
            );
            let number = luhn_complete(head.get(..15).unwrap_or_default());
            let number = match kind {
                "card spelled out" => spelled(&number),
                "card zero-width" => number
                    .chars()
                    .flat_map(|c| [c, '\u{200b}'])
                    .collect::<String>()
                    .trim_end_matches('\u{200b}')
                    .to_owned(),
                _ => grouped(&number, &[4, 4, 4, 4], dice.pick(&["", " ", "-"])),
            };
            (
                number,
                &[
                    "I paid with {} yesterday",
                    "my visa is {} and it was swallowed by the machine",
                    "why was {} declined?",
                ],
            )
        }
        "ssn" => {
            let number = format!(
                "{:03}{:02}{:04}",
                dice.range(1, 665),
                dice.range(1, 99),
                dice.range(1, 9999)
            );
            (
                grouped(&number, &[3, 2, 4], dice.pick(&["-", " "])),
                &[
                    "{} is my social",
                    "for the form: SSN {}",
                    "they asked for it, it's {}",
                ],
            )
        }
        "account" => (
            dice.digits(10),
            &[
                "move it out of account {} tonight",
                "acct no. {} shows a hold",
                "my savings account is {}",
            ],
        ),
        "routing" => {
            let head = format!("0{}{}", dice.range(1, 9), dice.digits(6));
            let number = (0..10)
                .map(|d| format!("{head}{d}"))
                .find(|n| crate::pii::routing(n))
                .unwrap_or_default();
            (
                number,
                &[
                    "the routing number is {}",
                    "ABA {} for the wire",
                    "use routing {} please",
                ],
            )
        }
        "phone" => {
            let number = format!(
                "{}{:02}{}{:02}{:04}",
                dice.range(2, 9),
                dice.range(10, 99),
                dice.range(2, 9),
                dice.range(10, 99),
                dice.range(0, 9999)
            );
            let text = match dice.roll(4) {
                0 => grouped(&number, &[3, 3, 4], "-"),
                1 => grouped(&number, &[3, 3, 4], "."),
                2 => format!("+1 {}", grouped(&number, &[3, 3, 4], " ")),
                _ => number,
            };
            (
                text,
                &[
                    "ring me on {} after five",
                    "my mobile is {}",
                    "text {} when it is done",
                ],
            )
        }
        "email" => (
            format!(
                "{}{}@{}",
                dice.pick(&["k.lund", "rosa_m", "t-bauer"]),
                dice.digits(2),
                dice.pick(&["posteo.example", "mail.test", "firm.co.uk"])
            ),
            &["write to {}", "statements go to {} from now on"],
        ),
        "cvv" => (
            dice.digits(3),
            &["the cvv is {}", "security code {} on the back", "CVC: {}"],
        ),
        "date of birth" => (
            format!(
                "{:02}/{:02}/{}",
                dice.range(1, 12),
                dice.range(1, 28),
                dice.range(1940, 2004)
            ),
            &["born {}", "my date of birth is {}", "DOB: {}"],
        ),
        "passport" => (
            format!("{}{}", dice.pick(&["C", "L", "X", ""]), dice.digits(8)),
            &["passport number {}", "my passport is {}", "passport no: {}"],
        ),
        "one-time code" => (
            dice.digits(6),
            &[
                "the code you sent is {}",
                "OTP {}",
                "my verification code is {}",
            ],
        ),
        "iban" => {
            let number = dice.digits(18);
            let iban = (2..98)
                .map(|c| format!("DE{c:02}{number}"))
                .find(|i| crate::pii::iban(i))
                .unwrap_or_default();
            let iban = if dice.roll(2) == 0 {
                grouped(&iban, &[4, 4, 4, 4, 4, 2], " ")
            } else {
                iban
            };
            (
                iban,
                &["pay {} the rent", "my IBAN: {}", "from {} to savings"],
            )
        }
        _ => (
            format!(
                "{}{}{}",
                dice.pick(&["Tiger", "hunter", "Pa55"]),
                dice.digits(3),
                dice.pick(&["!", "#x", "?"])
            ),
            &["my password is {}", "login password: {}"],
        ),
    }
}

const KINDS: [&str; 14] = [
    "card",
    "card zero-width",
    "card spelled out",
    "ssn",
    "account",
    "routing",
    "phone",
    "email",
    "cvv",
    "date of birth",
    "passport",
    "one-time code",
    "iban",
    "password",
];

const NEGATIVES: [&str; 16] = [
    "order {10} has not arrived",
    "my order number is {10}",
    "invoice {8} was paid twice",
    "reference {12} on the statement",
    "it cost {3}.{2}",
    "${1},{3}.{2} went out",
    "tracking {14} says delivered",
    "ticket #{7}",
    "ACCT-{4} is closed",
    "the meeting is on 0{1d}/1{1d}/2024",
    "transaction id {16}",
    "model {4}-{4}-{2}",
    "we sold {6} units",
    "flight {4} leaves at 1{1d}:30",
    "case number {9} is open",
    "confirmation {3} {3} {4}",
];

fn negative(dice: &mut Dice) -> String {
    let mut out = String::new();
    for part in dice.pick(&NEGATIVES).split('{') {
        match part.split_once('}') {
            Some((n, rest)) => {
                let size = n.trim_end_matches('d').parse().unwrap_or(1);
                let digits = if n.ends_with('d') {
                    dice.range(1, 2).to_string()
                } else {
                    dice.digits(size)
                };
                out.push_str(&digits);
                out.push_str(rest);
            }
            None => out.push_str(part),
        }
    }
    out
}

pub(super) fn measure(engine: &Engine, report: &mut Report) {
    let mut dice = Dice(20_261_122);
    let (mut total, mut kept) = (0, 0);
    let mut weakest = Vec::new();
    for kind in KINDS {
        let (mut count, mut masked) = (0, 0);
        for _ in 0..100 {
            let (value, sentences) = value(kind, &mut dice);
            let text = dice.pick(sentences).replace("{}", &value);
            count += 1;
            masked += usize::from(covered(engine, &text, &value));
        }
        total += count;
        kept += masked;
        if masked < count {
            weakest.push(format!("{kind} {masked}/{count}"));
        }
    }
    let note = format!(
        "own proxy, {} kinds; below all: {}",
        KINDS.len(),
        weakest.join(", ")
    );
    report.add("bank values masked", share(kept, total), "≥ .95", note);
    let texts: Vec<String> = (0..1000).map(|_| negative(&mut dice)).collect();
    let wrong: Vec<&String> = texts
        .iter()
        .filter(|t| engine.check(t, &CheckRequest::default()).has_pii)
        .collect();
    let note = format!(
        "own proxy, {} texts, such as {:?}",
        texts.len(),
        wrong.first()
    );
    report.add(
        "false positives on numeric hard negatives",
        share(wrong.len(), texts.len()),
        "≤ .02",
        note,
    );
}

/// Whether at least nine tenths of the value are masked.
fn covered(engine: &Engine, text: &str, value: &str) -> bool {
    let Some(byte) = text.find(value) else {
        return false;
    };
    let start = text.get(..byte).unwrap_or_default().chars().count();
    let length = value.chars().count();
    let verdict = engine.check(text, &CheckRequest::default());
    let masked: usize = verdict
        .pii_matches
        .iter()
        .map(|m| m.end.min(start + length).saturating_sub(m.start.max(start)))
        .sum();
    masked * 10 >= length * 9
}
