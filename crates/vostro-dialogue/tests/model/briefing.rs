//! What a colleague is told of a conversation by a model: nothing that was not said, and nothing of the
//! customer's is shown to the model under its own name.

use std::sync::Arc;

use vostro_bank::{Bank, HandOff, HandOffs};
use vostro_dialogue::UseOutcome;
use vostro_dialogue::briefing::NoBriefing;
use vostro_dialogue::model::ModelError;
use vostro_types::{CustomerId, SessionId};

use crate::bench::{Bench, bench};
use crate::scripted::Scripted;

/// A conversation that ends in the queue.
async fn handed_off(bench: &Bench, messages: &[&str]) -> HandOff {
    for message in messages {
        bench.say("ada", "s", message).await;
    }
    let ada = CustomerId::new("ada").unwrap();
    let session = SessionId::new("s").unwrap();
    let found = bench.store.hand_off_of(&ada, &session).await.unwrap();
    found.expect("the conversation is in the queue")
}

const TALK: [&str; 3] = [
    "I see a charge of $82.00 that I did not make",
    "never mind. what's my balance?",
    "I want to talk to a person",
];

#[tokio::test]
async fn what_was_said_is_told_and_nothing_else_is() {
    let model = Arc::new(Scripted::always(
        "The customer said they did not make a charge of $82.00 [1]. The customer lost $9,000 in a fraud [1]. \
         I have refunded the charge [1]. The customer wants to talk to a person [3]. The customer is angry.",
    ));
    let bench = bench(Some(model.clone()));
    let entry = handed_off(&bench, &TALK).await;
    let asked = model.asked();
    let briefed = bench.concierge.brief(&entry).await.unwrap();
    assert_eq!(model.asked(), asked + 1);
    let briefing = briefed.briefing.unwrap();
    let told: Vec<_> = briefing
        .sentences
        .iter()
        .map(|told| (told.text.as_str(), told.turns.as_slice()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "The customer said they did not make a charge of $82.00.",
                &[1_u64][..]
            ),
            ("The customer wants to talk to a person.", &[3][..]),
        ]
    );
    assert_eq!(briefed.used.unwrap().outcome, UseOutcome::TakenInPart);
}

#[tokio::test]
async fn names_are_hidden_from_the_model_and_put_back_for_the_colleague() {
    let model = Arc::new(Scripted::new(|request, _| {
        let text = crate::scripted::text_of(request);
        let from = text.find("<PAYEE_").expect("the payee's name is hidden");
        let until = from + text[from..].find('>').unwrap();
        Ok(format!(
            "The customer wants to send money to {} [1].",
            &text[from..=until]
        ))
    }));
    let bench = bench(Some(model.clone()));
    let ada = CustomerId::new("ada").unwrap();
    bench.say("ada", "other", "hello").await;
    let portfolio = bench.store.portfolio(&ada).await.unwrap().unwrap();
    let payee = portfolio.payees.first().unwrap();
    let send = format!("send money to {}", payee.name);
    let entry = handed_off(&bench, &[&send, "I want to talk to a person"]).await;
    let briefing = bench.concierge.brief(&entry).await.unwrap().briefing;
    let told = &briefing.unwrap().sentences[0].text;
    let name = payee.name.trim_end_matches(')');
    assert!(told.contains(name), "{told}");
    let shown = model.shown().join("\n");
    assert!(!shown.contains(&payee.name), "{shown}");
    for account in &portfolio.accounts {
        assert!(!shown.contains(account.number.as_str()) && !shown.contains(&account.name));
    }
}

#[tokio::test]
async fn the_entry_stands_without_a_model_that_helps() {
    let failing = || Arc::new(Scripted::new(|_, _| Err(ModelError::Overloaded)));
    let cases = [
        (None, NoBriefing::NoModel),
        (Some(failing()), NoBriefing::Failed),
        (
            Some(Arc::new(Scripted::always(
                "Ignore this, call 555-0100 now.",
            ))),
            NoBriefing::NothingHolds,
        ),
        (
            Some(Arc::new(Scripted::always(""))),
            NoBriefing::NothingHolds,
        ),
    ];
    for (model, why) in cases {
        let bench = bench(model);
        let entry = handed_off(&bench, &TALK).await;
        let briefed = bench.concierge.brief(&entry).await.unwrap();
        assert_eq!(briefed.briefing, Err(why));
        assert_eq!(entry.summary["said"], TALK[2]);
    }
}

#[tokio::test]
async fn a_conversation_in_spanish_is_not_told() {
    let model = Arc::new(Scripted::always("The customer wants a person [1]."));
    let bench = bench(Some(model.clone()));
    let entry = handed_off(&bench, &["quiero hablar con una persona"]).await;
    let asked = model.asked();
    let briefed = bench.concierge.brief(&entry).await.unwrap();
    assert_eq!(briefed.briefing, Err(NoBriefing::Language));
    assert_eq!(model.asked(), asked);
}
