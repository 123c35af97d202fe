//! A body as chunks of an answer, with its bounds: bytes are counted before anything keeps them, so that
//! no server can make this process hold more than the bounds allow.

use std::future::ready;

use bytes::Bytes;
use futures::stream::{BoxStream, once};
use futures::{Stream, StreamExt};
use sse_stream::SseByteStream;
use vostro_dialogue::model::{Bound, ModelError};

use crate::chunk::Chunk;
use crate::settings::Bounds;
use crate::transport::TransportError;

/// What a stream's event says.
#[derive(Debug)]
pub(crate) enum Event {
    /// A piece of the answer.
    Chunk(Box<Chunk>),
    /// `[DONE]`.
    Done,
}

/// Why a body's bytes end early.
#[derive(Debug, Clone, Copy, thiserror::Error)]
enum BodyError {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("too large")]
    TooLarge(Bound),
}

impl From<BodyError> for ModelError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Transport(_) => Self::Cut,
            BodyError::TooLarge(bound) => Self::TooLarge(bound),
        }
    }
}

/// Counts a stream's bytes: in all, in its present event, in its present line.
#[derive(Debug)]
struct Meter {
    bounds: Bounds,
    body: usize,
    event: usize,
    line: usize,
    /// A carriage return came last: a line feed after it ends no further line.
    after_return: bool,
}

impl Meter {
    const fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            body: 0,
            event: 0,
            line: 0,
            after_return: false,
        }
    }

    fn admit(&mut self, bytes: &[u8]) -> Result<(), BodyError> {
        // A piece counts even when it is empty, so that endless nothing ends too.
        self.body = self.body.saturating_add(bytes.len().max(1));
        if self.body > self.bounds.body {
            return Err(BodyError::TooLarge(Bound::Body));
        }
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let ends = match piece {
                [b'\n'] if self.after_return && self.line == 0 => {
                    self.after_return = false;
                    continue;
                }
                [.., b'\n' | b'\r'] => true,
                _ => false,
            };
            self.after_return = matches!(piece, [.., b'\r']);
            self.line += piece.len() - usize::from(ends);
            if self.line > self.bounds.line {
                return Err(BodyError::TooLarge(Bound::Line));
            }
            self.event += piece.len();
            if self.event > self.bounds.event {
                return Err(BodyError::TooLarge(Bound::Event));
            }
            if ends {
                if self.line == 0 {
                    self.event = 0;
                }
                self.line = 0;
            }
        }
        Ok(())
    }
}

type Body = BoxStream<'static, Result<Bytes, TransportError>>;

/// The events of a `text/event-stream`.
pub(crate) fn of_stream(
    body: Body,
    bounds: Bounds,
) -> BoxStream<'static, Result<Event, ModelError>> {
    let mut meter = Meter::new(bounds);
    let metered = body.map(move |bytes| {
        let bytes = bytes?;
        meter.admit(&bytes)?;
        Ok::<Bytes, BodyError>(bytes)
    });
    SseByteStream::new(metered)
        .filter_map(|event| {
            ready(match event {
                Ok(event) => event.data.and_then(|data| read(&data)),
                Err(error) => Some(Err(stream_error(error))),
            })
        })
        .boxed()
}

/// The events that an answer in one piece amounts to.
pub(crate) fn of_json(body: Body, bounds: Bounds) -> BoxStream<'static, Result<Event, ModelError>> {
    let whole = async move {
        let bytes = collect(body, bounds.body).await?;
        parse(&bytes).map(|chunk| Event::Chunk(Box::new(chunk)))
    };
    once(whole).chain(once(ready(Ok(Event::Done)))).boxed()
}

/// A whole body, up to a bound.
pub(crate) async fn collect(
    body: impl Stream<Item = Result<Bytes, TransportError>> + Unpin,
    limit: usize,
) -> Result<Vec<u8>, ModelError> {
    let mut body = body;
    let mut whole = Vec::new();
    let mut pieces = 0_usize;
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|_| ModelError::Cut)?;
        pieces += 1;
        if whole.len() + bytes.len() > limit || pieces > limit {
            return Err(ModelError::TooLarge(Bound::Body));
        }
        whole.extend_from_slice(&bytes);
    }
    Ok(whole)
}

fn read(data: &str) -> Option<Result<Event, ModelError>> {
    match data.trim() {
        "" => None,
        "[DONE]" => Some(Ok(Event::Done)),
        json => Some(parse(json.as_bytes()).map(|chunk| Event::Chunk(Box::new(chunk)))),
    }
}

fn parse(json: &[u8]) -> Result<Chunk, ModelError> {
    serde_json::from_slice(json).map_err(|_| ModelError::Malformed("it is no JSON of a completion"))
}

fn stream_error(error: sse_stream::Error) -> ModelError {
    match error {
        sse_stream::Error::Body(source) => match source.downcast::<BodyError>() {
            Ok(error) => (*error).into(),
            Err(_) => ModelError::Cut,
        },
        sse_stream::Error::Utf8Parse(_) => ModelError::Malformed("it is no UTF-8"),
        _ => ModelError::Malformed("it is no event stream"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds {
        prompt: 0,
        line: 10,
        event: 20,
        body: 60,
        text: 0,
        tool_calls: 0,
        arguments: 0,
    };

    /// Whatever the pieces, the same bytes meet the same bound.
    #[test]
    fn lines_events_and_bodies_are_bounded_however_they_are_cut() {
        let cases: [(&str, Option<Bound>); 11] = [
            ("0123456789\n", None),
            ("0123456789\r\n0123456\r\n\r\n0123456789\n", None),
            ("01234567890", Some(Bound::Line)),
            ("01234567890\n", Some(Bound::Line)),
            ("012345678\n012345678\n0", Some(Bound::Event)),
            ("012345678\n01234567\n\n012345678\n", None),
            ("012345678\r01234567\r\r012345678\r", None),
            (": \n: \n: \n: \n: \n: \n: \n", Some(Bound::Event)),
            (&"a\n\n".repeat(20), None),
            (&"a\n\n".repeat(21), Some(Bound::Body)),
            (&"\n".repeat(61), Some(Bound::Body)),
        ];
        for (text, expected) in cases {
            for cut in 1..=text.len() {
                let mut meter = Meter::new(BOUNDS);
                let met = text
                    .as_bytes()
                    .chunks(cut)
                    .find_map(|piece| meter.admit(piece).err());
                let met = met.map(|error| match error {
                    BodyError::TooLarge(bound) => bound,
                    BodyError::Transport(_) => unreachable!(),
                });
                assert_eq!(met, expected, "{text:?} in pieces of {cut}");
            }
        }
        let mut meter = Meter::new(BOUNDS);
        assert!(
            (0..61).any(|_| meter.admit(b"").is_err()),
            "endless nothing"
        );
    }
}
