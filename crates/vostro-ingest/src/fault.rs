//! Why bytes are no document, in words for whoever wrote or sent them.

/// Why something was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is nothing in it.
    #[error("is empty")]
    Empty,
    /// It is readable and has no words.
    #[error("has no text in it; a scan needs its text recognised first")]
    NoText,
    /// It is larger than is read.
    #[error("is too large: {0}")]
    TooLarge(String),
    /// It is no text.
    #[error("is binary data, not text")]
    Binary,
    /// Its characters cannot be read.
    #[error("is not text in a known encoding; save it as UTF-8")]
    Encoding,
    /// It takes a password.
    #[error("is encrypted; save it without a password")]
    Encrypted,
    /// It is not what its name says.
    #[error("cannot be read as {format}: {reason}")]
    Broken {
        /// The format that it should have.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// What it says of itself is wrong.
    #[error("`{field}` {reason}")]
    Metadata {
        /// The field.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It is of no format that is read here.
    #[error(
        "is none of the formats that are read: Markdown, HTML, PDF, DOCX, text, CSV, JSON lines"
    )]
    Format,
}

impl Fault {
    pub(crate) fn broken(format: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Broken {
            format,
            reason: reason.to_string(),
        }
    }

    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::Metadata {
            field: field.to_owned(),
            reason: reason.into(),
        }
    }
}
