//! Erasing and ending in the store in memory. A customer called `unsettled` has a transfer that is not final.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{AuditEvent, EraseOutcome, Forgotten, PersonalData, SessionRecord, StoreError};
use vostro_types::CustomerId;

use super::MemoryStore;

#[async_trait]
impl PersonalData for MemoryStore {
    async fn erase_customer(
        &self,
        customer: &CustomerId,
        context: &AuditEvent,
    ) -> Result<EraseOutcome, StoreError> {
        self.answer(())?;
        if customer.as_str() == "unsettled" {
            return Ok(EraseOutcome::Unsettled);
        }
        if !self.customers.lock().unwrap().remove(customer) {
            return Ok(EraseOutcome::Unknown);
        }
        let mut sessions = self.sessions.lock().unwrap();
        sessions.retain(|_, session| session.customer != *customer);
        let mut turns = self.turns.lock().unwrap();
        turns.retain(|_, turn| turn.customer != *customer);
        self.audited.lock().unwrap().push(context.clone());
        Ok(EraseOutcome::Erased)
    }

    async fn forget_texts(&self, _: Timestamp, _: u32) -> Result<Forgotten, StoreError> {
        self.answer(Forgotten::default())
    }

    async fn sessions(
        &self,
        customer: &CustomerId,
        most: u32,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let sessions = self.sessions.lock().unwrap();
        let own = sessions.values().filter(|it| it.customer == *customer);
        self.answer(own.take(most as usize).cloned().collect())
    }

    async fn end_session(
        &self,
        session: &SessionRecord,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        self.answer(())?;
        let mut sessions = self.sessions.lock().unwrap();
        let Some(kept) = sessions.get_mut(&session.id) else {
            return Ok(false);
        };
        if kept.version != session.version {
            return Ok(false);
        }
        kept.state.clone_from(&session.state);
        kept.version += 1;
        self.audited.lock().unwrap().push(context.clone());
        Ok(true)
    }
}
