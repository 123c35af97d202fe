//! A reference adapter on a loopback port, with a line in front of it that does what a test says.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use jiff::tz::TimeZone;
use serde_json::Value;
use tower::ServiceExt as _;
use vostro_bank::{AccountView, Bank as _, Store};
use vostro_core_banking::conformance::Subject;
use vostro_core_banking::{CoreSettings, HttpCore, TransferKey, TransferOrder, reference_router};
use vostro_ledger::{Calendar, Limits, MoneyIntent, Target};
use vostro_store::{SqliteStore, StoreConfig};
use vostro_testkit::SeededEntropy;
use vostro_types::{Currency, CustomerId, Money, SystemClock};

/// How long the client waits for an answer.
pub(crate) const TIMEOUT: Duration = Duration::from_millis(400);

/// What the line does to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// The order is carried out, and its answer comes after the client's patience.
    LateAnswer,
    /// The order is carried out, and its answer is 500.
    ErrorAfter,
    /// The order is carried out, and the connection breaks within the answer.
    BrokenAfter,
    /// The order is not carried out: 503.
    Overload,
    /// The order is delivered twice at once.
    Twice,
    /// The answer says ten times the amount.
    OtherAmount,
    /// The answer is about another account.
    OtherSource,
    /// The answer has another key.
    OtherKey,
    /// The answer names another transfer.
    OtherTransfer,
    /// The answer claims that it was posted, without a receipt.
    ClaimsPosted,
    /// The answer is no JSON.
    Garbage,
    /// The answer never ends within bounds.
    Huge,
}

/// The line.
#[derive(Clone)]
pub(crate) struct Line {
    inner: Router,
    fault: Arc<Mutex<(Fault, Method, usize)>>,
    pub(crate) orders: Arc<AtomicUsize>,
}

pub(crate) struct World {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) core: HttpCore,
    pub(crate) settings: CoreSettings,
    pub(crate) line: Line,
}

pub(crate) fn ada() -> CustomerId {
    CustomerId::new("ada").unwrap()
}

pub(crate) fn store_config() -> StoreConfig {
    let limit = |minor| Money::new(minor, Currency::USD);
    StoreConfig {
        limits: Limits {
            per_transfer: limit(500_000),
            per_day: limit(1_000_000),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SeededEntropy::new(7)),
        demo_customers: true,
        money_stopped: false,
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let store = Arc::new(SqliteStore::open(":memory:", store_config()).unwrap());
        store.open_demo_customer(&ada()).await.unwrap();
        let inner = reference_router(Arc::clone(&store) as Arc<dyn Store>, Arc::new(SystemClock));
        let line = Line {
            inner,
            fault: Arc::new(Mutex::new((Fault::None, Method::GET, 0))),
            orders: Arc::default(),
        };
        let outer = Router::new().fallback(|| async { StatusCode::NOT_FOUND });
        let outer = outer.layer(middleware::from_fn_with_state(line.clone(), through));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, outer).await });
        let settings = CoreSettings {
            url: format!("http://{address}"),
            connect_timeout: TIMEOUT,
            timeout: TIMEOUT,
            token: None,
        };
        Self {
            core: HttpCore::new(&settings).unwrap(),
            store,
            settings,
            line,
        }
    }

    /// The next so many orders of this method meet the fault.
    pub(crate) fn breaks(&self, fault: Fault, method: Method, times: usize) {
        *self.line.fault.lock().unwrap() = (fault, method, times);
    }

    pub(crate) fn subject(&self) -> Subject {
        Subject {
            core: CoreSettings {
                timeout: Duration::from_secs(5),
                ..self.settings.clone()
            },
            customer: ada(),
            amount_minor: 100,
        }
    }

    pub(crate) async fn accounts(&self) -> Vec<AccountView> {
        self.store
            .portfolio(&ada())
            .await
            .unwrap()
            .unwrap()
            .accounts
    }

    /// An order of 25.00 between the first two accounts, under a key of its own.
    pub(crate) async fn order(&self, number: u8) -> (TransferKey, TransferOrder) {
        let accounts = self.accounts().await;
        let intent = MoneyIntent {
            customer: ada(),
            source: accounts[0].id.clone(),
            target: Target::Own {
                account: accounts[1].id.clone(),
            },
            amount: Money::new(2_500, Currency::USD),
        };
        (
            TransferKey::from_bytes([number; 32]),
            TransferOrder { intent },
        )
    }
}

async fn through(State(line): State<Line>, request: Request, _: middleware::Next) -> Response {
    let is_order = request.method() != Method::GET;
    if is_order {
        line.orders.fetch_add(1, Ordering::SeqCst);
    }
    let fault = {
        let mut fault = line.fault.lock().unwrap();
        if fault.1 == *request.method() && fault.2 > 0 {
            fault.2 -= 1;
            fault.0
        } else {
            Fault::None
        }
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 4_000_000).await.unwrap();
    let whole = || Request::from_parts(parts.clone(), Body::from(body.clone()));
    let inner = || line.inner.clone().oneshot(whole());
    match fault {
        Fault::None => inner().await.unwrap(),
        Fault::Overload => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Fault::LateAnswer => {
            let answer = inner().await.unwrap();
            tokio::time::sleep(3 * TIMEOUT).await;
            answer
        }
        Fault::ErrorAfter => {
            inner().await.unwrap();
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Fault::BrokenAfter => {
            inner().await.unwrap();
            let broken = futures::stream::iter([
                Ok(&b"{\"key\":"[..]),
                Err(std::io::Error::other("the line broke")),
            ]);
            Body::from_stream(broken).into_response()
        }
        Fault::Twice => {
            let (first, _) = tokio::join!(inner(), inner());
            first.unwrap()
        }
        Fault::Garbage => {
            inner().await.unwrap();
            "<html>maintenance</html>".into_response()
        }
        Fault::Huge => {
            inner().await.unwrap();
            " ".repeat(3_000_000).into_response()
        }
        other => changed(inner().await.unwrap(), other).await,
    }
}

async fn changed(answer: Response, lie: Fault) -> Response {
    let bytes = to_bytes(answer.into_body(), 1_000_000).await.unwrap();
    let mut state: Value = serde_json::from_slice(&bytes).unwrap();
    match lie {
        Fault::OtherAmount => state["intent"]["amount"]["minor"] = 25_000.into(),
        Fault::OtherSource => state["intent"]["source"] = "acc_of_somebody_else".into(),
        Fault::OtherKey => state["key"] = "ab".repeat(32).into(),
        Fault::OtherTransfer => state["transfer"] = "trf_another".into(),
        Fault::ClaimsPosted => state["status"] = "posted".into(),
        other => panic!("{other:?} is no lie"),
    }
    axum::Json(state).into_response()
}
