//! Two customers, one response cache, a thousand turns: what either is told is what they would be told alone,
//! and nothing of one stands in the other's replies.

use std::sync::Arc;

use vostro_dialogue::answers::AnswerCache;

use crate::bench::bench;
use crate::scripted::Scripted;

/// Turns of both customers together.
const TURNS: usize = 1_000;

/// Words of each customer's own, in every question of theirs that can hold some.
const CANARIES: [&str; 2] = ["QUILLFEATHER", "MARROWGATE"];

const QUESTIONS: [&str; 10] = [
    "How do I transfer money?",
    "What does an overdraft cost?",
    "How do I pay a bill?",
    "What is a standing order?",
    "Is there a fee for wire transfers? My name is NAME",
    "How can I dispute a charge, asks NAME?",
    "What's my account balance?",
    "Show me my recent transactions",
    "What are the limits for transfers? NAME wants to know",
    "What happens when a card is lost? It was NAME's",
];

#[tokio::test]
async fn no_byte_of_one_customer_reaches_the_other() {
    let echo = || {
        // It would tell everything that it is shown.
        Arc::new(Scripted::new(|request, _| {
            let passage = request.messages[0].text.get(2);
            let passage = passage.map_or("", |text| text.as_str());
            Ok(format!(
                "{} [1]",
                passage.lines().next().unwrap_or_default()
            ))
        }))
    };
    let shared = bench(Some(echo()));
    let mut alone = [bench(Some(echo())), bench(Some(echo()))];
    for bench in &mut alone {
        let concierge =
            std::mem::replace(&mut bench.concierge, crate::bench::bench(None).concierge);
        bench.concierge = concierge.with_answers(AnswerCache::new(0));
    }
    let ids = regex::Regex::new(r"\b[a-z]{3}_[0-9a-z]{10,}").unwrap();
    let (mut hits, mut looks) = (0, 0);
    for turn in 0..TURNS {
        let who = turn % 2;
        let customer = ["ada", "bob"][who];
        let session = format!("{customer} {}", turn / 40);
        let question = QUESTIONS[(turn * 7 + turn / 13) % QUESTIONS.len()];
        let question = question.replace("NAME", CANARIES[who]);
        let with = shared.say(customer, &session, &question).await;
        let without = alone[who].say(customer, &session, &question).await;
        // References of hand-offs are chance.
        let said = |message: &str| ids.replace_all(message, "…").into_owned();
        let (ours, theirs) = (said(with.reply.message()), said(without.reply.message()));
        assert_eq!(ours, theirs, "{question}");
        let told = serde_json::to_string(&with.reply).unwrap();
        assert!(!told.contains(CANARIES[1 - who]), "{question}: {told}");
        if let Some(was_there) = with.account.answer_was_cached {
            looks += 1;
            hits += usize::from(was_there);
        }
        assert_ne!(without.account.answer_was_cached, Some(true));
    }
    println!("{TURNS} turns, {hits} of {looks} answers from the cache, none crossed");
    // Questions that nothing answers are asked anew each time.
    assert!(hits * 10 > looks * 6, "{hits} of {looks}");
}
