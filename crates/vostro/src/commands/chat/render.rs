//! A reply for the terminal: the text, cards as small tables, sources.
//!
//! Works on the wire's JSON, so that both ways of talking look the same and a card of a kind that
//! this client does not know is passed over rather than an error.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::Value;
use vostro_dialogue::reply::{Amount, Card, Movement, PartyCard};

/// What `/help` prints.
pub(super) const HELP: &str = "\
Try: What's my balance?            Show my last five transactions
     How much did I spend on groceries last month?
     Send $50 to account 67890     Pay my electricity bill
     How do I dispute a charge?
/new begins afresh, /quit ends the conversation.";

/// The first lines of a conversation.
pub(super) fn welcome(whereabouts: &str) -> String {
    let dim = Style::new().dimmed();
    format!("{dim}{whereabouts}. /help says what to ask, Ctrl-D ends it.{dim:#}")
}

/// A whole reply, ending in a line break.
pub(super) fn reply(body: &Value) -> String {
    let text = body
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let name = Style::new().fg_color(Some(AnsiColor::Cyan.into())).bold();
    let dim = Style::new().dimmed();
    let mut out = format!("{name}vostro ›{name:#} {}\n", harmless(text));
    for card in list(body, "cards") {
        if let Ok(card) = serde_json::from_value::<Card>(card.clone())
            && let Some(shown) = table(&card)
        {
            for line in shown.lines() {
                let _ = writeln!(out, "  {}", harmless(line).trim_end());
            }
        }
    }
    // The text may name its sources itself.
    let mut titles: Vec<&str> = list(body, "citations")
        .iter()
        .filter_map(|citation| citation.get("title")?.as_str())
        .filter(|title| !text.contains(title))
        .collect();
    titles.dedup();
    if !titles.is_empty() {
        let _ = writeln!(
            out,
            "  {dim}source: {}{dim:#}",
            harmless(&titles.join("; "))
        );
    }
    out
}

fn list<'a>(body: &'a Value, name: &str) -> &'a [Value] {
    body.get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Text that cannot steer the terminal: control characters are gone, line breaks stay.
fn harmless(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect()
}

fn table(card: &Card) -> Option<String> {
    match card {
        Card::Balances { accounts } => Some(grid(
            &["account", "number", "balance", "available"],
            accounts.iter().map(|one| {
                vec![
                    one.name.clone(),
                    one.number.clone(),
                    one.balance.display.clone(),
                    one.available.display.clone(),
                ]
            }),
        )),
        Card::Transactions { items, more } => {
            let rows = items.iter().map(|one| {
                vec![
                    one.date.to_string(),
                    one.description.clone(),
                    one.account.clone(),
                    one.amount.display.clone(),
                ]
            });
            let grid = grid(&["date", "description", "account", "amount"], rows);
            Some(if *more {
                format!("{grid}\n… and more")
            } else {
                grid
            })
        }
        Card::Spending {
            spent,
            received,
            count,
            by_category,
        } => {
            let mut rows = vec![
                vec![
                    format!("spent, {count} transactions"),
                    spent.display.clone(),
                ],
                vec!["received".to_owned(), received.display.clone()],
            ];
            rows.extend(by_category.iter().map(|one| {
                let category = serde_json::to_value(one.category).ok();
                let name = category
                    .as_ref()
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                vec![name.to_owned(), one.spent.display.clone()]
            }));
            Some(grid(&["", "amount"], rows.into_iter()))
        }
        Card::Confirmation { movement, .. } => Some(movement_grid(movement, None)),
        Card::Receipt { receipt } => Some(movement_grid(
            &receipt.movement,
            Some(&receipt.source_balance),
        )),
        Card::Pending { pending } => Some(movement_grid(&pending.movement, None)),
        Card::Payees { items } => Some(grid(
            &["payee", "number"],
            items
                .iter()
                .map(|one| vec![one.name.clone(), one.number.clone()]),
        )),
        Card::Bills { items } => Some(grid(
            &["biller", "reference", "due on", "amount"],
            items.iter().map(bill),
        )),
        Card::Choices { options } => Some(format!("[ {} ]", options.join(" | "))),
        // Their text says all of it.
        Card::HandOff { .. }
        | Card::Schedules { .. }
        | Card::Statement { .. }
        | Card::Cards { .. }
        | Card::Cases { .. }
        | Card::Alerts { .. }
        | Card::Profile { .. }
        | Card::AccountDetails { .. }
        | Card::ChangeConfirmation { .. }
        | Card::SecondFactor { .. }
        | Card::Changed { .. } => None,
    }
}

fn bill(one: &PartyCard) -> Vec<String> {
    vec![
        one.name.clone(),
        one.number.clone(),
        one.due_on.map(|day| day.to_string()).unwrap_or_default(),
        one.amount_due
            .as_ref()
            .map(|due| due.display.clone())
            .unwrap_or_default(),
    ]
}

fn movement_grid(movement: &Movement, balance_after: Option<&Amount>) -> String {
    let mut rows = vec![
        vec!["amount".to_owned(), movement.amount.display.clone()],
        vec!["from".to_owned(), movement.source.clone()],
        vec!["to".to_owned(), movement.target.clone()],
    ];
    rows.extend(
        balance_after.map(|balance| vec!["balance after".to_owned(), balance.display.clone()]),
    );
    grid(&[], rows.into_iter())
}

/// Rows as a table whose last column is set flush right when it holds amounts.
fn grid(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    if !head.is_empty() {
        table.set_header(head);
    }
    table.add_rows(rows);
    for (index, name) in head.iter().enumerate() {
        if ["amount", "balance", "available"].contains(name)
            && let Some(column) = table.column_mut(index)
        {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn amount(display: &str) -> Value {
        json!({ "minor": 1, "currency": "USD", "display": display })
    }

    #[test]
    fn cards_are_tables_and_unknown_ones_are_passed_over() {
        let account = |name: &str, balance: &str| {
            json!({ "account_id": "acc_1", "name": name, "kind": "checking", "number": "…1", "balance": amount(balance),
                "available": amount(balance) })
        };
        let body = json!({
            "message": "Here you are.",
            "cards": [
                { "type": "hologram", "colour": "blue" },
                { "type": "balances", "accounts": [account("A", "$1.00"), account("Bee", "$12.00")] },
                { "type": "choices", "options": ["A", "Bee"] },
            ],
            "citations": [{ "title": "Fees" }, { "title": "Fees" }],
        });
        let shown = anstream::adapter::strip_str(&reply(&body)).to_string();
        for part in [
            "vostro › Here you are.",
            "$12.00",
            "[ A | Bee ]",
            "source: Fees\n",
        ] {
            assert!(shown.contains(part), "{part} is missing in\n{shown}");
        }
        let amounts: Vec<usize> = ["$1.00", "$12.00"]
            .iter()
            .filter_map(|figure| {
                let line = shown.lines().find(|line| line.contains(figure))?;
                Some(line.find(figure)? + figure.len())
            })
            .collect();
        assert_eq!(
            amounts[0], amounts[1],
            "amounts are not flush right:\n{shown}"
        );
    }

    #[test]
    fn no_text_steers_the_terminal() {
        let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}hi\r\u{8}";
        let body = json!({
            "message": evil,
            "cards": [{ "type": "choices", "options": [evil] }],
            "citations": [{ "title": "\u{1b}[31mred" }],
        });
        let shown = reply(&body);
        assert!(
            !shown.contains("\u{1b}[2J") && !shown.contains("\u{1b}]"),
            "{shown:?}"
        );
        assert!(!shown.contains(['\u{7}', '\u{8}', '\r']), "{shown:?}");
        assert!(!shown.contains("\u{1b}[31m"), "{shown:?}");
        for nonsense in [
            json!(null),
            json!([]),
            json!({ "message": 3, "cards": "x" }),
        ] {
            assert!(reply(&nonsense).ends_with('\n'));
        }
    }
}
