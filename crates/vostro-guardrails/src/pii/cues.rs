//! Context words: what the words around a number say that it is.
//!
//! One aho-corasick pass finds them all; a detector then asks how far the nearest cue of a kind
//! stands from its candidate. Cues also speak against: "order", "invoice" and their like say that a
//! number is the bank's or a shop's own reference.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};

/// What a context word announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    Ssn,
    Itin,
    Card,
    Cvv,
    Pin,
    Code,
    Iban,
    Routing,
    Swift,
    Account,
    Phone,
    Birth,
    Licence,
    Passport,
    Password,
    Key,
    /// A reference, an order, an amount: the number is nobody's personal data.
    Reference,
    /// A software or protocol version.
    Version,
}

#[rustfmt::skip]
const WORDS: &[(Cue, &[&str])] = &[
    (Cue::Ssn, &["ssn", "ssn's", "social security", "social-security", "soc sec", "social sec", "socials", "social is", "social:", "social #", "ss#", "ss #", "ssn#", "last four of my social", "sozialversicherungsnummer", "seguro social", "securite sociale"]),
    (Cue::Itin, &["itin", "taxpayer id", "taxpayer identification", "tax id", "tin", "tax identification"]),
    (Cue::Card, &["card", "cards", "credit card", "debit card", "card number", "visa", "mastercard", "amex", "american express", "maestro", "discover", "cc", "cc#", "pan", "tarjeta", "kreditkarte", "karte", "carte", "carta", "kaart", "karta", "cartao", "plastic"]),
    (Cue::Cvv, &["cvv", "cvv2", "cvc", "cvc2", "cid", "csc", "security code", "card verification", "verification value", "three digits on the back", "3 digits on the back", "digits on the back", "code on the back", "back of the card", "back of my card"]),
    (Cue::Pin, &["pin", "pin number", "pin code", "pincode", "atm pin", "card pin"]),
    (Cue::Code, &["otp", "one-time", "one time code", "one time password", "one-time code", "one time passcode", "passcode", "verification code", "authentication code", "auth code", "login code", "sms code", "2fa", "2fa code", "mfa", "mfa code", "access code", "confirmation code", "texted me", "code you sent", "got the code", "received the code", "code by text", "code by sms", "code i got", "code i received", "code is", "code:", "security code", "authenticator", "tan"]),
    (Cue::Iban, &["iban"]),
    (Cue::Routing, &["routing", "routing number", "aba", "rtn", "transit number", "sort code", "sortcode", "aba number"]),
    (Cue::Swift, &["swift", "bic", "swift code", "swift/bic", "bic code", "bank code"]),
    (Cue::Account, &["account", "acct", "a/c", "acc", "account number", "account no", "acct no", "accounts", "savings", "checking", "chequing", "cuenta", "konto", "kontonummer", "compte", "conto", "rekening", "conta", "beneficiary", "a/c no", "acc no", "acc number"]),
    (Cue::Phone, &["phone", "telephone", "tel", "mobile", "cell", "cellphone", "call", "calls", "called", "calling", "fax", "text me", "text", "texts", "sms", "whatsapp", "reach me", "contact", "ring", "dial", "messages to", "message on my registered", "registered", "answering at", "desk", "phone number", "landline", "hotline", "handy", "telefon", "telefono", "móvil", "movil", "portable", "mobil", "tlf", "ph", "callback", "reachable", "number is changed to", "voicemail", "extension", "whatsapp"]),
    (Cue::Birth, &["born", "dob", "d.o.b", "d.o.b.", "date of birth", "birth date", "birthdate", "birthday", "birth", "geboren", "geb.", "nacimiento", "nacido", "nacida", "naissance", "née le", "né le", "nascita", "nato il", "nata il", "nascimento", "nascido", "nascida", "urodzenia", "urodzony", "urodzona"]),
    (Cue::Licence, &["driver's license", "driver's licence", "drivers license", "drivers licence", "driver license", "driver licence", "driving licence", "driving license", "dl", "dl#", "dl number", "licence number", "license number", "driver's lic", "driver lic", "dln", "licence no", "license no", "driver id"]),
    (Cue::Passport, &["passport", "passport number", "passport no", "pasaporte", "reisepass", "passeport"]),
    (Cue::Password, &["password", "passwd", "pwd", "passphrase", "pass phrase", "passwort", "contraseña", "contrasena", "mot de passe", "passw0rd", "pw", "login password"]),
    (Cue::Key, &["api key", "api_key", "apikey", "api-key", "secret key", "secret_key", "access key", "access_key", "access token", "access_token", "auth token", "bearer", "client secret", "client_secret", "private key", "token", "secret"]),
    (Cue::Reference, &["order", "orders", "order number", "order no", "invoice", "inv", "reference", "ref", "ref.", "tracking", "track", "confirmation", "confirmation number", "case", "ticket", "transaction", "transaction id", "txn", "trace", "policy", "po", "sku", "serial", "item", "product", "booking", "reservation", "flight", "isbn", "batch", "claim", "receipt", "parcel", "shipment", "model", "barcode", "meter", "part number", "catalog", "request id", "session", "job", "build", "complaint", "loan", "mortgage", "quote", "merchant id", "terminal", "lot", "timestamp", "epoch", "employee", "member", "customer", "delivery", "voucher", "coupon", "gift", "wire", "confirmation code", "utr", "imei", "upc", "ean", "asin", "vin", "points", "miles", "score", "population", "votes", "views", "followers", "steps", "seconds", "bytes", "rechnung", "rechnungsnummer", "bestellung", "bestellnummer", "auftrag", "auftragsnummer", "referenz", "facture", "commande", "référence", "factura", "pedido", "referencia", "fattura", "ordine", "riferimento", "fatura", "encomenda", "referência", "factuur", "bestelling", "kenmerk", "faktura", "zamówienie", "numer referencyjny"]),
    (Cue::Version, &["version", "ver", "v", "release", "build", "firmware", "section", "chapter", "upgraded"]),
];

/// One context word in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CueHit {
    pub cue: Cue,
    pub start: usize,
    pub end: usize,
}

/// The compiled context words.
#[derive(Debug)]
pub(crate) struct Cues {
    words: AhoCorasick,
    kinds: Vec<Cue>,
}

impl Cues {
    pub(crate) fn new() -> Result<Self, BuildError> {
        let mut patterns = Vec::new();
        let mut kinds = Vec::new();
        for (cue, words) in WORDS {
            for word in *words {
                patterns.push(*word);
                kinds.push(*cue);
            }
        }
        let words = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns)?;
        Ok(Self { words, kinds })
    }

    /// All context words in order of their end, overlapping ones included.
    pub(crate) fn find(&self, text: &str) -> Found {
        let bytes = text.as_bytes();
        let hits = self
            .words
            .find_overlapping_iter(text)
            .filter(|m| whole_word(bytes, m.start(), m.end()))
            .filter_map(|m| {
                let cue = *self.kinds.get(m.pattern().as_usize())?;
                Some(CueHit {
                    cue,
                    start: m.start(),
                    end: m.end(),
                })
            })
            .collect();
        Found { hits }
    }
}

fn whole_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let letter = |i: usize| {
        bytes
            .get(i)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
    };
    let edge = bytes.get(end - 1).is_some_and(u8::is_ascii_alphanumeric);
    let after = bytes
        .get(end)
        .is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    !(start > 0 && letter(start - 1) || edge && after)
}

/// The context words of one text.
#[derive(Debug)]
pub(crate) struct Found {
    hits: Vec<CueHit>,
}

impl Found {
    /// Bytes between the end of the nearest cue of this kind before `at` and `at`, when within
    /// `reach`.
    pub(crate) fn before(&self, cue: Cue, at: usize, reach: usize) -> Option<usize> {
        let upto = self.hits.partition_point(|h| h.end <= at);
        self.hits
            .get(..upto)?
            .iter()
            .rev()
            .take_while(|h| at - h.end <= reach)
            .find(|h| h.cue == cue)
            .map(|h| at - h.end)
    }

    /// Bytes between `at` and the nearest cue of this kind after it, when within `reach`.
    pub(crate) fn after(&self, cue: Cue, at: usize, reach: usize) -> Option<usize> {
        let from = self.hits.partition_point(|h| h.end <= at);
        self.hits
            .get(from..)?
            .iter()
            .take_while(|h| h.end <= at + reach + 24)
            .filter(|h| h.cue == cue && h.start >= at && h.start - at <= reach)
            .map(|h| h.start - at)
            .min()
    }

    /// The nearest cue of this kind on either side; what stands before counts for more.
    pub(crate) fn near(&self, cue: Cue, start: usize, end: usize, reach: usize) -> Option<usize> {
        let before = self.before(cue, start, reach);
        let after = self.after(cue, end, reach / 2).map(|d| d * 2);
        match (before, after) {
            (Some(b), Some(a)) => Some(b.min(a)),
            (b, a) => b.or(a),
        }
    }

    /// Whether a word says "reference" nearer to the number than any of these cues.
    pub(crate) fn is_reference(&self, at: usize, than: &[Cue]) -> bool {
        let Some(distance) = self.before(Cue::Reference, at, 28) else {
            return false;
        };
        !than
            .iter()
            .any(|&cue| self.before(cue, at, 28).is_some_and(|d| d < distance))
    }

    pub(crate) fn of(&self, cue: Cue) -> impl Iterator<Item = CueHit> + '_ {
        self.hits.iter().copied().filter(move |h| h.cue == cue)
    }
}
