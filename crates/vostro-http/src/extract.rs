//! Reading requests: a JSON body into checked fields, with the statuses of the contract.
//!
//! The order decides the status: 415 for another content type, 413 for too much, 408 for too slow,
//! 400 for what is no JSON object text at all, 422 for JSON that is not what the operation takes. A
//! missing content type is taken as JSON. Unknown members are ignored; one that stands twice in one object
//! is refused, since a gateway before us may read the other of the two (RFC 7493, section 2.3); `null` is as
//! good as missing. Details name the member and never repeat its value.

mod unique;

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::edge::Edge;
use crate::problem::Problem;
use crate::settings::{Deadlines, SizeLimits};

/// A request's body, read as `T`, and as it came.
pub(crate) struct JsonBody<T>(pub(crate) T, pub(crate) Bytes);

/// A request that is read from the members of a JSON object.
pub(crate) trait FromFields: Sized {
    /// The largest body that is read.
    fn body_bytes(sizes: &SizeLimits) -> usize {
        sizes.body_bytes
    }

    /// Reads the request; the problem is a 422.
    fn from_fields(fields: &Fields) -> Result<Self, Problem>;
}

impl<S, T> FromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    Edge: FromRef<S>,
    T: FromFields,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let edge = Edge::from_ref(state);
        expect_json(request.headers())?;
        let settings = edge.settings();
        let limit = T::body_bytes(&settings.sizes);
        expect_length(request.headers(), limit)?;
        let bytes = in_time(read(request.into_body(), limit), &settings.deadlines).await?;
        let read = T::from_fields(&Fields::parse(&bytes)?)?;
        Ok(Self(read, bytes))
    }
}

/// A request's body as it came, of any content type: for what is signed over its bytes.
pub(crate) struct RawBody(pub(crate) Bytes);

impl<S> FromRequest<S> for RawBody
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let edge = Edge::from_ref(state);
        let settings = edge.settings();
        let limit = settings.sizes.body_bytes;
        expect_length(request.headers(), limit)?;
        let bytes = in_time(read(request.into_body(), limit), &settings.deadlines).await?;
        Ok(Self(bytes))
    }
}

async fn in_time(
    reading: impl Future<Output = Result<Bytes, Problem>>,
    deadlines: &Deadlines,
) -> Result<Bytes, Problem> {
    tokio::time::timeout(deadlines.body, reading)
        .await
        .map_err(|_| Problem::timeout("the body did not arrive in time"))?
}

fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let media = value.to_str().unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    let media = media.to_ascii_lowercase();
    if media == "application/json"
        || (media.starts_with("application/") && media.ends_with("+json"))
    {
        return Ok(());
    }
    Err(Problem::unsupported_media_type(
        "send the body as JSON, with `Content-Type: application/json`",
    ))
}

/// Refuses by the announced length, before anything is read.
fn expect_length(headers: &HeaderMap, limit: usize) -> Result<(), Problem> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match announced {
        Some(length) if length > limit as u64 => Err(too_large(limit)),
        _ => Ok(()),
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::too_large(format!("a body has at most {limit} bytes"))
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(limit)),
        Err(_) => Err(Problem::bad_request("the body broke off")),
    }
}

/// The members of a JSON object.
#[derive(Debug)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads an object. 400 when the bytes are no JSON, 422 when they are JSON of another shape.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Problem::bad_request(
                "the body is empty; send a JSON object",
            ));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Problem::bad_request("the body is not UTF-8 text"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        unique::object(text).map(Self).map_err(|error| {
            // What cannot be held (another shape, nesting too deep, half a surrogate pair) may still be JSON.
            match serde_json::from_str::<IgnoredAny>(text) {
                Err(broken) => Problem::bad_request(format!(
                    "the body is not JSON: it breaks at line {}, column {}",
                    broken.line(),
                    broken.column()
                )),
                Ok(_) if unique::stands_twice(&error) => {
                    Problem::invalid("the body has a member twice in one object")
                }
                Ok(_) => Problem::invalid("the body is JSON, and not an object that can be read"),
            }
        })
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A member as it came, if there is one.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }

    /// A text, if there is one under one of these names; the first counts, and none may be of another type.
    pub(crate) fn text(&self, names: &[&str]) -> Result<Option<&str>, Problem> {
        let mut first = None;
        for name in names {
            match self.get(name) {
                None => {}
                Some(Value::String(text)) if text.contains('\0') => {
                    return Err(Problem::invalid(format!("`{name}` has a U+0000 in it")));
                }
                Some(Value::String(text)) => first = first.or(Some(text.as_str())),
                Some(_) => return Err(Problem::invalid(format!("`{name}` is to be a string"))),
            }
        }
        Ok(first)
    }

    /// A text that must be there, under one of these names.
    pub(crate) fn required_text(&self, names: &[&str]) -> Result<&str, Problem> {
        self.text(names)?.ok_or_else(|| {
            let name = names.first().copied().unwrap_or_default();
            Problem::invalid(format!("`{name}` is missing"))
        })
    }

    /// A boolean, or the default.
    pub(crate) fn flag(&self, name: &str, default: bool) -> Result<bool, Problem> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(Problem::invalid(format!("`{name}` is to be true or false"))),
        }
    }

    /// A whole number within bounds, under one of these names, or the default. The first counts, and none may
    /// be anything else. `4.0` is a whole number, as JSON Schema has it.
    pub(crate) fn count(
        &self,
        names: &[&str],
        default: usize,
        bounds: std::ops::RangeInclusive<usize>,
    ) -> Result<usize, Problem> {
        let mut first = None;
        for name in names {
            let Some(value) = self.get(name) else {
                continue;
            };
            let count = whole(value).filter(|count| bounds.contains(count));
            let count = count.ok_or_else(|| {
                let (least, most) = (bounds.start(), bounds.end());
                Problem::invalid(format!(
                    "`{name}` is to be a whole number from {least} to {most}"
                ))
            })?;
            first = first.or(Some(count));
        }
        Ok(first.unwrap_or(default))
    }

    /// A number from 0 to 1, if there is one.
    pub(crate) fn fraction(&self, name: &str) -> Result<Option<f32>, Problem> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a score needs no double precision"
        )]
        let fraction = value
            .as_f64()
            .filter(|fraction| (0.0..=1.0).contains(fraction))
            .map(|fraction| fraction as f32);
        fraction
            .map(Some)
            .ok_or_else(|| Problem::invalid(format!("`{name}` is to be a number from 0 to 1")))
    }

    /// A list of texts, at most `most`; empty when there is none.
    pub(crate) fn texts(&self, name: &str, most: usize) -> Result<Vec<String>, Problem> {
        let wrong = || {
            Problem::invalid(format!(
                "`{name}` is to be a list of at most {most} strings"
            ))
        };
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) if items.len() <= most => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect(),
            Some(_) => Err(wrong()),
        }
    }
}

/// A whole number, also one that is written with a fraction of zero.
fn whole(value: &Value) -> Option<usize> {
    let count = value.as_u64().or_else(|| {
        let float = value.as_f64().filter(|float| float.fract() == 0.0)?;
        // `4` of `4.0`, and nothing of what has an exponent left.
        format!("{float:.0}").parse().ok()
    })?;
    usize::try_from(count).ok()
}

/// Refuses a text of more code points than allowed.
pub(crate) fn expect_chars(name: &str, text: &str, most: usize) -> Result<(), Problem> {
    // A text of so many bytes or fewer cannot have more code points.
    if text.len() > most && text.chars().count() > most {
        return Err(Problem::invalid(format!(
            "`{name}` has at most {most} characters"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_400_and_what_is_no_object_422() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let in_a_member = format!("{{\"x\":{}}}", deep(50_000));
        let cases: Vec<(Vec<u8>, Option<u16>)> = vec![
            (b"{}".to_vec(), None),
            (b" \xef\xbb\xbf{}".to_vec(), Some(400)),
            (b"\xef\xbb\xbf{}".to_vec(), None),
            (b"".to_vec(), Some(400)),
            (b" \r\n\t".to_vec(), Some(400)),
            (b"not json".to_vec(), Some(400)),
            (b"{\"a\":1".to_vec(), Some(400)),
            (b"{\"a\":1}}".to_vec(), Some(400)),
            (b"{'a':1}".to_vec(), Some(400)),
            (b"{\"a\":NaN}".to_vec(), Some(400)),
            (b"\xff\xfe{\0}\0".to_vec(), Some(400)),
            (b"{\"a\":\"\xff\"}".to_vec(), Some(400)),
            (b"[]".to_vec(), Some(422)),
            (b"\"text\"".to_vec(), Some(422)),
            (b"null".to_vec(), Some(422)),
            (b"{\"a\":\"\\ud800\"}".to_vec(), Some(422)),
            (b"{\"a\":1e999}".to_vec(), Some(422)),
            (b"{\"a\":1,\"a\":1}".to_vec(), Some(422)),
            (b"{\"a\":1,\"\\u0061\":null}".to_vec(), Some(422)),
            (
                b"{\"list\":[{\"b\":{}},{\"b\":1,\"c\":2,\"b\":1}]}".to_vec(),
                Some(422),
            ),
            (b"{\"a\":{\"b\":1},\"c\":{\"b\":1}}".to_vec(), None),
            (b"{\"a\":1,\"a\":1".to_vec(), Some(400)),
            (deep(50_000).into_bytes(), Some(422)),
            (in_a_member.into_bytes(), Some(422)),
        ];
        for (bytes, expected) in cases {
            let status = Fields::parse(&bytes)
                .err()
                .map(|problem| problem.status().as_u16());
            let shown = String::from_utf8_lossy(&bytes);
            assert_eq!(status, expected, "{shown:.40}");
        }
    }

    #[test]
    fn members_are_checked_by_type_and_bounds() {
        let fields = Fields::parse(
            br#"{"text":"a","nul":"a\u0000b","number":5,"minus":-1,"float":2.5,"half":0.5,"null":null,
                "yes":true,"whole":4.0,"huge":1e300,"list":["a","b"],"mixed":["a",1],"text2":"first"}"#,
        )
        .unwrap();
        assert_eq!(fields.text(&["text"]), Ok(Some("a")));
        assert_eq!(fields.text(&["absent", "text2"]), Ok(Some("first")));
        assert_eq!(fields.text(&["null"]), Ok(None));
        assert!(fields.text(&["nul"]).is_err() && fields.text(&["number"]).is_err());
        assert!(fields.required_text(&["null"]).is_err());
        assert_eq!(fields.count(&["absent", "number"], 7, 1..=9), Ok(5));
        assert_eq!(fields.count(&["null"], 7, 1..=9), Ok(7));
        assert_eq!(fields.count(&["whole"], 7, 1..=9), Ok(4));
        assert!(fields.count(&["huge"], 7, 1..=9).is_err());
        assert!(fields.count(&["number", "text"], 7, 1..=9).is_err());
        assert!(fields.text(&["text", "number"]).is_err());
        for wrong in ["minus", "float", "text", "list"] {
            assert!(fields.count(&[wrong], 7, 1..=9).is_err(), "{wrong}");
        }
        assert!(fields.count(&["number"], 7, 6..=9).is_err());
        assert_eq!(fields.flag("yes", false), Ok(true));
        assert!(fields.flag("number", false).is_err());
        assert_eq!(fields.fraction("half"), Ok(Some(0.5)));
        assert!(fields.fraction("float").is_err() && fields.fraction("minus").is_err());
        assert_eq!(fields.texts("list", 2).map(|texts| texts.len()), Ok(2));
        assert!(fields.texts("list", 1).is_err() && fields.texts("mixed", 9).is_err());
    }

    #[test]
    fn only_json_is_taken_and_silence_counts_as_json() {
        let cases = [
            (None, true),
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("application/vnd.bank+json"), true),
            (Some("text/plain"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (Some("application/xml"), false),
            (Some(""), false),
        ];
        for (value, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(CONTENT_TYPE, value.parse().unwrap());
            }
            assert_eq!(expect_json(&headers).is_ok(), expected, "{value:?}");
        }
    }
}
