//! The page of all operations and what each asks for, made from the table: `docs/security/access.md`.

use std::fmt::Write as _;

use vostro_dialogue::principal::Scope;

use super::table::{Limited, OperationRule, Rule, ServedBy, operations};

const HEAD: &str = "\
<!-- Made from crates/vostro-http/src/auth/table.rs by `vostro openapi --format access`. -->
# Who may call what

Every operation of the three roles, with what it asks of its caller. A request for what has no row here is refused, a
test compares the rows with the OpenAPI document, and another calls each operation with nothing, a wrong credential, an
expired one, one without the scope, another customer's and the right one, in each mode (`crates/vostro-http/tests/http/access.rs`).

## Credentials

`Authorization: Bearer …`. `auth.mode` says how customers are known:

| mode | who may act for a customer |
|---|---|
| `sandbox` | anybody who can reach the port: the `user_id` is believed, which is why it listens on loopback |
| `jwt` | the holder of a token of the identity provider: its `sub` is the customer, and `user_id` must be the same |
| `api-key` | the bank's back end, with a key that has the scope `chat`; it acts for any customer |

Administrators show a key of `auth.api_keys` in any mode, or a token of the identity provider in mode `jwt`; orders stand
under the name of the key or the token's subject. In the sandbox there is also the operators' shared secret
(`auth.admin_token`), which names nobody: there, an order stands under the name that the caller gives. Vostro's own
services show `services.token`, which allows `search` and `check` and nothing else.

No credential, or one that is not accepted (unknown, expired, wrong in any way), is 401; one without the scope is 403, and
so is a `user_id` or `by` that is not the credential's. What belongs to another customer is 404, or 403 for a conversation.

";

/// The page.
pub fn access_page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("## Scopes\n\n| scope | allows | operations |\n|---|---|---|\n");
    for scope in Scope::ALL {
        let count = operations()
            .iter()
            .filter(|row| scope_of(row.rule) == Some(scope))
            .count();
        let _ = writeln!(page, "| `{scope}` | {} | {count} |", about(scope));
    }
    page.push_str("\n## Operations\n\n| operation | port | asks for | in the sandbox | counted |\n|---|---|---|---|---|\n");
    for row in operations() {
        let (asks, sandbox) = asked(row.rule);
        let _ = writeln!(
            page,
            "| `{} {}` | {} | {asks} | {sandbox} | {} |",
            row.method,
            row.path,
            port(row),
            counted(row.limited),
        );
    }
    page
}

const fn scope_of(rule: Rule) -> Option<Scope> {
    match rule {
        Rule::Open | Rule::Operational | Rule::Signed => None,
        Rule::Customer => Some(Scope::Chat),
        Rule::Caller(scope) | Rule::Admin(scope) => Some(scope),
    }
}

const fn about(scope: Scope) -> &'static str {
    match scope {
        Scope::Chat => "acting as a customer, money commands included",
        Scope::Search => "searching the knowledge base",
        Scope::Check => "having texts checked",
        Scope::Documents => "changing documents of the knowledge base",
        Scope::Insights => "figures about conversations",
        Scope::Audit => "reading the audit trail",
        Scope::Desk => "the queue of conversations for people",
        Scope::Money => "stopping all money, and letting it go on",
        Scope::Webhooks => "what the bank's other systems are told",
        Scope::Policies => "changing the policies of a running bank",
        Scope::Channels => "whose an address of a channel is",
        Scope::Customers => "erasing customers, and ending their conversations",
    }
}

fn asked(rule: Rule) -> (String, &'static str) {
    match rule {
        Rule::Open => ("nothing".to_owned(), "nothing"),
        Rule::Operational => (
            "nothing; keep the port away from customers".to_owned(),
            "nothing",
        ),
        Rule::Signed => ("a signature of its own".to_owned(), "the same"),
        Rule::Customer => ("`chat`, as that customer".to_owned(), "the `user_id`"),
        Rule::Caller(scope) => (format!("`{scope}`"), "nothing"),
        Rule::Admin(scope) => (format!("`{scope}`"), "the same, from this machine"),
    }
}

fn port(row: &OperationRule) -> &'static str {
    match row.served_by {
        ServedBy::Every => "every",
        ServedBy::Only(role) => role.name(),
    }
}

const fn counted(limited: Limited) -> &'static str {
    match limited {
        Limited::Never => "no",
        Limited::Flood => "by address",
        Limited::ByCaller => "by credential, else address",
        Limited::ByCustomer => "by customer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/security/access.md");
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == access_page(),
            "run: vostro openapi --format access > docs/security/access.md"
        );
    }
}
