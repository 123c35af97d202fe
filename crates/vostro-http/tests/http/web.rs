//! The page and its files: what a browser gets when the page was built, and when it was not.

use serde_json::Value;

use crate::world::{get, send, with, world};

/// Whether the page was built before this test was compiled.
const IS_BUILT: bool = cfg!(vostro_page);

#[tokio::test]
async fn browsers_get_a_page_under_a_strict_policy() {
    let world = world();
    let accept = |request| with(request, "accept", "text/html,*/*;q=0.8");
    let page = send(&world.concierge, accept(get("/"))).await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text.contains("<html lang=\"en\">"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    if !IS_BUILT {
        for part in ["/docs", "curl", "Version 1.2.3", "not part of this build"] {
            assert!(page.text.contains(part), "{part}");
        }
        assert!(!page.text.contains("<script") && !page.text.contains("{style}"));
        return;
    }
    for part in [
        "script-src 'self'",
        "style-src 'self'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part}");
    }
    let files: Vec<&str> = page
        .text
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let plain = send(&world.concierge, get(file)).await;
        assert_eq!(plain.status, 200, "{file}");
        let packed = with(get(file), "accept-encoding", "gzip");
        let packed = send(&world.concierge, packed).await;
        assert_eq!(packed.header("content-encoding"), "gzip", "{file}");
        assert_ne!(packed.header("etag"), plain.header("etag"), "{file}");
        let again = with(get(file), "if-none-match", plain.header("etag"));
        let again = send(&world.concierge, again).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{file}");
    }
}

#[tokio::test]
async fn what_is_no_file_is_not_found() {
    let world = world();
    for path in [
        "/assets/nothing.js",
        "/assets/..%2findex.html",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%ff",
        "/assets/",
        "/assets/a/b",
    ] {
        let answer = send(&world.concierge, get(path)).await;
        assert!(
            [400, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        let body: Value = answer.json();
        assert!(body["error"].is_string());
    }
    let posted = crate::world::post("/assets/page.js", "{}");
    assert_eq!(send(&world.concierge, posted).await.status, 405);
    assert_eq!(send(&world.rag, get("/assets/page.js")).await.status, 404);
}
