//! Requests with an `Idempotency-Key`: as the stores keep them, but that a lease lasts until it is ended.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{
    RequestClaim, RequestClaimed, RequestGrant, RequestName, RequestRefusal, Requests, StoreError,
};

use super::MemoryStore;

/// A request with an `Idempotency-Key`.
pub(super) struct KeyedRequest {
    body: [u8; 32],
    grant: RequestGrant,
    refusal: Option<RequestRefusal>,
}

impl MemoryStore {
    /// Whoever holds a claim counts as gone.
    pub(crate) fn end_leases(&self, over: bool) {
        self.leases_are_over.store(over, Ordering::SeqCst);
    }

    /// Requests that are on record.
    pub(crate) fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

#[async_trait]
impl Requests for MemoryStore {
    async fn claim_request(&self, claim: &RequestClaim) -> Result<RequestClaimed, StoreError> {
        self.answer(())?;
        let turns = self.turns.lock().unwrap();
        let mut requests = self.requests.lock().unwrap();
        let Some(known) = requests.get_mut(&claim.name.key_hash) else {
            let grant = RequestGrant {
                turn: claim.turn.clone(),
                attempt: 1,
            };
            let request = KeyedRequest {
                body: claim.body_hash,
                grant: grant.clone(),
                refusal: None,
            };
            requests.insert(claim.name.key_hash, request);
            return Ok(RequestClaimed::Granted(grant));
        };
        if known.body != claim.body_hash {
            return Ok(RequestClaimed::OtherBody);
        }
        if turns.contains_key(&known.grant.turn) {
            return Ok(RequestClaimed::Answered(known.grant.turn.clone()));
        }
        if let Some(refusal) = &known.refusal {
            return Ok(RequestClaimed::Refused(refusal.clone()));
        }
        if self.leases_are_over.load(Ordering::SeqCst) {
            known.grant.attempt += 1;
            return Ok(RequestClaimed::Granted(known.grant.clone()));
        }
        let until = Timestamp::MAX;
        Ok(RequestClaimed::InFlight { until })
    }

    async fn refuse_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
        refusal: &RequestRefusal,
    ) -> Result<bool, StoreError> {
        self.answer(())?;
        let mut requests = self.requests.lock().unwrap();
        let known = requests.get_mut(&name.key_hash);
        let known = known.filter(|known| known.grant == *grant);
        Ok(known.is_some_and(|known| {
            known.refusal = Some(refusal.clone());
            true
        }))
    }

    async fn release_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
    ) -> Result<bool, StoreError> {
        self.answer(())?;
        let turns = self.turns.lock().unwrap();
        let mut requests = self.requests.lock().unwrap();
        let known = requests.get(&name.key_hash);
        let ours = known.is_some_and(|known| known.grant == *grant);
        if ours && !turns.contains_key(&grant.turn) {
            requests.remove(&name.key_hash);
            return Ok(true);
        }
        Ok(false)
    }

    async fn purge_requests(&self, _: Timestamp) -> Result<u64, StoreError> {
        self.answer(0)
    }
}
