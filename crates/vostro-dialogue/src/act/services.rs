//! Changes of customers' records, carried out, and what is read for them.

use jiff::Timestamp;
use vostro_bank::{
    AuditKind, Change, ChangeOutcome, DisputeReason, HistoryQuery, ServiceOrder, StoreError,
};
use vostro_ledger::Proposal;
use vostro_types::{ConfirmationId, Money};

use super::{Actor, Done};

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
            || query.from.is_some();
        let transfer = match page.items.as_slice() {
            [only] if narrowed => only.transfer.clone(),
            _ => return Ok(Done::WhichTransaction { items: page.items }),
        };
        let change = Change::OpenDispute { transfer, reason };
        Ok(self.proposed(change, confirmation, expires_at))
    }

    /// The one alert that fits is put before the customer.
    pub(super) async fn find_alert(
        &self,
        below: Option<Money>,
        confirmation: ConfirmationId,
        expires_at: Timestamp,
    ) -> Result<Done, StoreError> {
        let alerts = self.store.alerts(self.customer).await?;
        let mut meant = alerts
            .iter()
            .filter(|alert| below.is_none_or(|below| below == alert.below));
        let (Some(one), None) = (meant.next(), meant.next()) else {
            return Ok(Done::Alerts {
                alerts,
                unclear: true,
            });
        };
        let alert = one.id.clone();
        Ok(self.proposed(Change::RemoveAlert { alert }, confirmation, expires_at))
    }

    fn proposed(&self, change: Change, id: ConfirmationId, expires_at: Timestamp) -> Done {
        let order = ServiceOrder {
            customer: self.customer.clone(),
            change,
        };
        Done::ChangeProposed(Box::new(Proposal::new(id, order, expires_at)))
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
