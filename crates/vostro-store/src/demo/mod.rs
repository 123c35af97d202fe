//! The demo bank: customers, accounts, payees, billers, open bills and 90 days of transactions, made
//! up from a seed and the customer's id. The same seed, customer and day give the same bank.
//!
//! A plan is made without any database ([`plan`]) and then written through double entry, so the books
//! balance. Names are plainly of the demo; no merchant, company or person here is real. The last
//! planned day is yesterday: today's limit is the customer's own.

mod catalogue;
mod days;
mod plan;
mod random;

pub(crate) use self::catalogue::BILLERS;
#[cfg(feature = "postgres")]
pub(crate) use self::plan::PlannedCard;
pub use self::plan::{DemoPlan, plan};
pub(crate) use self::plan::{Line, Movement, Party};

use async_trait::async_trait;
use vostro_bank::{CustomerOpened, StoreError};
use vostro_types::CustomerId;

use crate::config::StoreConfig;

/// The seed of demo customers that nobody created beforehand.
pub const DEFAULT_SEED: u64 = 1;

/// A store that customers of the demo bank can be opened in.
#[async_trait]
pub trait DemoBank: Send + Sync {
    /// What the store was opened with.
    fn config(&self) -> &StoreConfig;

    /// Opens a customer of the demo bank from its plan, unless there is one of that id.
    async fn open_demo(
        &self,
        customer: &CustomerId,
        plan: DemoPlan,
    ) -> Result<CustomerOpened, StoreError>;

    /// Waits until no other replica is seeding, and keeps them waiting until what is returned is dropped.
    async fn seeding_turn(&self) -> Result<SeedingTurn, StoreError>;
}

/// A replica's turn at seeding; it ends when this is dropped.
pub struct SeedingTurn(
    #[allow(dead_code, reason = "held for its end")] Option<Box<dyn std::any::Any + Send>>,
);

impl std::fmt::Debug for SeedingTurn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeedingTurn")
    }
}

impl SeedingTurn {
    /// For a store that belongs to one process.
    pub(crate) const fn alone() -> Self {
        Self(None)
    }

    /// A turn that ends with this value.
    #[cfg(feature = "postgres")]
    pub(crate) fn held_by(value: impl std::any::Any + Send) -> Self {
        Self(Some(Box::new(value)))
    }
}

macro_rules! demo_bank {
    ($store:ty) => {
        #[async_trait]
        impl DemoBank for $store {
            fn config(&self) -> &StoreConfig {
                self.config()
            }

            async fn open_demo(
                &self,
                customer: &CustomerId,
                plan: DemoPlan,
            ) -> Result<CustomerOpened, StoreError> {
                self.open_demo(customer, plan).await
            }

            async fn seeding_turn(&self) -> Result<SeedingTurn, StoreError> {
                self.seeding_turn().await
            }
        }
    };
}

demo_bank!(crate::SqliteStore);
#[cfg(feature = "postgres")]
demo_bank!(crate::PostgresStore);

/// What seeding did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Customers that are new.
    pub created: u32,
    /// Customers that were there before, left as they are.
    pub already_there: u32,
}

/// Fills the store with so many named customers: `demo_001`, `demo_002`, … Replicas that seed at once
/// take turns; the later ones find everything there.
pub async fn seed_demo_bank(
    store: &(impl DemoBank + ?Sized),
    seed: u64,
    customers: u32,
) -> Result<Seeded, StoreError> {
    let _turn = store.seeding_turn().await?;
    let mut seeded = Seeded::default();
    for number in 1..=customers {
        let id = CustomerId::new(format!("demo_{number:03}")).map_err(|_| StoreError::Corrupt {
            what: "demo customer",
        })?;
        let mut plan = plan(seed, &id, store.config());
        plan.display_name = catalogue::customer_name(number);
        match store.open_demo(&id, plan).await? {
            CustomerOpened::Created => seeded.created += 1,
            CustomerOpened::AlreadyThere | CustomerOpened::Refused => seeded.already_there += 1,
        }
    }
    Ok(seeded)
}
