//! `GET /api/v1/accounts/{account_id}/statements/{month}`.

use crate::store::Health;
use crate::world::{chat, get, send, world};

const PATH: &str = "/api/v1/accounts/acc_1/statements/2026-10";

#[tokio::test]
async fn a_statement_is_its_customers_in_json_and_csv() {
    let world = world();
    send(&world.concierge, chat("ada", "s1", "What's my balance?")).await;
    let first = send(&world.concierge, get(&format!("{PATH}?user_id=ada"))).await;
    let body = first.json();
    assert_eq!(first.status, 200);
    assert_eq!(
        (
            &body["from"],
            &body["to"],
            &body["opening"]["minor"],
            &body["closing"]["display"]
        ),
        (
            &"2026-10-01".into(),
            &"2026-10-31".into(),
            &1_000.into(),
            &"$7.00".into()
        )
    );
    assert_eq!((&body["count"], &body["next"]), (&3.into(), &1.into()));
    let last = send(
        &world.concierge,
        get(&format!("{PATH}?user_id=ada&after=2")),
    )
    .await;
    assert!(last.json()["next"].is_null());
    let csv = send(
        &world.concierge,
        get(&format!("{PATH}?user_id=ada&format=csv")),
    )
    .await;
    assert_eq!(
        (csv.status, csv.header("content-type")),
        (200, "text/csv; charset=utf-8")
    );
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"statement-2026-10.csv\""
    );
    let line = |number: i64| {
        format!(
            "2026-10-01,\"'=SUM(1), \"\"two\"\"\",-1.00,USD,{}.00,\"trf_{number}\"\r\n",
            10 - number
        )
    };
    let all: String = (1..=3).map(line).collect();
    assert_eq!(
        csv.text,
        format!("date,description,amount,currency,balance,transfer\r\n{all}")
    );

    for (path, status) in [
        (format!("{PATH}?user_id=eve"), 404),
        (
            "/api/v1/accounts/acc_2/statements/2026-10?user_id=ada".to_owned(),
            404,
        ),
        (
            "/api/v1/accounts/acc_1/statements/2026-13?user_id=ada".to_owned(),
            422,
        ),
        (
            "/api/v1/accounts/acc_1/statements/x?user_id=ada".to_owned(),
            422,
        ),
        (PATH.to_owned(), 422),
        (format!("{PATH}?user_id=a%00b"), 422),
        (format!("{PATH}?user_id=ada&format=pdf"), 400),
        (format!("{PATH}?user_id=ada&after=x"), 400),
        (
            "/api/v1/accounts/%ff/statements/2026-10?user_id=ada".to_owned(),
            404,
        ),
    ] {
        let answer = send(&world.concierge, get(&path)).await;
        assert_eq!(answer.status, status, "{path}");
    }
    world.store.set(Health::Unreachable);
    let down = send(&world.concierge, get(&format!("{PATH}?user_id=ada"))).await;
    assert_eq!(down.status, 503);
}
