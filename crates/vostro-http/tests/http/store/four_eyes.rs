//! The switch under four eyes, as the stores keep it; in memory nothing runs out of time.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{Approval, FourEyes, MoneyControl, Order, StoreError, SwitchRequest};
use vostro_types::ApprovalId;

use super::MemoryStore;

impl MemoryStore {
    /// Decides an open request.
    fn decide(&self, id: &ApprovalId) -> Option<SwitchRequest> {
        let mut requests = self.switch_requests.lock().unwrap();
        let found = requests
            .iter_mut()
            .find(|(it, is_open)| it.id == *id && *is_open)?;
        found.1 = false;
        Some(found.0.clone())
    }
}

#[async_trait]
impl FourEyes for MemoryStore {
    async fn request_switch(
        &self,
        id: &ApprovalId,
        stopped: bool,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<SwitchRequest, StoreError> {
        self.answer(())?;
        let request = SwitchRequest {
            id: id.clone(),
            stopped,
            by: order.by().to_owned(),
            reason: order.reason().to_owned(),
            at: Timestamp::UNIX_EPOCH,
            expires_at,
        };
        let mut requests = self.switch_requests.lock().unwrap();
        requests.push((request.clone(), true));
        Ok(request)
    }

    async fn approve_switch(&self, id: &ApprovalId, order: &Order) -> Result<Approval, StoreError> {
        let open = self.switch_requests().await?;
        match open.into_iter().find(|it| it.id == *id) {
            None => return Ok(Approval::NotOpen),
            Some(asked) if asked.by == order.by() => return Ok(Approval::SamePerson),
            Some(_) => {}
        }
        let asked = self.decide(id).unwrap();
        let name = asked.by.trim_start_matches("operator:");
        let order = Order::operator(name, &asked.reason).unwrap();
        self.switch_money(asked.stopped, &order)
            .await
            .map(Approval::Turned)
    }

    async fn withdraw_switch(&self, id: &ApprovalId, _: &Order) -> Result<bool, StoreError> {
        self.answer(())?;
        Ok(self.decide(id).is_some())
    }

    async fn switch_requests(&self) -> Result<Vec<SwitchRequest>, StoreError> {
        let requests = self.switch_requests.lock().unwrap();
        let open = requests.iter().filter(|(_, is_open)| *is_open);
        self.answer(open.map(|(request, _)| request.clone()).collect())
    }
}
