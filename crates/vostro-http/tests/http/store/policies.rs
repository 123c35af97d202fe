//! Policies under four eyes, as the stores keep them; in memory nothing runs out of time, and what was withdrawn is gone.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{
    Order, Policies, PolicyApproval, PolicyInForce, PolicyKind, PolicyRequest, StoreError,
};
use vostro_types::ApprovalId;

use super::MemoryStore;

fn in_force(request: &PolicyRequest, version: i64, approved_by: &str) -> PolicyInForce {
    PolicyInForce {
        kind: request.kind,
        version,
        content: request.content.clone(),
        by: request.by.clone(),
        reason: request.reason.clone(),
        approved_by: approved_by.to_owned(),
        at: Timestamp::UNIX_EPOCH,
    }
}

#[async_trait]
impl Policies for MemoryStore {
    async fn request_policy(
        &self,
        id: &ApprovalId,
        kind: PolicyKind,
        content: &str,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<PolicyRequest, StoreError> {
        self.answer(())?;
        let request = PolicyRequest {
            id: id.clone(),
            kind,
            content: content.to_owned(),
            by: order.by().to_owned(),
            reason: order.reason().to_owned(),
            at: Timestamp::UNIX_EPOCH,
            expires_at,
        };
        let mut requests = self.policy_requests.lock().unwrap();
        requests.push((request.clone(), None));
        Ok(request)
    }

    async fn approve_policy(
        &self,
        id: &ApprovalId,
        order: &Order,
    ) -> Result<PolicyApproval, StoreError> {
        let next = self.policy_version().await? + 1;
        let mut requests = self.policy_requests.lock().unwrap();
        let found = requests
            .iter_mut()
            .find(|(it, made)| it.id == *id && made.is_none());
        Ok(match found {
            None => PolicyApproval::NotOpen,
            Some((asked, _)) if asked.by == order.by() => PolicyApproval::SamePerson,
            Some((asked, made)) => {
                *made = Some((next, order.by().to_owned()));
                PolicyApproval::InForce(Box::new(in_force(asked, next, order.by())))
            }
        })
    }

    async fn withdraw_policy(&self, id: &ApprovalId, _: &Order) -> Result<bool, StoreError> {
        self.answer(())?;
        let mut requests = self.policy_requests.lock().unwrap();
        let before = requests.len();
        requests.retain(|(it, made)| it.id != *id || made.is_some());
        Ok(requests.len() < before)
    }

    async fn policy_requests(&self) -> Result<Vec<PolicyRequest>, StoreError> {
        let requests = self.policy_requests.lock().unwrap();
        let open = requests.iter().filter(|(_, made)| made.is_none());
        self.answer(open.map(|(request, _)| request.clone()).collect())
    }

    async fn policies(&self) -> Result<Vec<PolicyInForce>, StoreError> {
        let requests = self.policy_requests.lock().unwrap();
        let of = |kind| {
            let made = requests
                .iter()
                .filter_map(|(it, made)| Some((it, made.as_ref()?)));
            let made = made.filter(|(it, _)| it.kind == kind);
            let last = made.max_by_key(|(_, (version, _))| *version);
            last.map(|(it, (version, by))| in_force(it, *version, by))
        };
        self.answer(PolicyKind::ALL.into_iter().filter_map(of).collect())
    }

    async fn policy_version(&self) -> Result<i64, StoreError> {
        let requests = self.policy_requests.lock().unwrap();
        let versions = requests
            .iter()
            .filter_map(|(_, made)| Some(made.as_ref()?.0));
        self.answer(versions.max().unwrap_or(0))
    }
}
