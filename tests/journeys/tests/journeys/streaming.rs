//! The same turn as server-sent events, and reading it again after a lost connection.

use serde_json::Value;
use vostro_journeys::{Deployment, Response, Role, Shape, journeys_on_both_stores};

journeys_on_both_stores! {
    /// Ids count up, the last event is the whole reply, and the text says the same as the sentences.
    async fn a_turn_as_events(bank: &Deployment) {
        let ada = bank.customer("journey_stream");
        let response = ada.stream("What's my account balance?").await;
        assert_eq!(response.status, 200, "{}", response.text);
        assert!(response.header("content-type").starts_with("text/event-stream"));
        let events = response.events();
        let ids: Vec<u64> = events.iter().map(|(id, ..)| number(id)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        let (_, name, done) = events.last().unwrap();
        assert_eq!(name, "done");
        assert_eq!(done["guardrails_passed"], true, "{done}");
        let message = done["message"].as_str().unwrap();
        assert!(message.contains('$'), "{message}");
    }

    /// After `Last-Event-ID` only what came later is sent again, and nobody else gets it.
    async fn a_turn_is_resumed(bank: &Deployment) {
        let ada = bank.customer("journey_resume");
        let events = ada.stream("What's my account balance?").await.events();
        let turn = events.last().unwrap().2["turn_id"].as_str().unwrap().to_owned();
        let first = events.first().unwrap().0.clone();

        let again = resume(bank, &turn, &ada.user, Some(&first)).await;
        assert_eq!(again.status, 200, "{}", again.text);
        assert_eq!(again.events(), events.get(1..).unwrap(), "everything after {first}");
        let all = resume(bank, &turn, &ada.user, None).await;
        assert_eq!(all.events(), events);

        let foreign = resume(bank, &turn, "journey_resume_intruder", None).await;
        foreign.is_problem(404, "NotFound");
        let unknown = resume(bank, "turn_00000000000000000000000000", &ada.user, None).await;
        unknown.is_problem(404, "NotFound");
    }

    /// A turn that was asked for as JSON can be read as events later.
    async fn a_plain_turn_has_events(bank: &Deployment) {
        let mut ada = bank.customer("journey_plain_events");
        let reply = ada.say("What's my balance?").await;
        let events = resume(bank, reply.turn(), &ada.user, None).await.events();
        let (_, _, done) = events.last().unwrap();
        assert_eq!(done["message"], Value::from(reply.message()));
    }
}

fn number(id: &str) -> u64 {
    let digits: String = id.chars().rev().take_while(char::is_ascii_digit).collect();
    digits
        .chars()
        .rev()
        .collect::<String>()
        .parse()
        .expect("an event id ends in a number")
}

async fn resume(bank: &Deployment, turn: &str, user: &str, after: Option<&str>) -> Response {
    let concierge = bank.url(Role::Concierge);
    let url = format!("{concierge}/api/v1/chat/{turn}/events?user_id={user}");
    let mut request = reqwest::Client::new().get(url);
    if let Some(id) = after {
        request = request.header("last-event-id", id);
    }
    Response::of(request).await
}
