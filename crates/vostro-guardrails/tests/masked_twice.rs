//! Masking a masked text changes nothing, whatever the text: made of values, words that announce them, masks and
//! what stands between, in any order and often with nothing between. With the whole masks and with the last four
//! digits, in either scope, with values that the caller allows, and a stream as the whole.
//!
//! `PROPTEST_CASES` says how many texts; the same seed file replays what once failed.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use std::sync::OnceLock;
use vostro_guardrails::{CheckRequest, Direction, Engine, Redactor, Released};

/// The four ways of masking.
fn engines() -> &'static [Engine] {
    static ENGINES: OnceLock<Vec<Engine>> = OnceLock::new();
    ENGINES.get_or_init(|| {
        let made = ["full", "last_four"].into_iter().flat_map(|mask| {
            ["identifying", "wide"].map(|scope| {
                let file = format!("[settings]\nmask = \"{mask}\"\npii = \"{scope}\"\n");
                Engine::from_policies(&[("own.toml".to_owned(), file)]).unwrap()
            })
        });
        made.collect()
    })
}

fn request(allow: &[String]) -> CheckRequest<'_> {
    CheckRequest {
        safety: false,
        injection: false,
        allow,
        ..CheckRequest::all(Direction::Input)
    }
}

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(texts).prop_map(str::to_owned)
}

/// "a.b@c.example@d.co": one address, or some with nothing between.
fn addresses() -> impl Strategy<Value = String> {
    let link = "[a-z0-9*._+'-]{0,4}@[a-z0-9.-]{0,4}[.]?(co|de|example|x)?";
    proptest::collection::vec(link, 1..6).prop_map(|links| links.concat())
}

fn urls() -> impl Strategy<Value = String> {
    "(https?|ftp|www)(://|[.])([a-z]{1,4}:[a-z0-9*@]{1,5}@)?[a-z*]{1,6}[.](com|de)(/[a-z0-9@*]{0,6})?([?](token|q)=[a-z0-9*]{0,6})?"
}

fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        one_of(&[
            "4111 1111 1111 1111",
            "4111111111111111",
            "5500-0055-5555-5559",
            "378282246310005",
            "123-45-6789",
            "123456789",
            "912-70-1234",
            "021000021",
            "DE89 3704 0044 0532 0130 00",
            "GB82WEST12345698765432",
            "+49 30 901820",
            "(415) 555-0100",
            "415-555-0100",
            "203.0.113.9",
            "2001:db8::1",
            "7 March 1984",
            "03/07/1984",
            "12 mars 2001",
            "4821",
            "123",
            "482913",
            "four one one one",
            "one two three four five six seven eight nine",
            "double five 12 nine",
            "٤١١١١١١١١١١١١١١١",
            "４１１１",
        ]),
        "[0-9]{1,17}",
        "[0-9]{2,4}([ ./-][0-9]{2,4}){1,5}",
    ]
}

fn words() -> impl Strategy<Value = String> {
    one_of(&[
        "account number",
        "account",
        "Account #",
        "card",
        "card:",
        "cvv",
        "my PIN is",
        "pin",
        "password is",
        "password:",
        "pwd=",
        "code is",
        "OTP",
        "SSN",
        "itin",
        "iban",
        "routing number",
        "SWIFT",
        "call",
        "born on",
        "passport no.",
        "driver's license",
        "api key",
        "token=",
        "my name is",
        "Mr",
        "Dr.",
        "I live at",
        "wohne in",
        "order",
        "invoice",
        "version",
        "from",
        "in",
        "at",
        "dot",
        "to",
        "by",
        "the",
    ])
}

fn names() -> impl Strategy<Value = String> {
    one_of(&[
        "Maria Gonzalez",
        "John",
        "Smith",
        "Acme Corp",
        "Portugal",
        "Berlin",
        "221B Baker Street, London",
        "12 rue de la Paix",
        "Lindenstraße 14",
        "12345 Berlin",
        "NY 10001",
        "hunter2!",
        "Tr0ub4dor&3",
        "DEUTDEFF",
        "D1234567",
        "C01X00T47",
        "A7K9Q2",
        "ghp_0123456789abcdefghijABCDEFGHIJ",
        "sk_live_0123456789abcdef",
        "-----BEGIN PRIVATE KEY-----",
        "Monday",
        "2019",
        "jane at example dot com",
    ])
}

fn masks() -> impl Strategy<Value = String> {
    one_of(&[
        "***-**-****",
        "**** **** **** ****",
        "**** **** **** 1111",
        "***",
        "****",
        "*",
        "[IBAN]",
        "*********",
        "[BIC]",
        "Account #********",
        "Account #****6789",
        "***@***.***",
        "***-***-****",
        "***.***.***.***",
        "[URL]",
        "**/**/****",
        "[DRIVER'S LICENCE]",
        "[PASSPORT]",
        "[ADDRESS]",
        "[NAME]",
        "[ORGANIZATION]",
        "[PLACE]",
        "[DATE]",
        "[KEY]",
        "********",
        "******",
        "<EMAIL_1>",
    ])
}

fn between() -> impl Strategy<Value = String> {
    one_of(&[
        "", "", " ", " ", " ", ", ", ". ", "\n", "\n\n", "@", ".", "-", "/", ":", "=", "(", ")",
        "[", "]", "'", "\"", "+", "#", "*", "$", "<", "\u{200b}", "\u{301}", "é", "日", "\u{a0}",
        "x",
    ])
}

fn text() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        3 => addresses(),
        2 => urls(),
        4 => numbers(),
        4 => words(),
        2 => names(),
        2 => masks(),
        1 => ".{0,6}",
    ];
    proptest::collection::vec((value, between()), 1..14)
        .prop_map(|parts| parts.into_iter().map(|(v, b)| v + &b).collect())
}

/// One value again and again, as in a list: what a mask brings closer to the next one goes on and on.
fn list() -> impl Strategy<Value = String> {
    let value = prop_oneof![numbers(), addresses(), names(), masks()];
    (words(), between(), value, between(), 1usize..40).prop_map(
        |(word, gap, value, between, times)| word + &gap + &(value + &between).repeat(times),
    )
}

fn twice(text: &str, allow: &[String]) -> Result<(), TestCaseError> {
    for engine in engines() {
        let once = engine.check(text, &request(allow)).masked_text;
        let twice = engine.check(&once, &request(allow)).masked_text;
        prop_assert_eq!(&twice, &once);
    }
    Ok(())
}

proptest! {
    #[test]
    fn masking_twice_changes_nothing(text in prop_oneof![3 => text(), 1 => list()]) {
        twice(&text, &[])?;
    }

    #[test]
    fn nor_does_it_where_values_are_allowed(text in text(), allow in prop_oneof![numbers(), addresses(), urls(), names()]) {
        let text = format!("{text} {allow}");
        twice(&text, &[allow])?;
    }

    #[test]
    fn a_stream_is_masked_as_the_whole(text in prop_oneof![text(), list()], times in 1usize..6, cut in 0usize..4000) {
        let text = text.repeat(times);
        let cut = text.char_indices().map(|c| c.0).find(|at| *at >= cut).unwrap_or(text.len());
        for engine in engines() {
            let whole = engine.mask_in_pieces(&text, &request(&[]));
            let mut redactor = Redactor::new(engine, request(&[]));
            let released = [redactor.push(&text[..cut]), redactor.push(&text[cut..]), redactor.finish()];
            let parts: String = released.iter().map(|part| match part {
                Released::Text(part) => part.as_str(),
                Released::Blocked => "",
            }).collect();
            prop_assert_eq!(Some(parts), whole);
        }
    }
}
