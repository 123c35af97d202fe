//! Bad input: refused clearly, with nothing done and the adapter still there.

use reqwest::{Method, StatusCode};
use vostro_types::CustomerId;

use super::{Bench, Verdict, expect, told};
use crate::contract::PROBLEM_JSON;
use crate::port::{CoreBanking as _, CoreError};

impl Bench {
    /// A raw request to the adapter.
    async fn send(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<(StatusCode, String), String> {
        let base = self.subject.core.url.trim_end_matches('/');
        let mut request = self.client.request(method, format!("{base}/v1/{path}"));
        if let Some(token) = &self.subject.core.token {
            request = request.bearer_auth(token.expose());
        }
        let request = request
            .header("content-type", "application/json")
            .body(body);
        let response = request.send().await;
        let response = response.map_err(|error| error.without_url().to_string())?;
        let kind = response.headers().get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        Ok((response.status(), kind.to_owned()))
    }

    fn place_path(&self, key: &str) -> String {
        format!("customers/{}/transfers/{key}", self.customer().as_str())
    }
}

fn is_refusal(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 413 | 415 | 422)
}

pub(super) async fn broken_bodies_are_refused(bench: &Bench) -> Verdict {
    let deep = "[".repeat(20_000);
    for body in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        r#"{"intent": {}}"#,
        r#"{"intent": 7}"#,
        "\u{0}",
        &deep,
    ] {
        let path = bench.place_path(bench.key().as_str());
        let (status, kind) = bench.send(Method::PUT, &path, body.to_owned()).await?;
        let shown: String = body.chars().take(20).collect();
        expect(is_refusal(status), || {
            format!("{shown:?} is answered with {status}")
        })?;
        expect(kind.starts_with(PROBLEM_JSON), || {
            format!("{shown:?} is refused as `{kind}`, not as {PROBLEM_JSON}")
        })?;
    }
    Ok(())
}

pub(super) async fn broken_keys_are_refused(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let order = bench.order(&source, &target, bench.subject.amount_minor);
    let body = serde_json::to_string(&order).unwrap_or_default();
    let upper = "AB".repeat(32);
    for key in ["x", "..%2f..", upper.as_str(), &"a".repeat(65)] {
        let (status, _) = bench
            .send(Method::PUT, &bench.place_path(key), body.clone())
            .await?;
        let refused = is_refusal(status) || status == StatusCode::NOT_FOUND;
        expect(refused, || {
            format!("the key {key:?} is answered with {status}")
        })?;
    }
    let after = bench.account(&source).await?;
    expect(after.available == source.available, || {
        "something was held".to_owned()
    })
}

pub(super) async fn absent_transfers_are_absent(bench: &Bench) -> Verdict {
    let key = bench.key();
    let found = bench.core.transfer(bench.customer(), &key).await;
    let found = found.map_err(|error| told("asking", &error))?;
    expect(found.is_none(), || {
        "a fresh key names a transfer".to_owned()
    })?;
    for answer in [
        bench.core.post(bench.customer(), &key).await,
        bench.core.void(bench.customer(), &key).await,
    ] {
        expect(
            matches!(answer, Err(CoreError::Refused { status: 404 })),
            || format!("it is {answer:?}, not 404"),
        )?;
    }
    Ok(())
}

pub(super) async fn another_customers_key_tells_nothing(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let key = bench.key();
    bench
        .place(
            &key,
            &bench.order(&source, &target, bench.subject.amount_minor),
        )
        .await?;
    let stranger = CustomerId::new("nobody_of_this_name").map_err(|it| it.to_string())?;
    let seen = bench.core.transfer(&stranger, &key).await;
    let seen = seen.map_err(|error| told("asking", &error))?;
    let taken = bench.core.void(&stranger, &key).await;
    bench.void(&key).await?;
    expect(seen.is_none() && taken.is_err(), || {
        "another customer reaches the transfer".to_owned()
    })
}

pub(super) async fn large_bodies_end(bench: &Bench) -> Verdict {
    let body = format!(r#"{{"intent": "{}"}}"#, "x".repeat(1_000_000));
    let path = bench.place_path(bench.key().as_str());
    // An adapter may hang up on a body that it does not want; it must answer the next request.
    if let Ok((status, _)) = bench.send(Method::PUT, &path, body).await {
        expect(is_refusal(status), || {
            format!("it is answered with {status}")
        })?;
    }
    super::reading::it_is_ready(bench).await
}
