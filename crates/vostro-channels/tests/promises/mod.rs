//! What holds for all bytes as a gateway's message. Used by the fuzz target and by the replay of its corpus.

use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use vostro_channels::{Channel as _, Inbound, Received, Refusal, WebhookChannel};
use vostro_webhooks::{Secrets, sign};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The first three lines are the id, the time and the signature, the rest is the body. Not signed with the channel's secret
/// it is refused, whatever it says; signed it is a message that can be worked with, nothing, or refused in words of ours.
pub(crate) fn keep(data: &[u8]) {
    let Ok(secrets) = Secrets::parse(SECRET) else {
        panic!("no secret");
    };
    let channel = WebhookChannel::new("sms", secrets.clone());
    let mut parts = data.splitn(4, |byte| *byte == b'\n');
    let mut header = || HeaderValue::from_bytes(parts.next().unwrap_or_default());
    let (Ok(id), Ok(time), Ok(signature)) = (header(), header(), header()) else {
        return;
    };
    let body = parts.next().unwrap_or_default();
    let headers = |time: HeaderValue, signature: HeaderValue| {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", id.clone());
        headers.insert("webhook-timestamp", time);
        headers.insert("webhook-signature", signature);
        headers
    };
    let read = |headers: &HeaderMap| {
        channel.read(&Received {
            headers,
            body,
            now: Timestamp::UNIX_EPOCH,
        })
    };
    let unsigned = read(&headers(time, signature));
    assert!(
        matches!(unsigned, Err(Refusal::Unverified(_))),
        "{unsigned:?}"
    );

    let own = sign(&secrets, id.to_str().unwrap_or_default(), 0, body);
    let Ok(own) = HeaderValue::try_from(own) else {
        panic!("a signature stands in a header");
    };
    match read(&headers(HeaderValue::from_static("0"), own)) {
        Ok(None) => {}
        Ok(Some(read)) => {
            let again = Inbound::new(&read.id, &read.address, &read.text);
            assert_eq!(again, Ok(read));
        }
        Err(Refusal::Unverified(why)) => panic!("signed, and {why}"),
        Err(refusal) => assert!(refusal.to_string().len() < 200, "{refusal}"),
    }
}
