//! Making seals: one stretch at a time, in the background, by whichever replica comes first.

use jiff::Timestamp;
use vostro_bank::{AuditSeals, SealAppended, SealRecord, StoreError};

use crate::key::{KeyId, PublicKey, SealingKey};
use crate::link::{Link, LinkBody, MalformedSeal, Place};

/// How often a rotation tries to get between the seals of other replicas.
const ROTATION_TRIES: u32 = 100;

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain's seals are made with another key.
    #[error("the audit trail is sealed with key {current}, not with this one ({own})")]
    OtherKey {
        /// The key that the chain names.
        current: KeyId,
        /// The key that was given.
        own: KeyId,
    },
    /// The chain was tampered with so that it cannot be continued.
    #[error("seal {number} of the audit trail: {why}; run `vostro audit-log verify`")]
    Broken {
        /// The seal.
        number: i64,
        /// What is wrong with it.
        why: MalformedSeal,
    },
    /// Others kept sealing in between.
    #[error("other replicas sealed in between every time; try again")]
    Crowded,
}

/// What came of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// So many rows got their seal.
    Rows(usize),
    /// There was nothing to seal.
    UpToDate,
    /// Another replica was first.
    Outrun,
}

/// The key that the chain's next seal is to be made with; `None` before the first.
pub async fn current_key(store: &dyn AuditSeals) -> Result<Option<PublicKey>, SealError> {
    let Some(record) = store.key_seals().await?.pop() else {
        return Ok(None);
    };
    let number = record.number;
    match Link::read(record).map(|link| link.body) {
        Ok(LinkBody::Key(key)) => Ok(Some(key)),
        Ok(LinkBody::Rows(_)) => Err(SealError::Broken {
            number,
            why: MalformedSeal("kind"),
        }),
        Err(why) => Err(SealError::Broken { number, why }),
    }
}

/// Begins the chain with this key, where there is none yet.
pub async fn begin(
    store: &dyn AuditSeals,
    key: &SealingKey,
    now: Timestamp,
) -> Result<(), SealError> {
    if store.last_seal().await?.is_none()
        && let Some(seal) = Link::of_key(&Place::START, key, key, now)
    {
        // Whoever else begins it at the same time is as good; whose key it is shows with the first rows.
        store.append_seal(&seal).await?;
    }
    Ok(())
}

/// Seals the next stretch of the trail: at most so many rows, none that may still get a predecessor.
pub async fn seal_next(
    store: &dyn AuditSeals,
    key: &SealingKey,
    now: Timestamp,
    most: u32,
) -> Result<Sealed, SealError> {
    begin(store, key, now).await?;
    let Some(last) = store.last_seal().await? else {
        return Ok(Sealed::Outrun);
    };
    check_key(store, key).await?;
    let place = place_after(&last)?;
    let rows = store.audit_rows(last.last_sequence, most).await?;
    let Some(seal) = Link::of_rows(&place, &rows, key, now) else {
        return Ok(Sealed::UpToDate);
    };
    Ok(match store.append_seal(&seal).await? {
        SealAppended::Appended => Sealed::Rows(rows.len()),
        SealAppended::NotNext => Sealed::Outrun,
    })
}

/// Replaces the key: the new one becomes a link of the chain, endorsed by the old one.
pub async fn rotate(
    store: &dyn AuditSeals,
    old: &SealingKey,
    new: &SealingKey,
    now: Timestamp,
) -> Result<SealRecord, SealError> {
    begin(store, old, now).await?;
    for _ in 0..ROTATION_TRIES {
        check_key(store, old).await?;
        let Some(last) = store.last_seal().await? else {
            continue;
        };
        let Some(seal) = Link::of_key(&place_after(&last)?, new, old, now) else {
            continue;
        };
        if store.append_seal(&seal).await? == SealAppended::Appended {
            return Ok(seal);
        }
    }
    Err(SealError::Crowded)
}

async fn check_key(store: &dyn AuditSeals, key: &SealingKey) -> Result<(), SealError> {
    let own = key.public();
    match current_key(store).await? {
        Some(current) if current != own => Err(SealError::OtherKey {
            current: current.id(),
            own: own.id(),
        }),
        _ => Ok(()),
    }
}

fn place_after(last: &SealRecord) -> Result<Place, SealError> {
    Place::after(last).map_err(|why| SealError::Broken {
        number: last.number,
        why,
    })
}
