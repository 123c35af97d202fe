//! Who is told: an endpoint's name, address, topics and secrets, checked before anything is sent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use vostro_bank::{Subscription, Topic, topic_matches};

use crate::address::{PrivateAddresses, is_loopback_host, literal};
use crate::message::Writer;
use crate::signature::Secrets;

/// The longest name: it is a label of metrics and part of ids.
const NAME_CHARS: usize = 40;

/// What is wrong with an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The name cannot be a label.
    #[error(
        "`{0}` is no name; allowed: a small letter, then small letters, digits and `-`, at most {NAME_CHARS}"
    )]
    Name(String),
    /// The address cannot be called.
    #[error("{0}; allowed: `https://HOST/PATH`, and `http://` to this machine only")]
    Url(&'static str),
    /// The address is one that is never called, or not with private addresses refused.
    #[error("the address is not allowed; see `webhooks.private_addresses`")]
    Address,
    /// There is no such topic.
    #[error("`{0}` is no topic; allowed: {known}", known = known_topics())]
    Topic(String),
    /// The endpoint asks for nothing.
    #[error("names no topic; allowed: {known}", known = known_topics())]
    NoTopic,
}

fn known_topics() -> String {
    let mut known = vec!["`*`".to_owned()];
    for topic in Topic::ALL {
        let name = topic.as_str();
        let family = name.split('.').next().unwrap_or_default();
        for pattern in [format!("`{family}.*`"), format!("`{name}`")] {
            if !known.contains(&pattern) {
                known.push(pattern);
            }
        }
    }
    known.join(", ")
}

/// An endpoint.
#[derive(Clone)]
pub struct Endpoint {
    name: String,
    url: Url,
    topics: Vec<String>,
    secrets: Secrets,
    timeout: Duration,
    writer: Option<Arc<dyn Writer>>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Endpoint");
        shown
            .field("name", &self.name)
            .field("topics", &self.topics);
        shown.finish_non_exhaustive()
    }
}

impl Endpoint {
    /// An endpoint, if its parts pass [`Endpoint::check_name`], [`Endpoint::check_url`] and
    /// [`Endpoint::check_topics`]. `timeout` is for a whole attempt.
    pub fn new(
        name: &str,
        url: &str,
        topics: &[String],
        secrets: Secrets,
        timeout: Duration,
        private: PrivateAddresses,
    ) -> Result<Self, EndpointError> {
        Self::check_name(name)?;
        Self::check_topics(topics)?;
        Ok(Self {
            name: name.to_owned(),
            url: Self::check_url(url, private)?,
            topics: topics.to_vec(),
            secrets,
            timeout,
            writer: None,
        })
    }

    /// An endpoint that asks for no topic: its deliveries are made elsewhere, and `writer` makes their messages.
    pub fn written_by(
        name: &str,
        url: &str,
        secrets: Secrets,
        timeout: Duration,
        private: PrivateAddresses,
        writer: Arc<dyn Writer>,
    ) -> Result<Self, EndpointError> {
        Self::check_name(name)?;
        Ok(Self {
            name: name.to_owned(),
            url: Self::check_url(url, private)?,
            topics: Vec::new(),
            secrets,
            timeout,
            writer: Some(writer),
        })
    }

    /// A name is short, of small letters, digits and `-`.
    pub fn check_name(name: &str) -> Result<(), EndpointError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
        if begins && name.len() <= NAME_CHARS && name.chars().all(fits) {
            Ok(())
        } else {
            Err(EndpointError::Name(name.chars().take(NAME_CHARS).collect()))
        }
    }

    /// An address is `https`, or `http` to this machine, without credentials in it. Where its name leads
    /// is checked when it is called.
    pub fn check_url(url: &str, private: PrivateAddresses) -> Result<Url, EndpointError> {
        let url = Url::parse(url).map_err(|_| EndpointError::Url("is no URL"))?;
        let host = url.host_str().ok_or(EndpointError::Url("names no host"))?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback_host(host) => {}
            "http" => return Err(EndpointError::Url("is not encrypted")),
            _ => return Err(EndpointError::Url("cannot be called")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::Url("has credentials in it"));
        }
        match literal(host) {
            Some(address) if !private.allows(address) => Err(EndpointError::Address),
            None if host == "localhost" && private == PrivateAddresses::Refuse => {
                Err(EndpointError::Address)
            }
            _ => Ok(url),
        }
    }

    /// Each pattern takes some topic in.
    pub fn check_topics(topics: &[String]) -> Result<(), EndpointError> {
        if topics.is_empty() {
            return Err(EndpointError::NoTopic);
        }
        let takes_none = |pattern: &&String| {
            !Topic::ALL
                .iter()
                .any(|topic| topic_matches(pattern, topic.as_str()))
        };
        match topics.iter().find(takes_none) {
            Some(pattern) => Err(EndpointError::Topic(pattern.chars().take(80).collect())),
            None => Ok(()),
        }
    }

    /// Its name: a label of metrics, and part of each `webhook-id`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// What messages to it are signed with.
    pub const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// What makes its messages, where they are not the events themselves.
    pub(crate) const fn writer(&self) -> Option<&Arc<dyn Writer>> {
        self.writer.as_ref()
    }

    /// How long an attempt may take.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What it wants to be told.
    pub fn subscription(&self) -> Subscription {
        Subscription {
            endpoint: self.name.clone(),
            topics: self.topics.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encrypted_or_here() {
        use PrivateAddresses::{Allow, Refuse};
        let cases = [
            ("https://hooks.example.com/vostro", Allow, "ok"),
            ("https://hooks.example.com:8443/a?b=c", Refuse, "ok"),
            ("https://10.1.2.3/x", Allow, "ok"),
            ("https://10.1.2.3/x", Refuse, "not allowed"),
            ("https://[fd00::1]/x", Refuse, "not allowed"),
            ("https://169.254.169.254/latest", Allow, "not allowed"),
            ("https://2852039166/latest", Allow, "not allowed"),
            ("https://0x7f.1/", Refuse, "not allowed"),
            ("http://127.0.0.1:9000/x", Allow, "ok"),
            ("http://127.0.0.1:9000/x", Refuse, "not allowed"),
            ("http://[::1]:9000/x", Allow, "ok"),
            ("http://localhost:9000/x", Allow, "ok"),
            ("http://localhost:9000/x", Refuse, "not allowed"),
            ("http://hooks.example.com/", Allow, "is not encrypted"),
            ("http://localhost.example.com/", Allow, "is not encrypted"),
            ("http://10.1.2.3/", Allow, "is not encrypted"),
            ("ftp://hooks.example.com/", Allow, "cannot be called"),
            ("file:///etc/passwd", Allow, "names no host"),
            ("https://ann:s3cret@example.com/", Allow, "credentials"),
            ("hooks.example.com", Allow, "is no URL"),
            ("https://", Allow, "is no URL"),
            ("https://exa\u{0}mple.com", Allow, "is no URL"),
            ("", Allow, "is no URL"),
        ];
        for (url, private, expected) in cases {
            let found = match Endpoint::check_url(url, private) {
                Ok(_) => "ok".to_owned(),
                Err(error) => error.to_string(),
            };
            assert!(found.contains(expected), "{url}: {found}");
            assert!(!found.contains("s3cret"), "{found}");
        }
    }

    #[test]
    fn names_and_topics_are_checked() {
        let long = "a".repeat(41);
        for (name, is_one) in [
            ("core", true),
            ("card-core-2", true),
            ("", false),
            ("2core", false),
            ("-core", false),
            ("Core", false),
            ("core_1", false),
            ("core 1", false),
            ("core\u{0}", false),
            ("köln", false),
            (&long, false),
        ] {
            assert_eq!(Endpoint::check_name(name).is_ok(), is_one, "{name}");
        }
        for (topic, is_one) in [
            ("*", true),
            ("transfer.*", true),
            ("transfer.posted", true),
            ("transfer.lost", false),
            ("transfers.*", false),
            ("transfer*", false),
            ("", false),
        ] {
            let topics = ["*".to_owned(), topic.to_owned()];
            assert_eq!(Endpoint::check_topics(&topics).is_ok(), is_one, "{topic}");
        }
        assert_eq!(Endpoint::check_topics(&[]), Err(EndpointError::NoTopic));
    }
}
