//! Places, caps, identical requests, and what leaves this process.

use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use vostro_dialogue::model::{
    Bound, Cap, LanguageModel, ModelError, PromptMessage, PromptText, Speaker, Wait,
};
use vostro_scripted_llm::Act;
use vostro_types::{CustomerId, Sourced};

use crate::support::{fixture, request, within};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn places_are_few_and_the_queue_ends() {
    let fixture = fixture(
        &["a"],
        |settings| {
            settings.places.concurrent = 1;
            settings.places.queue = 2;
            settings.places.patience = Duration::from_millis(1_500);
        },
        [],
    );
    fixture
        .server
        .otherwise(Act::After(SECOND, Box::new(Act::says("x"))));
    let asked = ["one", "two", "three", "four"].map(|words| fixture.ask(words));
    let ended: Vec<_> = join_all(asked)
        .await
        .into_iter()
        .map(|a| a.map(|a| a.whole))
        .collect();
    let expected = [
        Ok(SECOND),
        Ok(2 * SECOND),
        Err(ModelError::TimedOut(Wait::Queue)),
        Err(ModelError::Busy),
    ];
    assert_eq!(ended, expected);
    assert!(fixture.has_metric("vostro_model_queue_depth 0"));
    assert!(fixture.has_metric("vostro_model_in_flight 0"));
    assert!(fixture.has_metric(r#"vostro_model_requests_total{outcome="busy"} 1"#));
}

#[tokio::test(start_paused = true)]
async fn a_listener_who_goes_away_leaves_nothing_open() {
    let fixture = fixture(&["a"], |settings| settings.places.concurrent = 1, []);
    fixture
        .server
        .otherwise(Act::says_slowly("one two three", SECOND));
    let mut stream = fixture
        .client
        .stream(&request("hi"), within(60))
        .await
        .unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    assert!(fixture.has_metric("vostro_model_in_flight 1"));
    drop(stream);
    assert!(fixture.has_metric("vostro_model_in_flight 0"));
    assert!(fixture.has_metric(r#"vostro_model_requests_total{outcome="abandoned"} 1"#));
    assert_eq!(fixture.ask("hi").await.unwrap().text, "one two three");
}

#[tokio::test(start_paused = true)]
async fn a_customer_s_day_has_caps() {
    // A request reserves its prompt (some 6 tokens) and 100 for the answer, and takes 19 in the end.
    let fixture = fixture(&["a"], |settings| settings.caps.tokens = 150, []);
    let both = join_all([fixture.ask("one"), fixture.ask("two")]).await;
    assert!(both[0].is_ok());
    assert_eq!(
        both[1],
        Err(ModelError::CapReached(Cap::Tokens)),
        "what is reserved counts"
    );
    assert!(
        fixture.ask("three").await.is_ok(),
        "what was not used is free again"
    );
    assert!(fixture.ask("four").await.is_ok());
    assert_eq!(
        fixture.ask("five").await,
        Err(ModelError::CapReached(Cap::Tokens))
    );
    let mut other = request("five");
    other.customer = CustomerId::new("ben").unwrap();
    assert!(fixture.client.complete(&other, within(60)).await.is_ok());
    assert_eq!(fixture.asked(), 4, "a capped request is not sent");
    assert!(fixture.has_metric(r#"vostro_model_tokens_total{model="a",kind="prompt"} 48"#));
    assert!(fixture.has_metric(r#"vostro_model_cost_micro_dollars_total{model="a"} 104"#));
}

#[tokio::test(start_paused = true)]
async fn identical_requests_of_one_customer_are_asked_once() {
    let fixture = fixture(&["a"], |_| {}, []);
    fixture
        .server
        .otherwise(Act::After(SECOND, Box::new(Act::says("x"))));
    let mut other = request("same");
    other.customer = CustomerId::new("ben").unwrap();
    let mut first = Box::pin(fixture.ask("same"));
    let (second, third) = (fixture.ask("same"), fixture.ask("different"));
    let apart = fixture.client.complete(&other, within(60));
    // The first one begins the work and goes away; the second one still gets it.
    assert!(futures::poll!(&mut first).is_pending());
    let rest = async {
        tokio::time::sleep(SECOND / 2).await;
        drop(first);
        std::future::pending::<()>().await;
    };
    let answers = async { tokio::join!(second, third, apart) };
    let (second, third, apart) = tokio::select! {
        answers = answers => answers,
        () = rest => unreachable!(),
    };
    for answer in [second, third, apart] {
        assert_eq!(answer.unwrap().text, "x");
    }
    assert_eq!(fixture.asked(), 3);
    assert!(fixture.has_metric("vostro_model_shared_total 1"));
    fixture.ask("same").await.unwrap();
    assert_eq!(fixture.asked(), 4, "an answer is not kept");
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_is_in_turn_and_has_no_personal_data() {
    let fixture = fixture(&["a"], |settings| settings.bounds.prompt = 2_000, []);
    let mut asked =
        request("My card is 4111 1111 1111 1111, my SSN 123-45-6789, write to jane@example.com");
    let hidden = asked.messages[0].text[0].clone();
    let message = |speaker, text| PromptMessage {
        speaker,
        text: vec![text],
    };
    let passage = PromptText::Public(Sourced::new("Fees: none.".to_owned()));
    asked.messages = vec![
        message(Speaker::Assistant, PromptText::Written("Hello!")),
        message(Speaker::Customer, hidden),
        message(Speaker::Customer, passage),
        message(Speaker::Assistant, PromptText::Written("Noted.")),
        message(Speaker::Customer, PromptText::Written("And now?")),
    ];
    fixture.client.complete(&asked, within(60)).await.unwrap();
    let sent = fixture.server.requests()[0].to_string();
    for canary in ["4111", "123-45", "6789", "jane", "anna"] {
        assert!(!sent.contains(canary), "{canary} in {sent}");
    }
    assert!(
        sent.contains("<CARD_1>") && sent.contains("Fees: none."),
        "{sent}"
    );
    fixture.check();
    let cases = [
        (
            vec![],
            ModelError::Unsendable("the last message is not the customer's"),
        ),
        (
            vec![message(Speaker::Assistant, PromptText::Written("x"))],
            ModelError::Unsendable("the last message is not the customer's"),
        ),
        (
            vec![message(
                Speaker::Customer,
                PromptText::Public(Sourced::new("x".repeat(2_001))),
            )],
            ModelError::TooLarge(Bound::Prompt),
        ),
    ];
    for (messages, expected) in cases {
        asked.messages = messages;
        assert_eq!(
            fixture.client.complete(&asked, within(60)).await,
            Err(expected)
        );
    }
    assert_eq!(fixture.asked(), 1);
}
