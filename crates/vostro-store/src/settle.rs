//! Housekeeping over pending transfers, the same for every driver: each transfer is a command of its own, so
//! that one that cannot be resolved does not hold up the others.

use vostro_bank::{MoneyControl, Order, PendingTransfers, SettleOutcome, Settled, StoreError};
use vostro_ledger::Decline;
use vostro_types::TransferId;

/// Posts these transfers; what the ledger's rules refuse is voided. Stops where money is stopped.
pub(crate) async fn settle(
    store: &(impl PendingTransfers + MoneyControl),
    due: Vec<TransferId>,
) -> Result<Settled, StoreError> {
    let mut settled = Settled::default();
    if due.is_empty() || store.money_switch().await?.stopped {
        return Ok(settled);
    }
    let post = Order::housekeeping("its hour has come");
    let give_up = Order::housekeeping("it could not be posted when its hour had come");
    for transfer in due {
        match store.post_pending(&transfer, None, &post).await? {
            SettleOutcome::Posted(_) => settled.posted += 1,
            SettleOutcome::Declined(Decline::MoneyStopped) => return Ok(settled),
            SettleOutcome::Declined(_) => {
                store.void_pending(&transfer, &give_up).await?;
                settled.voided += 1;
            }
            SettleOutcome::NotPending(_) => {}
        }
    }
    Ok(settled)
}
