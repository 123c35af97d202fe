//! Calls a router in the same process as if it were at the other end of a connection.

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use futures::StreamExt;
use tower::ServiceExt;
use vostro_llm::{Call, Reply, Transport, TransportError};

/// A transport to a router.
#[derive(Debug, Clone)]
pub struct RouterTransport {
    router: Router,
}

impl RouterTransport {
    /// A transport to this router, whose interface is below `/v1`.
    pub const fn new(router: Router) -> Self {
        Self { router }
    }
}

#[async_trait]
impl Transport for RouterTransport {
    async fn call(&self, call: Call) -> Result<Reply, TransportError> {
        let method = if call.body.is_some() { "POST" } else { "GET" };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/v1{}", call.path))
            .body(Body::from(call.body.unwrap_or_default()))
            .unwrap();
        *request.headers_mut() = call.headers;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (head, body) = response.into_parts();
        let body = body.into_data_stream();
        Ok(Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body
                .map(|bytes| bytes.map_err(|_| TransportError::Broken))
                .boxed(),
        })
    }
}
