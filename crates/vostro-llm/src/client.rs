//! [`LlmClient`]: a request along the chain of models, within its deadline and its customer's means.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use async_trait::async_trait;
use futures::FutureExt;
use jiff::tz::TimeZone;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::time::{Instant, timeout_at};
use vostro_dialogue::model::{
    LanguageModel, ModelAnswer, ModelError, ModelRequest, ModelStream, Wait,
};
use vostro_telemetry::Metrics;
use vostro_types::{Clock, CustomerId, Entropy};

use crate::allowance::{Allowance, AllowanceError, Spend};
use crate::attempt::Model;
use crate::breaker::Breaker;
use crate::chain::{Goal, RESERVE};
use crate::flight::Flights;
use crate::job::{Job, Reservation, Ticket, outcome};
use crate::places::Places;
use crate::request::Prompt;
use crate::settings::{LlmSettings, SetupError};
use crate::telling::Telling;
use crate::transport::{HttpTransport, Transport};

/// What the client is given from outside.
#[derive(Clone)]
pub struct Means {
    /// The time, for days and for `Retry-After`.
    pub clock: Arc<dyn Clock>,
    /// Chance, for the spread of waits.
    pub entropy: Arc<dyn Entropy>,
    /// Where the day of a customer begins.
    pub time_zone: TimeZone,
    /// What customers may use.
    pub allowance: Arc<dyn Allowance>,
    /// Where it is counted.
    pub metrics: Arc<Metrics>,
}

/// A client of an OpenAI-compatible server. Cheap to clone; clones share connections, places and breakers.
#[derive(Clone)]
pub struct LlmClient {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) settings: LlmSettings,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) headers: HeaderMap,
    pub(crate) models: Vec<Model>,
    pub(crate) means: Means,
    places: Places,
    flights: Flights<Result<ModelAnswer, ModelError>>,
    pub(crate) retries: AtomicU32,
}

impl fmt::Debug for LlmClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlmClient")
            .field("models", &self.inner.settings.models)
            .finish_non_exhaustive()
    }
}

impl LlmClient {
    /// A client over HTTP.
    pub fn new(settings: LlmSettings, means: Means) -> Result<Self, SetupError> {
        let transport = Arc::new(HttpTransport::new(&settings)?);
        Self::with_transport(settings, means, transport)
    }

    /// A client over another transport.
    pub fn with_transport(
        settings: LlmSettings,
        means: Means,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, SetupError> {
        if settings.models.is_empty() {
            return Err(SetupError::NoModel);
        }
        let model = |choice: &crate::ModelChoice| Model {
            choice: choice.clone(),
            breaker: Arc::new(Breaker::new(settings.breaker)),
            loose: false.into(),
        };
        let inner = Inner {
            headers: headers(&settings)?,
            models: settings.models.iter().map(model).collect(),
            places: Places::new(settings.places, Arc::clone(&means.metrics)),
            settings,
            transport,
            means,
            flights: Flights::default(),
            retries: AtomicU32::new(RESERVE),
        };
        for model in &inner.models {
            inner.show_breaker(model);
        }
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The models of the chain, the preferred one first.
    pub fn model_names(&self) -> impl Iterator<Item = &str> {
        let models = self.inner.settings.models.iter();
        models.map(|model| model.name.as_str())
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}

fn headers(settings: &LlmSettings) -> Result<HeaderMap, SetupError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let both = HeaderValue::from_static("text/event-stream, application/json");
    headers.insert(ACCEPT, both);
    if let Some(key) = &settings.api_key {
        let value = HeaderValue::try_from(format!("Bearer {}", key.expose()));
        let mut value = value.map_err(|_| SetupError::Key)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

#[async_trait]
impl LanguageModel for LlmClient {
    async fn complete(
        &self,
        request: &ModelRequest,
        deadline: std::time::Instant,
    ) -> Result<ModelAnswer, ModelError> {
        let whole_by = self.inner.whole_by(deadline);
        let prompt = self.inner.prompt(request)?;
        let key = prompt.fingerprint(request.customer.as_str())?;
        let (work, joined) = self.inner.flights.join(key, || {
            let (inner, customer) = (Arc::clone(&self.inner), request.customer.clone());
            async move { inner.whole(&prompt, &customer, whole_by).await }.boxed()
        });
        if joined {
            self.inner.means.metrics.models().shared();
        }
        let answer = timeout_at(whole_by, work).await;
        answer.unwrap_or(Err(ModelError::TimedOut(Wait::Answer)))
    }

    async fn stream(
        &self,
        request: &ModelRequest,
        deadline: std::time::Instant,
    ) -> Result<ModelStream, ModelError> {
        let whole_by = self.inner.whole_by(deadline);
        let prompt = self.inner.prompt(request)?;
        let mut job = self
            .inner
            .begin(&prompt, &request.customer, whole_by)
            .await?;
        let begun = self.inner.pursue(&prompt, &mut job, Goal::Words).await;
        let begun = begun.inspect_err(|error| job.ticket.ended(outcome(error)))?;
        let telling = Telling {
            inner: Arc::clone(&self.inner),
            guessed: prompt.guessed_tokens(),
            job,
            begun,
        };
        let events = futures::stream::unfold(Some(telling), |telling| async move {
            let (event, rest) = telling?.next().await;
            Some((event, rest))
        });
        Ok(Box::pin(events))
    }
}

impl Inner {
    fn whole_by(&self, deadline: std::time::Instant) -> Instant {
        Instant::from_std(deadline).min(Instant::now() + self.settings.timeouts.answer)
    }

    fn prompt(&self, request: &ModelRequest) -> Result<Prompt, ModelError> {
        let prompt = Prompt::new(
            request,
            self.settings.ask_for_usage,
            self.settings.bounds.prompt,
        );
        prompt.inspect_err(|error| self.means.metrics.models().request(outcome(error)))
    }

    async fn whole(
        &self,
        prompt: &Prompt,
        customer: &CustomerId,
        whole_by: Instant,
    ) -> Result<ModelAnswer, ModelError> {
        let mut job = self.begin(prompt, customer, whole_by).await?;
        match self.pursue(prompt, &mut job, Goal::Whole).await {
            Ok(begun) => self.finish(begun, &mut job, prompt.guessed_tokens()),
            Err(error) => {
                job.ticket.ended(outcome(&error));
                Err(error)
            }
        }
    }

    /// Takes a place and reserves what the request could take.
    async fn begin(
        &self,
        prompt: &Prompt,
        customer: &CustomerId,
        whole_by: Instant,
    ) -> Result<Job, ModelError> {
        let started = Instant::now();
        let wanted = self.models.first().map_or("", |model| &model.choice.name);
        let metrics = Arc::clone(&self.means.metrics);
        let mut ticket = Ticket::new(metrics, wanted, prompt.max_tokens());
        let admitted = async {
            if whole_by <= started {
                return Err(ModelError::TimedOut(Wait::Answer));
            }
            let place = self.places.take(whole_by).await?;
            let reservation = self.reserve(prompt, customer, whole_by).await?;
            Ok((place, reservation))
        };
        let admitted = admitted.await;
        match admitted {
            Ok((place, reservation)) => Ok(Job::new(ticket, started, whole_by, reservation, place)),
            Err(error) => {
                ticket.ended(outcome(&error));
                Err(error)
            }
        }
    }

    async fn reserve(
        &self,
        prompt: &Prompt,
        customer: &CustomerId,
        whole_by: Instant,
    ) -> Result<Reservation, ModelError> {
        let (asked, most) = (prompt.guessed_tokens(), u64::from(prompt.max_tokens()));
        let prices = self.models.iter().filter_map(|model| model.choice.price);
        let left = whole_by.saturating_duration_since(Instant::now());
        let reserved = Spend {
            tokens: asked.saturating_add(most),
            micro_dollars: prices.map(|price| price.of(asked, most)).max().unwrap_or(0),
            millis: u64::try_from(left.as_millis()).unwrap_or(u64::MAX),
        };
        let now = self.means.clock.now();
        let day = now.to_zoned(self.means.time_zone.clone()).date();
        let allowance = Arc::clone(&self.means.allowance);
        match timeout_at(whole_by, allowance.reserve(customer, day, reserved)).await {
            Ok(Ok(())) => Ok(Reservation {
                allowance,
                customer: customer.clone(),
                day,
                reserved,
            }),
            Ok(Err(AllowanceError::Reached(cap))) => Err(ModelError::CapReached(cap)),
            Ok(Err(AllowanceError::Unavailable)) | Err(_) => Err(ModelError::CapsUnknown),
        }
    }
}
