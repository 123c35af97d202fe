//! What holds for every text as a webhook's secret. Used by the fuzz target and by the replay of its corpus.

use vostro_webhooks::{Secrets, sign};

/// A secret that is read signs, and no error and no picture of one shows it.
pub(crate) fn keep(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Secrets::parse(&text) {
        Ok(secrets) => {
            let given = text.split_whitespace().count();
            let signature = sign(&secrets, "msg_1", 0, data);
            assert_eq!(signature.split(' ').count(), given);
            assert!(signature.split(' ').all(|one| one.starts_with("v1,")));
            let shown = format!("{secrets:?}");
            assert!(text.split_whitespace().all(|one| !shown.contains(one)));
        }
        Err(error) => assert!(error.to_string().len() < 200),
    }
}
