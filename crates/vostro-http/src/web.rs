//! The built page, widget and desk, as `web/` leaves them in `web/dist` when the program is compiled.
//!
//! The folder always exists but may be empty: then there are no files here, and `GET /` says so. Each file has
//! a gzip beside it, made once at build time.

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "../../web/dist"]
struct Built;

/// A file of the build.
pub(crate) struct BuiltFile {
    name: String,
    plain: EmbeddedFile,
    gzip: Option<EmbeddedFile>,
}

/// The file of this name, such as `index.html` or `assets/vostro-chat.js`.
pub(crate) fn file(name: &str) -> Option<BuiltFile> {
    // What is beside a file is not a file of its own, and git's list is none of the page's.
    if has_ending(name, "gz") || name.starts_with('.') {
        return None;
    }
    Some(BuiltFile {
        plain: Built::get(name)?,
        gzip: Built::get(&format!("{name}.gz")),
        name: name.to_owned(),
    })
}

impl BuiltFile {
    /// Answers a request with it: packed for those who take gzip, 304 for those who have it.
    pub(crate) fn respond(self, asked: &HeaderMap) -> Response {
        let gzip = self.gzip.filter(|_| takes_gzip(asked));
        let is_packed = gzip.is_some();
        let file = gzip.unwrap_or(self.plain);
        let hash = BASE64_URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash());
        let tag = format!("\"{hash}\"");
        let known = asked.get(IF_NONE_MATCH).is_some_and(|known| *known == *tag);
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            file.data.into_owned().into_response()
        };
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(media_type(&self.name)),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching(&self.name)));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(ETAG, tag);
        }
        if is_packed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    let values = asked.get_all(ACCEPT_ENCODING).iter();
    let mut codings = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        is_gzip && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, has)| has.eq_ignore_ascii_case(ending))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// A name with a hash of the contents in it (`page-B2x9_kQa.js`) never stands for anything else.
fn caching(name: &str) -> &'static str {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let hash = stem
        .len()
        .checked_sub(8)
        .and_then(|at| stem.split_at_checked(at));
    let is_hashed = hash.is_some_and(|(before, hash)| {
        let is_code = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        before.ends_with('-') && hash.bytes().all(is_code)
    });
    if is_hashed && name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_good() {
        for (name, is_kept) in [
            ("assets/page-B2x9_kQa.js", true),
            ("assets/page-B2x9-kQa.css", true),
            ("assets/vostro-chat.js", false),
            ("assets/icon.svg", false),
            ("index.html", false),
            ("page-B2x9_kQa.js", false),
            ("assets/é-.js", false),
        ] {
            assert_eq!(caching(name) != "no-cache", is_kept, "{name}");
        }
    }

    #[test]
    fn gzip_goes_to_those_who_take_it() {
        for (accepted, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip; q=0", false),
            ("identity", false),
            ("x-gzip", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(takes_gzip(&headers), takes, "{accepted:?}");
        }
    }

    #[test]
    fn what_is_packed_is_no_file_of_its_own() {
        assert!(file("index.html.gz").is_none());
        assert!(file("../Cargo.toml").is_none());
        assert!(file(".gitignore").is_none());
    }
}
