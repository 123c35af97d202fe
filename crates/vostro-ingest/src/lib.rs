//! From files to documents that can be kept: reading formats, cutting, screening, embedding.
//!
//! ```text
//! bytes ─► read (Markdown, HTML, PDF, DOCX, text, CSV, JSON lines) ─► Draft ─► Document
//!       ─► prepare: passages, the guardrails' word on each ─► embed ─► DocumentRecord ─► a store
//! ```
//!
//! Formats are read by their libraries; what is ours is bounds, clear faults, and one structure for all of them:
//! Markdown, since passages are cut along its headings, lists and tables. Whatever the bytes are, reading ends
//! in documents or in a fault in words. Only [`walk`] does I/O. Left to others: the store, the model, the
//! guardrails (behind [`Screen`]), progress and reports.

mod docx;
mod draft;
mod fault;
mod format;
mod front;
mod html;
mod pdf;
mod prepare;
mod read;
mod rows;
mod text;
pub mod walk;

pub use draft::{Defaults, derived_id};
pub use fault::Fault;
pub use format::Format;
pub use prepare::{Prepared, Quarantine, Screen, document_of, embed, prepare};
pub use read::{Found, MAX_FILE_BYTES, Source, content_hash, read};
