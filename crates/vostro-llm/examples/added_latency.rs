//! What the client adds to a server's own latency: first token and whole answer, at a steady rate.
//!
//! ```text
//! cargo run --release -p vostro-llm --example added_latency -- [REQUESTS_A_SECOND] [SECONDS]
//! ```
//!
//! The scripted server answers 20 ms after the request and then with 32 tokens, 1 ms apart. Requests are
//! sent at their intended instants whatever became of the ones before (open loop), alternately by the
//! client and by bare reqwest that only looks for the first `"content"` and the end, and are timed from the
//! intended instant. Both share one run, one process and one server, so that what disturbs one disturbs both.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use hdrhistogram::Histogram;
use jiff::tz::TimeZone;
use tokio::time::Instant;
use vostro_dialogue::model::{
    AnswerForm, LanguageModel, ModelEvent, ModelRequest, PromptMessage, PromptText, Speaker,
};
use vostro_llm::{Caps, InMemoryAllowance, LlmClient, LlmSettings, Means};
use vostro_scripted_llm::{Act, ScriptedServer, Step, chunk, done, finish, usage};
use vostro_telemetry::Metrics;
use vostro_types::{CustomerId, SystemClock, SystemEntropy};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Microseconds to the first token and to the end.
struct Times {
    first: Histogram<u64>,
    whole: Histogram<u64>,
    failed: u64,
    first_failure: Option<String>,
}

impl Times {
    fn new() -> Result<Self, Failure> {
        Ok(Self {
            first: Histogram::new_with_bounds(1, 60_000_000, 3)?,
            whole: Histogram::new_with_bounds(1, 60_000_000, 3)?,
            failed: 0,
            first_failure: None,
        })
    }

    fn add(&mut self, took: &Result<(Duration, Duration), Failure>) {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        match *took {
            Ok((first, whole)) => {
                self.first.saturating_record(micros(first));
                self.whole.saturating_record(micros(whole));
            }
            Err(ref error) => {
                self.failed += 1;
                self.first_failure.get_or_insert_with(|| error.to_string());
            }
        }
    }
}

fn script() -> Act {
    let mut steps = vec![Step::Wait(Duration::from_millis(20))];
    for _ in 0..32 {
        steps.extend([
            Step::Send(chunk("word ").into()),
            Step::Wait(Duration::from_millis(1)),
        ]);
    }
    steps.push(Step::Send(
        (finish("stop") + &usage(20, 32) + &done()).into(),
    ));
    Act::Stream(steps)
}

fn request(number: u64) -> Result<ModelRequest, Failure> {
    Ok(ModelRequest {
        customer: CustomerId::new(format!("customer_{number}"))?,
        instructions: vec![PromptText::Written("You help.")],
        messages: vec![PromptMessage {
            speaker: Speaker::Customer,
            text: vec![PromptText::Written("What is a standing order?")],
        }],
        form: AnswerForm::Text,
        max_tokens: 64,
    })
}

async fn through_client(
    client: LlmClient,
    number: u64,
    start: Instant,
) -> Result<(Duration, Duration), Failure> {
    let deadline = (start + Duration::from_secs(10)).into_std();
    let mut stream = client.stream(&request(number)?, deadline).await?;
    let first = start.elapsed();
    while let Some(event) = stream.next().await {
        if matches!(event?, ModelEvent::Done(_)) {
            return Ok((first, start.elapsed()));
        }
    }
    Err("no end".into())
}

async fn bare(
    http: reqwest::Client,
    url: String,
    body: String,
    start: Instant,
) -> Result<(Duration, Duration), Failure> {
    let call = http
        .post(url)
        .header("content-type", "application/json")
        .body(body);
    let mut bytes = call
        .header("accept", "text/event-stream")
        .send()
        .await?
        .bytes_stream();
    let mut first = None;
    while let Some(piece) = bytes.next().await {
        let piece = piece?;
        let has = |word: &[u8]| piece.windows(word.len()).any(|window| window == word);
        if first.is_none() && has(b"\"content\"") {
            first = Some(start.elapsed());
        }
        if has(b"[DONE]") {
            return Ok((first.ok_or("no token")?, start.elapsed()));
        }
    }
    Err("no end".into())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let rate = numbers.next().transpose()?.unwrap_or(200);
    let seconds = numbers.next().transpose()?.unwrap_or(20);
    let server = ScriptedServer::new(None, &["m"]);
    server.otherwise(script());
    let listening = server.listen().await;
    let mut settings = LlmSettings::new(listening.base_url(), "m");
    settings.places.concurrent = 10_000;
    settings.caps = Caps {
        tokens: 0,
        micro_dollars: 0,
        millis: 0,
    };
    let means = Means {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        time_zone: TimeZone::UTC,
        allowance: Arc::new(InMemoryAllowance::new(settings.caps)),
        metrics: Arc::new(Metrics::new("bench")),
    };
    let client = LlmClient::new(settings, means)?;
    client
        .complete(
            &request(0)?,
            (Instant::now() + Duration::from_secs(5)).into_std(),
        )
        .await?;
    let body = server
        .requests()
        .first()
        .ok_or("nothing was asked")?
        .to_string();
    let http = reqwest::Client::builder()
        .no_proxy()
        .tcp_nodelay(true)
        .build()?;
    let url = format!("{}/chat/completions", listening.base_url());

    let times = Arc::new([Mutex::new(Times::new()?), Mutex::new(Times::new()?)]);
    let began = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..rate * seconds {
        let start = began
            + Duration::from_secs_f64(
                f64::from(u32::try_from(number)?) / f64::from(u32::try_from(rate)?),
            );
        tokio::time::sleep_until(start).await;
        let (client, http, times) = (client.clone(), http.clone(), Arc::clone(&times));
        let (url, body) = (url.clone(), body.clone());
        tasks.push(tokio::spawn(async move {
            let [ours, theirs] = &*times;
            let (took, kept) = if number % 2 == 0 {
                (through_client(client, number, start).await, ours)
            } else {
                (bare(http, url, body, start).await, theirs)
            };
            // The first second warms connections up.
            if number >= rate
                && let Ok(mut kept) = kept.lock()
            {
                kept.add(&took);
            }
        }));
    }
    futures::future::join_all(tasks).await;
    report(&times, rate, seconds);
    Ok(())
}

fn report(times: &[Mutex<Times>; 2], rate: u64, seconds: u64) {
    let [Ok(ours), Ok(bare)] = [times[0].lock(), times[1].lock()] else {
        return;
    };
    println!("{rate} requests/s for {seconds} s, half by each; milliseconds");
    println!(
        "{:<22}{:>10}{:>10}{:>10}{:>8}",
        "", "client", "bare", "added", "ratio"
    );
    for (name, ours, bare) in [
        ("first token", &ours.first, &bare.first),
        ("whole answer", &ours.whole, &bare.whole),
    ] {
        for quantile in [0.5, 0.99] {
            let at = |times: &Histogram<u64>| {
                Duration::from_micros(times.value_at_quantile(quantile)).as_secs_f64() * 1e3
            };
            let (a, b) = (at(ours), at(bare));
            let name = format!("{name}, p{:.0}", quantile * 100.0);
            println!("{name:<22}{a:>10.2}{b:>10.2}{:>10.2}{:>8.3}", a - b, a / b);
        }
    }
    println!(
        "counted: {} and {}; failed: {} and {}",
        ours.whole.len(),
        bare.whole.len(),
        ours.failed,
        bare.failed
    );
    for failure in [&ours.first_failure, &bare.first_failure]
        .into_iter()
        .flatten()
    {
        println!("the first failure: {failure}");
    }
}
