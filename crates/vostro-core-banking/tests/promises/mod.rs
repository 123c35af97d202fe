//! What holds for all bytes as a core banking system's answers. Used by the fuzz target and by the replay of its corpus.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use vostro_bank::{HistoryPage, HistoryQuery, Portfolio, SpendingSummary};
use vostro_core_banking::{
    CoreBanking, CoreError, Ended, Patience, TransferKey, TransferOrder, TransferState, carry_out,
};
use vostro_ledger::TransferStatus;
use vostro_types::CustomerId;

/// What is ordered, and the key that the corpus answers under.
const ORDER: &str = r#"{"intent":{"customer":"ada","source":"acc_1","target":{"to":"new_payee","number":"67890"},"amount":{"minor":2500,"currency":"USD"}}}"#;

/// Answers an order to place with the first line and an order to post with the second.
struct Saying<'a>(Vec<&'a [u8]>);

impl Saying<'_> {
    fn line(&self, at: usize) -> Result<TransferState, CoreError> {
        let line = self.0.get(at).copied().unwrap_or_default();
        serde_json::from_slice(line).map_err(|_| CoreError::Refused { status: 400 })
    }
}

#[async_trait]
impl CoreBanking for Saying<'_> {
    async fn portfolio(&self, _: &CustomerId) -> Result<Option<Portfolio>, CoreError> {
        Ok(None)
    }

    async fn history(&self, _: &CustomerId, _: &HistoryQuery) -> Result<HistoryPage, CoreError> {
        Ok(HistoryPage::default())
    }

    async fn spending(
        &self,
        _: &CustomerId,
        _: &HistoryQuery,
    ) -> Result<SpendingSummary, CoreError> {
        Err(CoreError::Unknown)
    }

    async fn place(&self, _: &TransferKey, _: &TransferOrder) -> Result<TransferState, CoreError> {
        self.line(0)
    }

    async fn post(&self, _: &CustomerId, _: &TransferKey) -> Result<TransferState, CoreError> {
        self.line(1)
    }

    async fn void(&self, _: &CustomerId, _: &TransferKey) -> Result<TransferState, CoreError> {
        self.line(2)
    }

    async fn transfer(
        &self,
        _: &CustomerId,
        _: &TransferKey,
    ) -> Result<Option<TransferState>, CoreError> {
        self.line(0).map(Some)
    }

    async fn is_ready(&self) -> bool {
        true
    }
}

/// Each line as every answer of the contract: read or refused, and what is read can be said again. As answers to an order: what ends as
/// posted is what was ordered.
pub(crate) fn keep(data: &[u8]) {
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').take(3).collect();
    for line in &lines {
        same_again::<TransferState>(line);
        same_again::<Portfolio>(line);
        same_again::<HistoryPage>(line);
        same_again::<SpendingSummary>(line);
    }
    let Ok(order) = serde_json::from_str::<TransferOrder>(ORDER) else {
        panic!("the order is none");
    };
    let key = TransferKey::from_bytes([0xab; 32]);
    let core = Saying(lines);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let Ok(runtime) = runtime else {
        panic!("no runtime");
    };
    let patience = Patience {
        deadline: Duration::ZERO,
        pause: Duration::ZERO,
    };
    match runtime.block_on(carry_out(&core, &key, &order, patience)) {
        Ok(Ended::Posted(transfer, posted)) => {
            let said: Vec<TransferState> = (0..2).filter_map(|at| core.line(at).ok()).collect();
            let fits = |state: &&TransferState| {
                state.status == Some(TransferStatus::Posted)
                    && state.transfer.as_ref() == Some(&transfer)
                    && state.posted.as_ref() == Some(&posted)
                    && state.key == key
                    && state.intent == order.intent
                    && state.decline.is_none()
            };
            assert!(said.iter().any(|state| fits(&state)), "{said:?}");
            assert_eq!(posted.source_balance.currency, order.intent.amount.currency);
        }
        Ok(Ended::Declined(_) | Ended::GivenUp) => {}
        Err(error) => assert!(error.to_string().len() < 200, "{error}"),
    }
}

fn same_again<T>(line: &[u8])
where
    T: serde::de::DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug,
{
    let Ok(read) = serde_json::from_slice::<T>(line) else {
        return;
    };
    let said = serde_json::to_value(&read).unwrap_or(Value::Null);
    assert_eq!(serde_json::from_value::<T>(said).ok(), Some(read));
}
