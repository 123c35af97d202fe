//! A movement from the order to its end, over a line that may lose any answer.
//!
//! ```text
//! place ── declined ─► declined
//!   └─ pending, as ordered ─► post ── posted, as ordered ─► posted
//!   └─ pending, otherwise ──► void ─► breach: nothing was posted
//! ```
//!
//! Whatever is lost on the way is asked for again under the same key. The movement ends as posted or declined,
//! or with an error that says that its end is not known yet; giving it again later goes on where it stands.

use std::time::{Duration, Instant};

use vostro_ledger::{Decline, TransferStatus};
use vostro_types::TransferId;

use crate::contract::{Posted, TransferKey, TransferOrder, TransferState};
use crate::port::{Breach, CoreBanking, CoreError};

/// How a movement ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was posted: now, or before.
    Posted(TransferId, Posted),
    /// The core's rules refused it; nothing moved.
    Declined(Decline),
    /// It was given up: voided or expired before it was posted; nothing moved.
    GivenUp,
}

/// How long lost answers are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the whole movement.
    pub deadline: Duration,
    /// Between two tries.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(8),
            pause: Duration::from_millis(150),
        }
    }
}

/// Carries a movement out. Safe to give again, at once or at any later time.
pub async fn carry_out(
    core: &dyn CoreBanking,
    key: &TransferKey,
    order: &TransferOrder,
    patience: Patience,
) -> Result<Ended, CoreError> {
    let until = Instant::now() + patience.deadline;
    let customer = &order.intent.customer;
    let placed = again(patience, until, || core.place(key, order)).await?;
    let transfer = match standing(key, order, &placed) {
        Ok(Standing::Over(ended)) => return Ok(ended),
        Ok(Standing::Pending(transfer)) => transfer,
        Err(breach) => {
            // What was placed is not what was ordered: it must not be posted, by nobody.
            let _ = core.void(customer, key).await;
            return Err(CoreError::Breach(breach));
        }
    };
    let posted = again(patience, until, || core.post(customer, key)).await?;
    match standing(key, order, &posted).map_err(CoreError::Breach)? {
        Standing::Over(Ended::Posted(posted, _)) if posted != transfer => {
            Err(CoreError::Breach(Breach::Transfer))
        }
        Standing::Over(Ended::Declined(_)) => Err(CoreError::Breach(Breach::Status)),
        // The core cannot post at the moment: it was not, and is to be asked again.
        Standing::Pending(_) => Err(CoreError::Unknown),
        Standing::Over(ended) => Ok(ended),
    }
}

/// Where a movement stands, by an answer that fits what was ordered.
enum Standing {
    Pending(TransferId),
    Over(Ended),
}

fn standing(
    key: &TransferKey,
    order: &TransferOrder,
    state: &TransferState,
) -> Result<Standing, Breach> {
    if state.key != *key {
        return Err(Breach::Key);
    }
    if state.intent != order.intent {
        return Err(Breach::Intent);
    }
    let TransferState {
        transfer,
        status,
        decline,
        posted,
        ..
    } = state;
    let currency = order.intent.amount.currency;
    match (transfer, status, decline, posted) {
        (None, None, Some(decline), None) => Ok(Standing::Over(Ended::Declined(*decline))),
        (Some(transfer), Some(TransferStatus::Pending), None, None) => {
            Ok(Standing::Pending(transfer.clone()))
        }
        (Some(transfer), Some(TransferStatus::Posted), None, Some(posted))
            if posted.source_balance.currency == currency
                && posted.source_available.currency == currency =>
        {
            Ok(Standing::Over(Ended::Posted(
                transfer.clone(),
                posted.clone(),
            )))
        }
        (Some(_), Some(TransferStatus::Voided | TransferStatus::Expired), None, None) => {
            Ok(Standing::Over(Ended::GivenUp))
        }
        _ => Err(Breach::Status),
    }
}

/// Tries until there is an answer, or until no more time is left.
async fn again<T, F>(
    patience: Patience,
    until: Instant,
    call: impl Fn() -> F,
) -> Result<T, CoreError>
where
    F: Future<Output = Result<T, CoreError>>,
{
    loop {
        let answer = call().await;
        let is_lost = matches!(answer, Err(CoreError::Unknown | CoreError::Unreachable(_)));
        if !is_lost || Instant::now() + patience.pause >= until {
            return answer;
        }
        tokio::time::sleep(patience.pause).await;
    }
}
