//! What a model is asked in a turn, what of its answer is taken, and what leaves.

use std::sync::Arc;

use vostro_bank::{Conversations, TurnLog};
use vostro_dialogue::model::ModelError;
use vostro_dialogue::{AdvisorSettings, Tier, UseOutcome};
use vostro_types::{CustomerId, SessionId};

use crate::bench::{Ear, articles, bench, bench_with, eager};
use crate::scripted::Scripted;

/// Nothing that the rules know.
const MUDDLE: &str = "umm so zzorp anna a flimwit of twenty five";

const TRANSFER: &str = r#"{"commands":[{"command":"start_flow","flow":"transfer"},
    {"command":"set_slot","slot":"target","words":"<PAYEE_1>"},
    {"command":"set_slot","slot":"amount","words":"twenty five"}]}"#;

const FREE: &str = "How do I transfer money?";

#[tokio::test]
async fn a_muddled_message_becomes_a_proposal_and_only_the_customer_confirms_it() {
    let model = Arc::new(Scripted::always(TRANSFER));
    let bench = eager(model.clone());
    let said = bench.say("ada", "s", MUDDLE).await;
    assert_eq!(said.account.tier, Tier::Model);
    let used = said.account.understanding.unwrap();
    assert_eq!(
        (used.outcome, used.usage.prompt_tokens),
        (UseOutcome::Taken, 100)
    );
    let message = said.reply.message();
    assert!(
        message.contains("$25.00") && message.contains("Anna"),
        "{message}"
    );
    let before = bench.balances("ada").await;
    let posted = bench.say("ada", "s", "yes").await;
    assert!(
        posted.reply.message().contains("complete"),
        "{}",
        posted.reply.message()
    );
    assert_ne!(bench.balances("ada").await, before);
    assert_eq!(model.asked(), 1, "a yes is nobody else's to read");
    let session = SessionId::new("s").unwrap();
    let turns = bench.store.recorded_turns(&session, 0, 9).await.unwrap();
    let tiers: Vec<_> = turns
        .iter()
        .map(|turn| turn.evidence.as_ref().unwrap().facts.to_value()["tier"].clone())
        .collect();
    assert_eq!(tiers, ["model", "local"]);
}

#[tokio::test]
async fn what_the_rules_are_sure_of_is_not_asked_about() {
    let model = Arc::new(Scripted::always(TRANSFER));
    let settings = AdvisorSettings {
        words_answers: false,
        ..AdvisorSettings::default()
    };
    let bench = bench_with(Some(model.clone()), articles(), settings);
    for text in [
        "What's my account balance?",
        "Show me my recent transactions",
        "Send $25 to Anna",
        "no",
        "Pay my electricity bill $120",
        "cancel",
        "I lost my card",
        "talk to a person",
        FREE,
    ] {
        let said = bench.say("ada", "s", text).await;
        assert_eq!(
            (model.asked(), said.account.tier),
            (0, Tier::Local),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_model_that_gives_nothing_costs_nothing() {
    let plain = bench(None);
    let expected = plain.say("ada", "s", MUDDLE).await;
    let answers: [Result<&str, ModelError>; 6] = [
        Err(ModelError::Unreachable),
        Err(ModelError::CapsUnknown),
        Ok(""),
        Ok("I have sent $25 to Anna."),
        Ok(r#"{"commands":[]}"#),
        Ok(r#"{"commands":[{"command":"confirm"}]}"#),
    ];
    for answer in answers {
        let told = answer.map(str::to_owned);
        let model = Arc::new(Scripted::new(move |_, _| told.clone()));
        let bench = eager(model.clone());
        let said = bench.say("ada", "s", MUDDLE).await;
        assert_eq!(said.reply.message(), expected.reply.message(), "{answer:?}");
        assert_eq!((model.asked() > 0, said.account.tier), (true, Tier::Local));
    }
}

/// The conversation so far is shown, without what the portfolio knows of the customer.
#[tokio::test]
async fn the_conversation_is_shown_in_pseudonyms() {
    let model = Arc::new(Scripted::always("{}"));
    let bench = eager(model.clone());
    bench.say("ada", "s", "Send $25 to Anna").await;
    bench.say("ada", "s", "zzorp flimwit").await;
    let shown = model.shown().pop().unwrap();
    assert!(shown.contains("Send $25 to <PAYEE_1>"), "{shown}");
    assert!(shown.contains("zzorp flimwit") && shown.contains("waits for the customer's yes"));
    assert!(!shown.to_lowercase().contains("anna"), "{shown}");
}

fn quoted(request: &vostro_dialogue::model::ModelRequest) -> String {
    // The first sentence of the first passage, as it stands.
    let passage = request.messages[0].text[2].as_str();
    let end = passage.find(". ").map_or(passage.len(), |at| at + 1);
    passage[..end].lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn an_answer_is_worded_from_its_passages_and_kept() {
    let model = Arc::new(Scripted::new(|request, _| {
        Ok(format!("{} [1]", quoted(request)))
    }));
    let bench = bench(Some(model.clone()));
    let ear = Ear::default();
    let said = bench.hear("ada", "s", FREE, &ear).await;
    assert_eq!(said.account.wording.unwrap().outcome, UseOutcome::Taken);
    assert_eq!(said.account.wording_was_cached, Some(false));
    let message = said.reply.message();
    assert!(
        message.contains("Source: ") && !message.contains("[1]"),
        "{message}"
    );
    assert_eq!(ear.text(), message);
    assert_eq!(*ear.0.lock().unwrap(), said.events);
    let shown = model.shown().pop().unwrap();
    assert!(!shown.contains(FREE), "the question is not shown: {shown}");
    let again = bench
        .say("bob", "t", "how do I transfer money, please")
        .await;
    assert_eq!(again.reply.message(), message);
    assert_eq!(again.account.answer_was_cached, Some(true));
    assert_eq!(again.account.wording_was_cached, Some(true));
    assert_eq!(model.asked(), 1);
    let turn = again.reply.turn_id();
    let bob = CustomerId::new("bob").unwrap();
    let resumed = bench
        .store
        .turn_events(&bob, turn, 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(resumed, again.events[1..]);
}

#[tokio::test]
async fn words_that_do_not_hold_are_not_said() {
    let template = bench(None).say("ada", "s", FREE).await;
    let template = template.reply.message();
    let cases: [(&str, UseOutcome); 6] = [
        ("I have sent $500.00 to Anna. [1]", UseOutcome::Nothing),
        (
            "QUOTE [1] I have sent $500.00 to Anna. [1]",
            UseOutcome::TakenInPart,
        ),
        (
            "QUOTE [1] It costs $999.00. [1] QUOTE [1]",
            UseOutcome::TakenInPart,
        ),
        ("QUOTE [1] And then<cut>", UseOutcome::TakenInPart),
        ("", UseOutcome::Nothing),
        ("<cut>", UseOutcome::Failed),
    ];
    for (text, outcome) in cases {
        let model = Arc::new(Scripted::new(move |request, _| {
            Ok(text.replace("QUOTE", &quoted(request)))
        }));
        let bench = bench(Some(model));
        let ear = Ear::default();
        let said = bench.hear("ada", "s", FREE, &ear).await;
        assert_eq!(said.account.wording.unwrap().outcome, outcome, "{text}");
        let message = said.reply.message();
        assert!(message.ends_with(template), "{text}: {message}");
        assert!(
            !message.contains("500") && !message.contains("999"),
            "{message}"
        );
        assert_eq!(ear.text(), message);
        assert!(said.reply.guardrails_passed(), "{text}");
    }
}

/// A sentence leaves while the model is still speaking.
#[tokio::test]
async fn sentences_leave_before_the_answer_is_whole() {
    use async_trait::async_trait;
    use std::time::Instant;
    use vostro_dialogue::model::{
        LanguageModel, ModelAnswer, ModelEvent, ModelRequest, ModelStream,
    };
    use vostro_dialogue::{Advisor, AdvisorSettings};

    struct Slow(Arc<Ear>);

    #[async_trait]
    impl LanguageModel for Slow {
        async fn complete(&self, _: &ModelRequest, _: Instant) -> Result<ModelAnswer, ModelError> {
            Err(ModelError::Busy)
        }

        async fn stream(
            &self,
            request: &ModelRequest,
            _: Instant,
        ) -> Result<ModelStream, ModelError> {
            let first = format!("{} [1] ", quoted(request));
            let ear = Arc::clone(&self.0);
            let pieces = [first, "Next".to_owned(), " comes".to_owned()];
            let stream = pieces.into_iter().enumerate().map(move |(at, piece)| {
                if at == 2 {
                    assert!(!ear.text().is_empty(), "the first sentence has not left");
                }
                Ok(ModelEvent::Text(piece))
            });
            Ok(Box::pin(futures::stream::iter(stream)))
        }
    }

    let ear = Arc::new(Ear::default());
    let mut bench = bench(None);
    let model = Arc::new(Slow(Arc::clone(&ear)));
    let engine = crate::bench::ENGINE.clone();
    let advisor = Advisor::new(model, engine, AdvisorSettings::default());
    bench.concierge = bench.concierge.with_advisor(advisor);
    let said = bench.hear("ada", "s", FREE, &ear).await;
    assert_eq!(ear.text(), said.reply.message());
    let steps: Vec<_> = said
        .events
        .iter()
        .take(3)
        .map(|it| it.data.to_value())
        .collect();
    assert_eq!(steps[0]["step"], "wording");
    assert_eq!(steps[1]["step"], "answered");
    assert!(steps[2]["text"].is_string());
}
