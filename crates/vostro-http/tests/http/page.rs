//! A statement of the store in memory.

use vostro_bank::{Category, StatementPage, StatementQuery, TransactionView};
use vostro_types::{Currency, Money, TransferId};

/// Three entries of a dollar out, one at a time, from a balance of ten.
pub(crate) fn page(query: &StatementQuery) -> StatementPage {
    let usd = |minor| Money::new(minor, Currency::USD);
    let number = query.after.map_or(1, |after| after + 1);
    StatementPage {
        opening: usd(1_000),
        closing: usd(700),
        received: usd(0),
        spent: usd(300),
        count: 3,
        entries: vec![TransactionView {
            sequence: number,
            transfer: TransferId::new(format!("trf_{number}")).unwrap(),
            account: query.account.clone(),
            posted_at: query.from,
            amount: usd(-100),
            description: "=SUM(1), \"two\"".to_owned(),
            merchant: None,
            category: Category::Other,
            balance_after: usd(1_000 - 100 * number),
        }],
        next: (number < 3).then_some(number),
    }
}
