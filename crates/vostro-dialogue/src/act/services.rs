//! Changes of customers' records, carried out, and what is read for them.

use jiff::Timestamp;
use vostro_bank::{
    AuditKind, Change, ChangeOutcome, Direction, DisputeReason, HistoryQuery, ServiceOrder,
    StoreError,
};
use vostro_ledger::Proposal;
use vostro_types::ConfirmationId;

use super::done::ProposedChange;
use super::{Actor, Done};
use crate::decide::{AlertSearch, AlertWish};

/// Among so many of the latest transactions a disputed one is looked up.
const MOST_SEARCHED: u32 = 200;

/// So many of the latest are shown where none fits.
const LATEST: u32 = 5;

impl Actor<'_> {
    pub(super) async fn profile(&self) -> Result<Done, StoreError> {
        let contacts = Box::new(self.store.contacts(self.customer).await?);
        // A trip that ends today in any time zone is still told of.
        let now = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC);
        let today = now.date().yesterday().unwrap_or(now.date());
        let trips = self.store.travel_notices(self.customer, today).await?;
        Ok(Done::Profile { contacts, trips })
    }

    /// The one transaction that fits is put before the customer; several, or none, are shown to choose from.
    pub(super) async fn find_disputed(
        &self,
        query: &HistoryQuery,
        reason: DisputeReason,
        confirmation: ConfirmationId,
        expires_at: Timestamp,
    ) -> Result<Done, StoreError> {
        let page = self.store.history(self.customer, query).await?;
        let narrowed = query.text.is_some()
            || query.min_minor.is_some()
            || query.max_minor.is_some()
            || query.from.is_some()
            || query.limit == 1;
        if page.items.is_empty() && narrowed {
            let latest = HistoryQuery {
                direction: query.direction,
                limit: LATEST,
                ..HistoryQuery::default()
            };
            let items = self.store.history(self.customer, &latest).await?.items;
            return Ok(Done::WhichTransaction { items, fit: false });
        }
        let only = match page.items.as_slice() {
            [only] if narrowed => only,
            _ => {
                return Ok(Done::WhichTransaction {
                    items: page.items,
                    fit: true,
                });
            }
        };
        let transfer = only.transfer.clone();
        let change = Change::OpenDispute { transfer, reason };
        Ok(Done::ChangeProposed(ProposedChange {
            item: Some(Box::new(only.clone())),
            ..self.proposed(change, confirmation, expires_at)
        }))
    }

    /// The alerts that are meant are put before the customer, with what is to become of them; all of them are shown where
    /// it is not clear which.
    pub(super) async fn find_alert(&self, search: AlertSearch) -> Result<Done, StoreError> {
        let alerts = self.store.alerts(self.customer).await?;
        let meant = search.among(&alerts);
        let change = match (search.wish, meant.as_slice()) {
            (AlertWish::Change(below, account), []) if alerts.is_empty() => {
                Some(Change::SetAlert { account, below })
            }
            (_, []) => None,
            (AlertWish::Change(below, _), [alert, ..]) => (alert.below.currency == below.currency)
                .then(|| Change::ChangeAlert {
                    alert: alert.clone(),
                    below,
                }),
            (AlertWish::End | AlertWish::EndAll, _) => Some(Change::RemoveAlerts { alerts: meant }),
        };
        Ok(match change {
            Some(change) => {
                let proposed = self.proposed(change, search.confirmation, search.expires_at);
                Done::ChangeProposed(proposed)
            }
            None => Done::Alerts {
                alerts,
                unclear: true,
            },
        })
    }

    /// A change with the transaction that it is about, so that the customer sees which one it is.
    pub(super) async fn about(
        &self,
        proposal: Proposal<ServiceOrder>,
    ) -> Result<ProposedChange, StoreError> {
        let mut item = None;
        if let Change::OpenDispute { transfer, .. } = &proposal.intent.change {
            // A transfer between own accounts has two sides: what was paid is meant.
            let query = HistoryQuery {
                direction: Some(Direction::Out),
                limit: MOST_SEARCHED,
                ..HistoryQuery::default()
            };
            let page = self.store.history(self.customer, &query).await?;
            item = page.items.into_iter().find(|it| it.transfer == *transfer);
        }
        Ok(ProposedChange {
            proposal: Box::new(proposal),
            item: item.map(Box::new),
        })
    }

    pub(super) fn proposed(
        &self,
        change: Change,
        id: ConfirmationId,
        expires_at: Timestamp,
    ) -> ProposedChange {
        let order = ServiceOrder {
            customer: self.customer.clone(),
            change,
        };
        ProposedChange {
            proposal: Box::new(Proposal::new(id, order, expires_at)),
            item: None,
        }
    }

    /// The customer's yes to a change.
    pub(super) async fn carry_out_change(
        &self,
        proposal: Proposal<ServiceOrder>,
    ) -> Result<Done, StoreError> {
        let demanded = self.demands_change(&proposal.intent);
        let about = super::factor::of_change(&proposal.intent);
        let confirmed = match self.confirmed(proposal, demanded, about).await? {
            Ok(confirmed) => confirmed,
            Err(done) => return Ok(done),
        };
        let context = self.audit(AuditKind::ServiceChanged);
        Ok(match self.store.carry_out(confirmed, &context).await? {
            ChangeOutcome::Done(receipt) => Done::Changed(receipt),
            ChangeOutcome::Replayed(receipt) => Done::ChangeReplayed(receipt),
            ChangeOutcome::Refused(refusal) => Done::ChangeRefused(refusal),
        })
    }
}
