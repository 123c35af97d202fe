//! Slots of payees to save, and of contact details.

use vostro_bank::ContactKind;

use super::Reading;
use crate::command::{Slot, SlotValue, TargetMention};
use crate::entities::{Value, account_number};
use crate::understand::text::Token;

/// Words that announce a name or a place.
const NAMED: &[&str] = &[
    "called",
    "named",
    "name",
    "payee",
    "beneficiary",
    "recipient",
    "llamado",
    "beneficiario",
    "save",
    "add",
    "agrega",
    "agregar",
    "anade",
    "guarda",
    "as",
    "como",
];
/// What stands where a name would, and is none.
const NO_NAMES: &[&str] = &[
    "a",
    "an",
    "the",
    "my",
    "as",
    "new",
    "payee",
    "beneficiary",
    "recipient",
    "contact",
    "person",
    "with",
    "account",
    "number",
    "for",
    "to",
    "who",
    "and",
    "un",
    "una",
    "nuevo",
    "beneficiario",
];

impl Reading<'_> {
    pub(super) fn new_payee(&self) -> Vec<SlotValue> {
        let mut slots = Vec::new();
        let number = self.own().find_map(|mention| match &mention.value {
            Value::Number(number) => Some(account_number::resolve(number, self.around.portfolio)),
            _ => None,
        });
        // A bare row of digits is here a number, never an amount.
        let number = number.or_else(|| {
            let digits = |token: &Token| {
                (4..=17).contains(&token.text.len())
                    && token.text.bytes().all(|b| b.is_ascii_digit())
            };
            let (_, token) = self.tokens().find(|(_, token)| digits(token))?;
            let number = vostro_ledger::AccountNumber::new(&token.text).ok()?;
            Some(account_number::resolve(&number, self.around.portfolio))
        });
        let saved = self.own().find_map(|mention| match &mention.value {
            Value::Payee(ids) if number.is_none() => ids.first().cloned(),
            _ => None,
        });
        let is_name = |name: &String| {
            let first = name.split_whitespace().next().unwrap_or_default();
            !NO_NAMES.contains(&first.to_lowercase().as_str())
        };
        let named = NAMED
            .iter()
            .find_map(|word| self.name_behind(&[word], |_| true).filter(is_name));
        let name = named.or_else(|| {
            let asked = self.around.asked == Some(Slot::Name) || self.correcting;
            asked.then(|| self.free_name().filter(is_name)).flatten()
        });
        if let Some(name) = name {
            slots.push(SlotValue::Name(name));
        } else if let Some(id) = saved {
            slots.push(SlotValue::Target(TargetMention::Payee(id)));
        }
        slots.extend(number.map(SlotValue::Target));
        slots
    }

    pub(super) fn new_contact(&self) -> Vec<SlotValue> {
        let asked = self.around.asked;
        let kind = if self.has_word(&["email", "mail", "correo"]) {
            Some(ContactKind::Email)
        } else if self.has_word(&["phone", "telephone", "mobile", "cell", "telefono", "movil"]) {
            Some(ContactKind::Phone)
        } else if self.has_word(&[
            "address",
            "moved",
            "moving",
            "house",
            "direccion",
            "mude",
            "mudado",
        ]) {
            Some(ContactKind::Address)
        } else {
            None
        };
        let whole = self.text.normalised.trim();
        let at_sign = whole.split_whitespace().find(|word| word.contains('@'));
        let at_sign = at_sign.map(|word| word.trim_matches([',', '.', ';', '!', '?', '"']));
        let kind = kind.or_else(|| at_sign.map(|_| ContactKind::Email));
        // "My new number is 202-555-0199".
        let number = self.has_word(&["number", "numero"]) && phone_in(whole).is_some();
        let kind = kind.or_else(|| number.then_some(ContactKind::Phone));
        let value = match (kind, at_sign) {
            (Some(ContactKind::Email) | None, Some(email)) => Some(email.to_owned()),
            _ if asked == Some(Slot::Value) => Some(whole.to_owned()),
            (Some(ContactKind::Phone), _) => phone_in(whole),
            (Some(ContactKind::Address), _) => {
                behind(whole, &[" to ", " is ", ": ", " a ", " es "])
                    .filter(|value| value.bytes().any(|b| b.is_ascii_digit()))
            }
            _ => None,
        };
        let kind = kind.filter(|_| asked != Some(Slot::Value));
        kind.map(SlotValue::Contact)
            .into_iter()
            .chain(value.map(SlotValue::Value))
            .collect()
    }
}

/// A run of digits and what stands between them in a telephone number.
fn phone_in(text: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_digit() || "+-(). ".contains(c);
    text.split(|c| !fits(c))
        .map(str::trim)
        .find(|run| run.chars().filter(char::is_ascii_digit).count() >= 7)
        .map(|run| run.trim_end_matches(['.', '-']).to_owned())
}

/// What stands behind the first of these.
fn behind(text: &str, openers: &[&str]) -> Option<String> {
    openers.iter().find_map(|opener| {
        let at = text.find(opener)?;
        let rest = text.get(at + opener.len()..)?.trim();
        (!rest.is_empty()).then(|| rest.to_owned())
    })
}
