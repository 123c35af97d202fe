//! The patterns by which figures and claims of deeds are found, in both languages.

use std::sync::LazyLock;

use regex::Regex;

/// An amount in a text: a currency sign or code beside digits.
#[allow(
    clippy::unwrap_used,
    reason = "a constant pattern, exercised by every test"
)]
pub(super) static AMOUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:[$€£¥]|\b(?:USD|EUR|GBP)\s?)\s?\d[\d,]*(?:\.\d+)?").unwrap());

/// A claim that money was moved.
#[allow(
    clippy::unwrap_used,
    reason = "a constant pattern, exercised by every test"
)]
pub(super) static DEED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:i(?:'ve| have)(?: just| now)? (?:sent|paid|transferred|moved|refunded)|(?:transfer|payment)\b[^\n]{0,160}? (?:is|was)(?: already| now)? complete(?:d)?|(?:transferencia|pago)\b[^\n]{0,160}? (?:está|(?:ya )?se había) complet(?:o|a|ado)|he (?:enviado|pagado|transferido|movido|reembolsado)|(?:ha sido|fue) (?:enviad|pagad|transferid|reembolsad)[oa]|has been (?:sent|paid|transferred|refunded))\b",
    )
    .unwrap()
});

/// A claim that a transfer waits, its funds held.
#[allow(
    clippy::unwrap_used,
    reason = "a constant pattern, exercised by every test"
)]
pub(super) static UNDER_WAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:transfer|payment)\b[^\n]{0,160}? is on its way|(?:transferencia|pago)\b[^\n]{0,160}? está en camino)\b").unwrap()
});

/// A claim that a record was changed: a card, a payee, a contact detail, an alert, a case.
#[allow(
    clippy::unwrap_used,
    reason = "a constant pattern, exercised by every test"
)]
pub(super) static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:i(?:'ve| have)(?: just| now)? (?:blocked|frozen|unfrozen|ordered|saved|removed|changed your|opened)|(?:has|have) been (?:blocked|frozen|unfrozen|ordered|saved|removed|opened)|(?:card|tarjeta)\b[^\n]{0,60}? (?:is|are|está|están) (?:now |ahora )?(?:frozen|blocked|congelada|bloquead[ao]s?)|(?:case|caso) \S+ (?:was opened|se abrió)|he (?:bloqueado|congelado|guardado|cambiado|abierto))\b").unwrap()
});

/// A claim that a person was called.
#[allow(
    clippy::unwrap_used,
    reason = "a constant pattern, exercised by every test"
)]
pub(super) static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:i've (?:also )?put this conversation|he puesto esta conversación)\b")
        .unwrap()
});

/// A claim that a transfer was taken back.
#[allow(
    clippy::unwrap_used,
    reason = "a constant pattern, exercised by every test"
)]
pub(super) static TAKEN_BACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:is|was|has been|i(?:'ve| have)) recalled|(?:has been|was|i(?:'ve| have)) (?:reversed|taken back)|(?:fue|ha sido) anulad[oa]|he anulado)\b").unwrap()
});
