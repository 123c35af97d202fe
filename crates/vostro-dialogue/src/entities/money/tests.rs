//! Amounts as customers write them.

use super::*;
use crate::entities::testing::{found, portfolio};

fn amount(text: &str) -> String {
    let mentions = found(text, &portfolio());
    let shown: Vec<String> = mentions
        .into_iter()
        .filter_map(|mention| match mention.value {
            Value::Amount(amount) => Some(show(&amount)),
            Value::Bare(amount, _) => Some(format!("bare {}", show(&amount))),
            _ => None,
        })
        .collect();
    shown.join(" | ")
}

fn show(amount: &AmountMention) -> String {
    match amount {
        AmountMention::Exact(money) => {
            format!("{} {}", money.to_decimal(), money.currency)
        }
        AmountMention::Everything => "everything".to_owned(),
        AmountMention::AmountDue => "due".to_owned(),
        AmountMention::Unreadable(words) => format!("unreadable {words}"),
    }
}

#[test]
fn amounts_are_read_exactly_or_not_at_all() {
    let cases = [
        ("$50", "50.00 USD"),
        ("50 dollars", "50.00 USD"),
        ("fifty bucks", "50.00 USD"),
        ("1.2k", "bare 1200.00 USD"),
        ("$1.2k", "1200.00 USD"),
        ("2k dollars", "2000.00 USD"),
        ("$1,250.50", "1250.50 USD"),
        ("1,250.50", "bare 1250.50 USD"),
        ("twenty five dollars and ten cents", "25.10 USD"),
        ("5 dollars 50 cents", "5.50 USD"),
        ("a hundred", "bare 100.00 USD"),
        ("a hundred dollars", "100.00 USD"),
        ("a buck", "1.00 USD"),
        ("two grand", "bare 2000.00 USD"),
        ("five hundred and fifty dollars", "550.00 USD"),
        ("5 hundred dollars", "500.00 USD"),
        ("1.5 million dollars", "1500000.00 USD"),
        ("99 cents", "0.99 USD"),
        ("\u{20AC}20", "20.00 EUR"),
        ("20 EUR", "20.00 EUR"),
        ("20\u{20AC}", "20.00 EUR"),
        ("\u{20AC}12,50", "12.50 EUR"),
        ("1.250,50 euros", "1250.50 EUR"),
        ("\u{A3}5", "5.00 GBP"),
        ("ten pounds", "10.00 GBP"),
        ("\u{A5}500", "500 JPY"),
        ("USD 20", "20.00 USD"),
        ("US$ 20", "20.00 USD"),
        ("$20 USD", "20.00 USD"),
        ("50usd", "50.00 USD"),
        ("$.50", "0.50 USD"),
        ("$1e9", "1000000000.00 USD"),
        ("-$5", "-5.00 USD"),
        ("$-5", "-5.00 USD"),
        ("minus five dollars", "-5.00 USD"),
        ("$0", "0.00 USD"),
        ("$5.005", "unreadable $5.005"),
        ("$1,25", "unreadable $1,25"),
        ("$1.2.3", "unreadable $1.2.3"),
        ("$99999999999999999999", "unreadable $99999999999999999999"),
        ("$1e400", "unreadable $1e400"),
        ("\u{A5}5.5", "unreadable \u{A5}5.5"),
        ("transfer all of it", "everything"),
        ("pay the full bill", "due"),
        ("pay what I owe", "due"),
        ("5%", ""),
        ("20 percent", ""),
        ("10:30", ""),
        ("that one", ""),
        ("\u{FF04}\u{FF15}\u{FF10}", "50.00 USD"),
        ("veinte dolares", "20.00 USD"),
        ("send 50 to", "bare 50.00 USD"),
    ];
    for (text, expected) in cases {
        assert_eq!(amount(text), expected, "{text}");
    }
}
