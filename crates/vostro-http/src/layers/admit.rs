//! Whether a request reaches its endpoint: the size of its head, the limits, and what its row in the
//! authorization table asks of who is calling. What has no row is not reached, whatever the router says.

use axum::extract::{Extension, MatchedPath, Request, State};
use axum::http::header::{ALLOW, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::auth::{self, Limited, OperationRule, operations};
use crate::edge::{Caller, Edge};
use crate::problem::Problem;

pub(super) async fn admit(
    State(edge): State<Edge>,
    Extension(caller): Extension<Caller>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let row = path
        .as_ref()
        .and_then(|path| auth::find(request.method(), path.as_str()));
    if let Err(problem) = fits(&edge, &caller, &request, row) {
        return problem.into_response();
    }
    let Some(row) = row else {
        return match path {
            Some(path) => other_method(request.method(), path.as_str()),
            None => Problem::of_status(StatusCode::NOT_FOUND).into_response(),
        };
    };
    let identity = match edge.authorize(&caller, row.rule, request.headers()).await {
        Ok(identity) => identity,
        Err(problem) => return problem.into_response(),
    };
    let caller = caller.identified(identity);
    if row.limited == Limited::ByCaller
        && let Err(problem) = edge.admit_caller(&caller).await
    {
        return problem.into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// What is asked before anybody looks at who is calling.
fn fits(
    edge: &Edge,
    caller: &Caller,
    request: &Request,
    row: Option<&OperationRule>,
) -> Result<(), Problem> {
    let limited = row.map_or(Limited::Flood, |row| row.limited);
    if limited != Limited::Never {
        edge.admit_any(caller)?;
    }
    let most = edge.settings().sizes.header_bytes;
    if head_bytes(request) > most {
        let detail = format!("the request line and its headers have at most {most} bytes");
        return Err(Problem::headers_too_large(detail));
    }
    Ok(())
}

/// The size of the head as it came over the wire, nearly: each header has `: ` and a line end.
fn head_bytes(request: &Request) -> usize {
    let target = request
        .uri()
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    let headers = request.headers().iter();
    let headers: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    request.method().as_str().len() + target + 12 + headers
}

/// A path that exists, under a method that it does not take: 405, or what `OPTIONS` asks for.
fn other_method(method: &Method, path: &str) -> Response {
    let mut allow: Vec<&str> = Vec::new();
    for row in operations().iter().filter(|row| row.path == path) {
        allow.push(row.method);
        if row.method == "GET" {
            allow.push("HEAD");
        }
    }
    allow.push("OPTIONS");
    let mut response = if *method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Problem::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response()
    };
    if let Ok(value) = HeaderValue::try_from(allow.join(", ")) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}
