//! What audit rows and outbox messages say of a decision: ids, amounts, codes and the ends of numbers, as
//! JSON. One wording for both drivers; names, texts and whole numbers have no place in it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use vostro_ledger::{Decline, MoneyIntent, StandingOrder, Target};
use vostro_types::{ConfirmationId, CustomerId};

/// A money movement that was confirmed, or is to be.
pub(crate) fn movement(id: &ConfirmationId, intent: &MoneyIntent) -> Value {
    let target = match &intent.target {
        Target::Own { account } => json!({"to": "own", "account": account}),
        Target::Payee { payee, number } => {
            json!({"to": "payee", "payee": payee, "number": number.masked()})
        }
        Target::NewPayee { number } => json!({"to": "new_payee", "number": number.masked()}),
        Target::Biller { biller, .. } => json!({"to": "biller", "biller": biller}),
    };
    json!({
        "confirmation": id,
        "kind": intent.kind(),
        "source": intent.source,
        "target": target,
        "amount_minor": intent.amount.minor,
        "currency": intent.amount.currency,
    })
}

/// A standing order: the movement, and when it is made.
pub(crate) fn standing_order(id: &ConfirmationId, order: &StandingOrder) -> Value {
    merged(
        movement(id, &order.intent),
        json!({ "schedule": order.schedule }),
    )
}

/// An occurrence of a standing order.
pub(crate) fn occurrence(id: &ConfirmationId, order: &StandingOrder, due: Date) -> Value {
    merged(movement(id, &order.intent), json!({ "due_on": due }))
}

/// What is said, with the reason of a refusal. `null` where it was not the rules that refused, and where
/// a function in the database is to fill the reason in.
pub(crate) fn declined(detail: Value, decline: Option<Decline>) -> Value {
    merged(detail, json!({ "decline": decline }))
}

/// What the outside is told: what is said, whom it concerns and when it was.
pub(crate) fn published(detail: Value, customer: &CustomerId, at: Timestamp) -> Value {
    merged(
        detail,
        json!({ "customer": customer, "at": at.to_string() }),
    )
}

/// An object with the members of another beside its own.
pub(crate) fn merged(mut detail: Value, more: Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut detail, more) {
        members.extend(more);
    }
    detail
}
