//! What making a change needs besides the rows, and what is told of it: one wording for both drivers.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;
use vostro_bank::{Alert, AuditEvent, AuditKind, Change, ServiceOrder};
use vostro_ledger::Confirmed;
use vostro_types::{AlertId, CardId, CaseId, CustomerId, PayeeId};

use crate::config::StoreConfig;
use crate::particulars::{merged, occurrence, standing_order};

/// How many days a new card takes.
const DELIVERY_DAYS: i8 = 7;

/// What a change may use up: ids for what it makes, the ends of new cards' numbers, and when those arrive.
pub(crate) struct Supplies {
    pub(crate) ids: Vec<String>,
    pub(crate) ends: Vec<String>,
    pub(crate) arrival: Date,
}

impl Supplies {
    pub(crate) fn of(config: &StoreConfig, change: &Change) -> Self {
        let entropy = &*config.entropy;
        let cards = match change {
            Change::BlockCards { cards, .. } => cards.len(),
            Change::ReplaceCard { .. } => 1,
            _ => 0,
        };
        let ids = match change {
            Change::AddPayee { .. } => vec![PayeeId::generate(entropy).into()],
            Change::SetAlert { .. } => vec![AlertId::generate(entropy).into()],
            Change::OpenDispute { .. } => vec![CaseId::generate(entropy).into()],
            _ => (0..cards)
                .map(|_| CardId::generate(entropy).into())
                .collect(),
        };
        let ends = (0..cards).map(|_| last_four(config)).collect();
        let today = config.now().to_zoned(config.time_zone().clone()).date();
        Self {
            ids,
            ends,
            arrival: today.saturating_add(DELIVERY_DAYS.days()),
        }
    }
}

/// Four digits from the store's randomness.
fn last_four(config: &StoreConfig) -> String {
    let mut bytes = [0_u8; 4];
    config.entropy.fill(&mut bytes);
    format!("{:04}", u32::from_be_bytes(bytes) % 10_000)
}

/// The decision that a change puts on record. What a case is called is known before: it is the supplies' id.
pub(crate) fn made(
    confirmed: &Confirmed<ServiceOrder>,
    context: &AuditEvent,
    supplies: &Supplies,
) -> AuditEvent {
    let order = confirmed.get();
    let by = confirmed.confirmation();
    let change = |more| {
        let detail = merged(order.change.particulars(), json!({ "confirmation": by }));
        merged(detail, more)
    };
    // What ends an order is on record as what it does to the order, whose confirmation the particulars name.
    let ordered = |detail| merged(detail, json!({ "confirmed_by": by }));
    let (kind, detail) = match &order.change {
        Change::OpenDispute { .. } => (
            AuditKind::CaseOpened,
            change(json!({ "case": supplies.ids.first() })),
        ),
        Change::EndOrder { order, terms } => {
            (AuditKind::Cancelled, ordered(standing_order(order, terms)))
        }
        Change::SkipPayment {
            order, terms, due, ..
        } => (
            AuditKind::OccurrenceSkipped,
            ordered(occurrence(order, terms, *due)),
        ),
        _ => (AuditKind::ServiceChanged, change(json!({}))),
    };
    AuditEvent {
        kind,
        customer: order.customer.clone(),
        session: context.session.clone(),
        turn: context.turn.clone(),
        detail,
    }
}

/// The decision that an alert puts on record.
pub(crate) fn fired(customer: CustomerId, alert: &Alert) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::AlertFired,
        customer,
        session: None,
        turn: None,
        detail: json!({
            "alert": alert.id,
            "account": alert.account,
            "below_minor": alert.below.minor,
            "currency": alert.below.currency,
        }),
    }
}
