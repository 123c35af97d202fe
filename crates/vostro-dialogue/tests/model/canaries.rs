//! Personal data that is planted where a conversation can hold it: none of it is ever in a request to a model,
//! and none that a model makes up, in pieces, is in what leaves.

use std::sync::Arc;

use vostro_bank::Bank;
use vostro_knowledge::parse;
use vostro_types::CustomerId;

use crate::bench::{Ear, bench, bench_with, eager};
use crate::scripted::Scripted;
use vostro_dialogue::AdvisorSettings;

/// A value with its kind, and the part of it that must not be seen.
const CANARIES: [(&str, &str); 9] = [
    ("my card is 4111 1111 1111 1111", "1111"),
    ("my card is 5500-0055-5555-5559", "5555"),
    ("SSN 123-45-6789", "6789"),
    ("write to zebulon.quill@example.com", "zebulon"),
    ("my account number is 98765432109", "98765432109"),
    ("account 4477 1188 22", "1188"),
    ("call me at (415) 555-0199", "0199"),
    ("IBAN DE89 3704 0044 0532 0130 00", "3704"),
    ("my name is Zebulon Quillfeather", "Quillfeather"),
];

#[tokio::test]
async fn none_is_in_a_request() {
    let model = Arc::new(Scripted::always("{\"commands\":[]}"));
    let bench = eager(model.clone());
    for (at, (canary, _)) in CANARIES.iter().enumerate() {
        let session = format!("s{at}");
        bench
            .say("ada", &session, &format!("zzorp flimwit {canary}"))
            .await;
        // And then as history.
        bench.say("ada", &session, "zzorp flimwit once more").await;
    }
    let ada = CustomerId::new("ada").unwrap();
    let portfolio = bench.store.portfolio(&ada).await.unwrap().unwrap();
    for (at, payee) in portfolio.payees.iter().enumerate() {
        let session = format!("p{at}");
        let text = format!("zzorp {} flimwit {}", payee.name, payee.number.as_str());
        bench.say("ada", &session, &text).await;
        bench.say("ada", &session, "zzorp flimwit once more").await;
    }
    assert!(model.asked() >= CANARIES.len() * 2, "{}", model.asked());
    let shown = model.shown().join("\n");
    for (canary, secret) in CANARIES {
        assert!(!shown.contains(secret), "{canary}: {shown}");
    }
    for payee in &portfolio.payees {
        assert!(!shown.contains(&payee.name) && !shown.contains(payee.number.as_str()));
    }
    for account in &portfolio.accounts {
        assert!(!shown.contains(account.number.as_str()));
    }
}

/// A passage with somebody's data in it is not shown to a model.
#[tokio::test]
async fn none_of_an_article_is_in_a_request() {
    let article = "+++\nid = \"flimwits\"\ntitle = \"Transfer money\"\ncategory = \"transfers\"\ntags = [\"transfer money\"]\n\
         audience = \"public\"\nlanguage = \"en\"\nversion = 1\nupdated = 2026-11-01\n+++\n## How do I transfer money?\n\n\
         To transfer money, give the card 4111 1111 1111 1111 of the customer.\n";
    let model = Arc::new(Scripted::always("Give the card. [1]"));
    let documents = vec![parse("flimwits.md", article).unwrap()];
    let bench = bench_with(Some(model.clone()), documents, AdvisorSettings::default());
    let said = bench.say("ada", "s", "How do I transfer money?").await;
    assert!(
        said.reply.message().contains("Source: "),
        "{}",
        said.reply.message()
    );
    assert!(!model.shown().join("\n").contains("1111"));
}

/// The scripted model's answers come in pieces of three characters.
#[tokio::test]
async fn none_of_a_models_own_making_leaves() {
    for (canary, secret) in CANARIES {
        let model = Arc::new(Scripted::new(move |request, _| {
            let passage = request.messages[0]
                .text
                .get(2)
                .map_or("", |text| text.as_str());
            let first = passage.split_inclusive(". ").next().unwrap_or_default();
            Ok(format!("{first} [1] {first} {canary} [1]"))
        }));
        let bench = bench(Some(model.clone()));
        let ear = Ear::default();
        let said = bench
            .hear("ada", "s", "How do I transfer money?", &ear)
            .await;
        assert_eq!(model.asked(), 1);
        let events = serde_json::to_string(&*ear.0.lock().unwrap()).unwrap();
        assert!(
            !events.contains(secret),
            "{canary}: {}",
            said.reply.message()
        );
    }
}
