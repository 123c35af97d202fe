//! Sends the load when it is due, and writes down what came of each request.
//!
//! A thread of its own keeps the time (a runtime's timers are a millisecond coarse) and hands each request
//! over at its moment; every request is then a task. When the deployment is slow, tasks pile up here, up to a
//! bound beyond which a request counts as failed without being sent: a load generator that slows down with
//! its server measures nothing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::answer::{Answer, judge, send};
use crate::customers::{Conversation, Customers, lock};
use crate::error::BenchError;
use crate::expect::{self, Moved};
use crate::figures::{Outcome, Sample};
use crate::mix::{CHECKS, Kind, MixKind, messages};
use crate::profile::{Arrivals, Phase, Schedule};
use crate::target::Target;

/// Requests that may be under way at once.
const MOST_UNDER_WAY: usize = 4_000;

/// How the load is sent.
#[derive(Debug, Clone)]
pub(crate) struct LoadSettings {
    /// What is sent.
    pub mix: MixKind,
    /// A text in place of the mix's own, for checks and for [`Kind::Say`].
    pub text: Option<Arc<str>>,
    /// How long a user waits between two requests.
    pub think: Duration,
    /// How requests are spread.
    pub arrivals: Arrivals,
    /// After so long a request counts as failed.
    pub timeout: Duration,
    /// The number that all choices are made from.
    pub seed: u64,
}

/// Sends requests and keeps what came of them.
pub(crate) struct Driver {
    http: reqwest::Client,
    target: Target,
    customers: Customers,
    settings: LoadSettings,
    origin: Instant,
    replica: AtomicUsize,
    under_way: AtomicUsize,
    taken: Mutex<Taken>,
}

/// What was written down.
#[derive(Debug, Default)]
struct Taken {
    samples: Vec<Sample>,
    reasons: BTreeMap<String, u64>,
}

/// One request that is due.
#[derive(Debug, Clone, Copy)]
struct Job {
    phase: u16,
    kind: Kind,
    /// Chooses among a kind's words.
    variant: usize,
    due: Instant,
}

impl Driver {
    /// For this deployment and these customers; the run's time begins now.
    pub(crate) fn new(
        target: Target,
        customers: Customers,
        settings: LoadSettings,
    ) -> Result<Arc<Self>, BenchError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .tcp_nodelay(true)
            .pool_max_idle_per_host(usize::MAX)
            .pool_idle_timeout(Duration::from_mins(5))
            .timeout(settings.timeout)
            .build()
            .map_err(BenchError::Client)?;
        Ok(Arc::new(Self {
            http,
            target,
            customers,
            settings,
            origin: Instant::now(),
            replica: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            taken: Mutex::default(),
        }))
    }

    /// The customers.
    pub(crate) fn customers(&self) -> &Customers {
        &self.customers
    }

    /// Seconds since the run began.
    pub(crate) fn elapsed(&self) -> f64 {
        self.origin.elapsed().as_secs_f64()
    }

    /// Everything that was written down so far: the samples, and why requests went wrong.
    pub(crate) fn taken(&self) -> (Vec<Sample>, BTreeMap<String, u64>) {
        let taken = lock(&self.taken);
        (taken.samples.clone(), taken.reasons.clone())
    }

    /// How many requests were written down, and how many of them were not answered rightly.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let taken = lock(&self.taken);
        let bad = taken.samples.iter().rev().take(10_000);
        (
            taken.samples.len(),
            bad.filter(|sample| sample.outcome != Outcome::Right)
                .count(),
        )
    }

    /// Sends the phases' load, numbering phases from `first`, and waits for its answers.
    pub(crate) async fn drive(
        self: &Arc<Self>,
        phases: &[Phase],
        first: u16,
        stop: &Arc<AtomicBool>,
    ) {
        let (sender, mut due) = mpsc::unbounded_channel::<Job>();
        let keeper = self.keep_time(phases.to_vec(), first, sender, Arc::clone(stop));
        let mut requests = JoinSet::new();
        while let Some(job) = due.recv().await {
            while requests.try_join_next().is_some() {}
            if self.under_way.load(Ordering::Relaxed) >= MOST_UNDER_WAY {
                self.not_sent(job);
                continue;
            }
            let driver = Arc::clone(self);
            requests.spawn(async move { driver.perform(job).await });
        }
        while requests.join_next().await.is_some() {}
        // The thread ended when it dropped its sender.
        drop(keeper.join());
    }

    /// Keeps so many requests under way, each sent when the one before was answered: how much can be done,
    /// not how it feels.
    pub(crate) async fn saturate(
        self: &Arc<Self>,
        connections: usize,
        lasts: Duration,
        phase: u16,
    ) {
        let end = Instant::now() + lasts;
        let mut workers = JoinSet::new();
        for number in 0..connections {
            let driver = Arc::clone(self);
            let seed = self.settings.seed.wrapping_add(number as u64);
            workers.spawn(async move {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                while Instant::now() < end {
                    let job = Job {
                        phase,
                        kind: driver.settings.mix.draw(&mut rng),
                        variant: rng.random_range(0..usize::from(u16::MAX)),
                        due: Instant::now(),
                    };
                    driver.perform(job).await;
                }
            });
        }
        while workers.join_next().await.is_some() {}
    }

    fn keep_time(
        &self,
        phases: Vec<Phase>,
        first: u16,
        sender: mpsc::UnboundedSender<Job>,
        stop: Arc<AtomicBool>,
    ) -> std::thread::JoinHandle<()> {
        let LoadSettings {
            mix,
            think,
            arrivals,
            seed,
            ..
        } = self.settings.clone();
        let began = Instant::now();
        std::thread::spawn(move || {
            let mut choices = ChaCha8Rng::seed_from_u64(seed ^ u64::from(first));
            let rng = ChaCha8Rng::seed_from_u64(seed.rotate_left(17) ^ u64::from(first));
            for (place, at) in Schedule::new(&phases, think, arrivals, rng) {
                let due = began + Duration::from_secs_f64(at);
                let kind = mix.draw(&mut choices);
                let variant = choices.random_range(0..usize::from(u16::MAX));
                loop {
                    let left = due.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    // In steps, so that a stop is heard.
                    std::thread::sleep(left.min(Duration::from_millis(200)));
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                }
                let phase = first.saturating_add(u16::try_from(place).unwrap_or(u16::MAX));
                let job = Job {
                    phase,
                    kind,
                    variant,
                    due,
                };
                if sender.send(job).is_err() {
                    return;
                }
            }
        })
    }

    fn not_sent(&self, job: Job) {
        let waited = self.settings.timeout.as_micros();
        let waited = u64::try_from(waited).unwrap_or(u64::MAX);
        let mut taken = lock(&self.taken);
        let reason = format!("not sent: {MOST_UNDER_WAY} requests were under way");
        *taken.reasons.entry(reason).or_default() += 1;
        taken.samples.push(Sample {
            phase: job.phase,
            kind: job.kind,
            due: job.due.duration_since(self.origin).as_secs_f64(),
            response_us: waited,
            service_us: 0,
            outcome: Outcome::Failed,
        });
    }

    /// One request, and where it proposes a movement the customer's yes to it.
    async fn perform(&self, job: Job) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        if job.kind.is_chat() {
            self.converse(job).await;
        } else {
            self.ask(job).await;
        }
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    async fn ask(&self, job: Job) {
        let (request, case) = match job.kind {
            Kind::Search => {
                let url = format!("{}/api/v1/rag/search", self.target.rag);
                let body = json!({"query": pick(messages(Kind::Search), job.variant), "limit": 5});
                (self.http.post(url).json(&body), None)
            }
            Kind::Check => {
                let url = format!("{}/api/v1/guardrails/check", self.target.guardrails);
                let case = match &self.settings.text {
                    Some(_) => None,
                    None => CHECKS.get(job.variant % CHECKS.len()),
                };
                let text = case.map_or(self.settings.text.as_deref(), |case| Some(case.text));
                let body = json!({"text": text.unwrap_or_default()});
                (self.http.post(url).json(&body), case)
            }
            _ => (self.http.get(format!("{}/health", self.concierge())), None),
        };
        let sent = Instant::now();
        let answer = send(request).await;
        let judged = judge(answer.as_ref(), |body| match (job.kind, case) {
            (Kind::Search, _) => expect::search(body),
            (Kind::Check, Some(case)) => expect::check(case, body),
            (Kind::Check, None) => expect::any_check(body),
            _ => expect::health(body),
        });
        self.write_down(job, sent, judged);
    }

    async fn converse(&self, job: Job) {
        let mut conversation = self.customers.take();
        let moved = self.say(&mut conversation, job).await;
        if let Some(Moved::Proposed(minor)) = moved {
            let yes = Job {
                kind: Kind::Confirm,
                due: Instant::now(),
                ..job
            };
            match self.say(&mut conversation, yes).await {
                Some(Moved::Posted(posted)) => {
                    let user = &conversation.user;
                    self.customers.money().paid(user, minor, posted);
                }
                Some(_) => {}
                None => self.customers.money().unanswered(&conversation.user, minor),
            }
        }
        self.customers.give_back(conversation);
    }

    /// One message; `None` when it got no answer that can be trusted.
    async fn say(&self, conversation: &mut Conversation, job: Job) -> Option<Moved> {
        let text = match (&self.settings.text, job.kind) {
            (Some(text), Kind::Say) => text,
            _ => pick(messages(job.kind), job.variant),
        };
        let sent = Instant::now();
        let answer = send(self.message(conversation, text)).await;
        let judged = judge(answer.as_ref(), |body| expect::chat(job.kind, body));
        self.write_down(job, sent, judged);
        match answer {
            Ok(Answer { status: 200, body }) => {
                let session = body["session_id"].as_str().unwrap_or_default();
                session.clone_into(&mut conversation.session);
                Some(expect::moved(&body))
            }
            // What was refused was not begun.
            Ok(Answer { status: 429, .. }) if job.kind == Kind::Confirm => {
                conversation.session.clear();
                Some(Moved::Nothing)
            }
            _ => {
                conversation.session.clear();
                None
            }
        }
    }

    pub(crate) fn message(
        &self,
        conversation: &Conversation,
        text: &str,
    ) -> reqwest::RequestBuilder {
        let url = format!("{}/api/v1/chat", self.concierge());
        let body = json!({
            "message": text,
            "session_id": conversation.session,
            "user_id": conversation.user,
        });
        self.http.post(url).json(&body)
    }

    /// Every request goes to the next replica.
    fn concierge(&self) -> &str {
        let all = &self.target.concierge;
        let place = self.replica.fetch_add(1, Ordering::Relaxed) % all.len().max(1);
        all.get(place).map_or("", String::as_str)
    }

    fn write_down(&self, job: Job, sent: Instant, judged: Result<(), (Outcome, String)>) {
        let now = Instant::now();
        let micros = |since: Instant| {
            u64::try_from(now.duration_since(since).as_micros()).unwrap_or(u64::MAX)
        };
        let (outcome, reason) = match judged {
            Ok(()) => (Outcome::Right, None),
            Err((outcome, reason)) => (outcome, Some(reason)),
        };
        let mut taken = lock(&self.taken);
        if let Some(reason) = reason {
            let reason = format!("{}: {reason}", job.kind.name());
            *taken.reasons.entry(reason).or_default() += 1;
        }
        taken.samples.push(Sample {
            phase: job.phase,
            kind: job.kind,
            due: job.due.duration_since(self.origin).as_secs_f64(),
            response_us: micros(job.due),
            service_us: micros(sent),
            outcome,
        });
    }
}

fn pick(texts: &'static [&'static str], variant: usize) -> &'static str {
    texts
        .get(variant % texts.len().max(1))
        .copied()
        .unwrap_or("")
}
