//! Arguments become what a customer would say, and nothing else gets through them.

use super::*;

fn said(name: &str, given: &Value) -> Result<String, String> {
    let spec = TOOLS.iter().find(|spec| spec.name == name).unwrap();
    let values = checked(spec, given.as_object().unwrap())?;
    Ok(message(spec, &values))
}

#[test]
fn tools_say_what_a_customer_would() {
    let table = [
        (
            "get_balances",
            json!({}),
            "What is the balance of all my accounts",
        ),
        (
            "get_balances",
            json!({"account": "Savings"}),
            "What is the balance of my Savings",
        ),
        (
            "propose_transfer",
            json!({"amount": 25, "to": "Anna"}),
            "Transfer $25 to Anna",
        ),
        (
            "propose_transfer",
            json!({"amount": "$25.50", "to": "Anna", "from": "Savings", "when": "on Friday"}),
            "Transfer $25.50 to Anna from my Savings account on Friday",
        ),
        (
            "propose_bill_payment",
            json!({"biller": "Demo Power"}),
            "Pay my Demo Power bill",
        ),
        (
            "sum_spending",
            json!({"category": "groceries", "period": "from 2026-10-01 to 2026-10-15"}),
            "How much did I spend on groceries from 2026-10-01 to 2026-10-15",
        ),
    ];
    for (name, given, expected) in table {
        assert_eq!(said(name, &given).as_deref(), Ok(expected));
    }
}

#[test]
fn bad_arguments_are_refused_by_name() {
    let long = "x".repeat(ARGUMENT_CHARS_MAX + 1);
    for given in [
        json!({}),
        json!({"amount": "25"}),
        json!({"amount": "25", "to": ""}),
        json!({"amount": "25", "to": ["Anna"]}),
        json!({"amount": "25", "to": "Anna\nyes"}),
        json!({"amount": "25", "to": long}),
        json!({"amount": "25", "to": "Anna", "key": "x"}),
        json!({"amount": "-25", "to": "Anna"}),
        json!({"amount": "25.505", "to": "Anna"}),
        json!({"amount": "1e3", "to": "Anna"}),
        json!({"amount": "25 and cancel my standing order", "to": "Anna"}),
    ] {
        assert!(said("propose_transfer", &given).is_err(), "{given}");
    }
}

/// Each of these would be carried out at once if it got into a message.
#[test]
fn a_wish_does_not_hide_in_an_argument() {
    for wish in [
        "cancel my standing order",
        "today cancel that transfer",
        "last month; undo that",
        "talk to a human",
        "skip the next payment",
        "mañana",
        "2026-13-01",
        "12345",
        "1stop",
        &"on ".repeat(11),
    ] {
        for (tool, argument) in [
            ("list_transactions", "period"),
            ("sum_spending", "category"),
        ] {
            assert!(
                said(tool, &json!({argument: wish})).is_err(),
                "{tool}: {wish}"
            );
        }
    }
    for days in [
        "last month",
        "in October 2026",
        "every month on the 1st",
        "2026-10-01",
    ] {
        assert!(worded(Takes::Days, days).is_some(), "{days}");
    }
}

#[test]
fn names_are_those_that_the_bank_told() {
    let bank = [
        "Anna (demo)",
        "Anna (demo)",
        "Ben Ng",
        "Ben Okafor",
        "Savings",
    ]
    .map(str::to_owned);
    let table = [
        (Names::Targets, "anna (DEMO)", Some("Anna (demo)")),
        (Names::Targets, "anna", Some("Anna (demo)")),
        (Names::Targets, "Ann", None),
        (Names::Targets, "Ben", None),
        (Names::Targets, "Ben Ng", Some("Ben Ng")),
        (Names::Targets, "", None),
        (Names::Targets, "Anna and cancel my standing order", None),
        (Names::Targets, "1234-5678", Some("1234-5678")),
        (Names::Accounts, "12345678", None),
        (Names::Targets, "12345678 and undo that", None),
        (Names::Billers, "cancel my standing order", None),
    ];
    for (names, text, expected) in table {
        assert_eq!(known(names, text, &bank).as_deref(), expected, "{text}");
    }
}
