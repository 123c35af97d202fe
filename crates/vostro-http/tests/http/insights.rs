//! How conversations went, as colleagues ask for it: figures, the turns behind them, the trace of one.

use serde_json::{Value, json};

use crate::desk::{call, desk, guarded, say};
use crate::store::Health;
use crate::world::{get, send};

const INSIGHTS: &str = "/api/v1/desk/insights";
const TURNS: &str = "/api/v1/desk/turns";

fn named<'a>(counts: &'a Value, name: &str) -> &'a Value {
    let counts = counts.as_array().unwrap();
    let found = counts.iter().find(|count| count["name"] == name);
    found.map_or(&Value::Null, |count| &count["turns"])
}

#[tokio::test]
async fn figures_lead_to_turns_and_turns_to_their_trace() {
    let world = guarded();
    let empty = desk(&world, "GET", INSIGHTS, &Value::Null).await;
    assert_eq!(empty.status, 200, "{}", empty.text);
    assert_eq!(empty.json()["containment"], Value::Null);

    for text in [
        "what's my balance?",
        "do you sell gold coins?",
        "I want to hurt my neighbour",
        "I want to talk to a human",
    ] {
        say(&world, text).await;
    }
    let seen = desk(&world, "GET", INSIGHTS, &Value::Null).await.json();
    assert_eq!(
        (&seen["turns"], &seen["conversations"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(
        (&seen["handed_off"], &seen["containment"]),
        (&json!(1), &json!(0.0))
    );
    assert_eq!(seen["by_day"].as_array().unwrap().len(), 7);
    for (name, turns) in [
        ("answered", 1),
        ("unanswered", 1),
        ("blocked", 1),
        ("handed_off", 1),
    ] {
        assert_eq!(
            named(&seen["dispositions"], name),
            &json!(turns),
            "{name}: {seen}"
        );
    }
    assert_eq!(named(&seen["verdicts"], "passed"), &json!(3));
    assert_eq!(named(&seen["verdicts"], "violence"), &json!(1));
    let open = &seen["unanswered"][0];
    assert_eq!(
        (&open["example"], &open["turns"]),
        (&json!("do you sell gold coins?"), &json!(1))
    );

    let filtered =
        format!("{TURNS}?disposition=answered&intent=check_balance&verdict=passed&days=1");
    let turns = desk(&world, "GET", &filtered, &Value::Null).await.json();
    let turns = turns["turns"].as_array().unwrap();
    assert_eq!(turns.len(), 1);
    assert_eq!(turns[0]["message"], "what's my balance?");
    let path = format!("{TURNS}/{}", turns[0]["turn_id"].as_str().unwrap());
    let trace = desk(&world, "GET", &path, &Value::Null).await;
    assert_eq!(trace.status, 200, "{}", trace.text);
    let trace = trace.json();
    assert_eq!(trace["commands"], json!(["start_flow check_balance"]));
    assert_eq!(trace["steps"][0]["step"], "show_balances");
    assert_eq!(trace["replay"], "equal");
    assert!(trace["turn"]["took_ms"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let world = guarded();
    let table = [
        ("?days=0", 422),
        ("?days=91", 422),
        ("?days=many", 400),
        ("?days=-1", 400),
    ];
    for (query, status) in table {
        for path in [INSIGHTS, TURNS] {
            let answer = desk(&world, "GET", &format!("{path}{query}"), &Value::Null).await;
            assert_eq!(answer.status, status, "{path}{query}: {}", answer.text);
        }
    }
    let odd = desk(
        &world,
        "GET",
        &format!("{TURNS}?disposition=happy"),
        &Value::Null,
    )
    .await;
    assert_eq!(odd.status, 422);
    for absent in ["trn_none", "%00", "..%2f..", &"x".repeat(300)] {
        let answer = desk(&world, "GET", &format!("{TURNS}/{absent}"), &Value::Null).await;
        assert_eq!(answer.status, 404, "{absent}: {}", answer.text);
    }
    for path in [INSIGHTS, TURNS, &format!("{TURNS}/trn_none")] {
        assert_eq!(
            send(&world.concierge, get(path)).await.status,
            401,
            "{path}"
        );
        let far = call("GET", path, "10.0.0.7:9", "");
        assert_eq!(send(&world.concierge, far).await.status, 403, "{path}");
    }
    world.store.set(Health::Unreachable);
    for path in [INSIGHTS, TURNS, &format!("{TURNS}/trn_none")] {
        let down = desk(&world, "GET", path, &Value::Null).await;
        assert_eq!(down.status, 503, "{path}");
    }
}
