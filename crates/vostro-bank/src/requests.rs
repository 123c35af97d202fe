//! Requests that a client may send again: the `Idempotency-Key` of HTTP
//! (draft-ietf-httpapi-idempotency-key-header), shared by all replicas.
//!
//! What is kept of an answer is the id of its turn, whose events hold the whole reply; of a refusal, its
//! status and words. Neither the client's key nor the request's body is kept, only hashes that the key is
//! part of, so what a customer wrote cannot be guessed from a row.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use vostro_types::{CustomerId, TurnId};

use crate::store::StoreError;

/// What a request is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestName {
    /// Whose request it is. The same key of another customer is another request.
    pub customer: CustomerId,
    /// The operation, by its id in the `OpenAPI` document.
    pub operation: String,
    /// SHA-256 over what the key's owner, the operation and the key are.
    pub key_hash: [u8; 32],
}

/// Somebody wants to carry a request out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestClaim {
    /// Which request.
    pub name: RequestName,
    /// SHA-256 over the key and the body: the same key with another body is refused.
    pub body_hash: [u8; 32],
    /// The id that the turn is to have if the request is new.
    pub turn: TurnId,
    /// How long the claim is left to whoever gets it. After that it may be taken over: its holder is
    /// taken to have crashed.
    pub lease: SignedDuration,
}

/// Who carries a request out now: a claim, and which one it is in the request's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestGrant {
    /// The id that the turn must have. After a crash it is the one that the first claim brought, so that
    /// the turn is recorded at most once, whoever gets there first.
    pub turn: TurnId,
    /// From 1; higher when a claim was taken over. Only the last one may end the request.
    pub attempt: u32,
}

/// A refusal that a request was answered with, for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRefusal {
    /// The HTTP status, 400 to 499.
    pub status: u16,
    /// What was wrong, without anything that the customer wrote.
    pub detail: String,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestClaimed {
    /// Carry it out. When its turn is recorded it is answered, without another word to the store.
    Granted(RequestGrant),
    /// Somebody carries it out, and is left to do so until then.
    InFlight {
        /// The end of the lease.
        until: Timestamp,
    },
    /// It was answered by this turn, whose events are the reply.
    Answered(TurnId),
    /// It was refused.
    Refused(RequestRefusal),
    /// The key was used for another body.
    OtherBody,
}

/// The memory of requests.
#[async_trait]
pub trait Requests: Send + Sync {
    /// Claims a request, or says how it stands. Of any number of claims at once one is granted.
    async fn claim_request(&self, claim: &RequestClaim) -> Result<RequestClaimed, StoreError>;

    /// Ends a granted request with a refusal that its repetitions get too; gives whether the grant was
    /// still the last one.
    async fn refuse_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
        refusal: &RequestRefusal,
    ) -> Result<bool, StoreError>;

    /// Gives a granted request up, so that its repetition is carried out afresh; gives whether it was
    /// forgotten. One whose turn was recorded meanwhile stays, and so does one that was taken over.
    async fn release_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
    ) -> Result<bool, StoreError>;

    /// Forgets requests that were first claimed before this instant; gives how many.
    async fn purge_requests(&self, before: Timestamp) -> Result<u64, StoreError>;
}
