//! Transfers and bill payments: proposed, confirmed or not, and what the books say afterwards.
//!
//! Every journey reads the balances before and after: the reply's words are not believed.

use vostro_journeys::{Balances, Conversation, Deployment, Shape, journeys_on_both_stores};

const CHECKING: &str = "Everyday Checking";
const SAVINGS: &str = "Savings";

/// Checks that only these accounts changed, each by so much (minor units).
#[track_caller]
fn changed(before: &Balances, after: &Balances, expected: &[(&str, i64)]) {
    for (account, was) in before {
        let by = expected
            .iter()
            .find(|(name, _)| name == account)
            .map_or(0, |(_, by)| *by);
        assert_eq!(
            after.get(account),
            Some(&(was + by)),
            "{account}: {before:?} to {after:?}"
        );
    }
}

/// Says something that must not move money, answers yes to it all the same, and checks the books.
async fn refuses(ada: &mut Conversation, text: &str) {
    let before = ada.balances().await;
    ada.say(text)
        .await
        .does_nothing()
        .has_none(&["i have sent", "i've sent", "is done"]);
    let yes = ada.say("yes").await;
    assert!(
        yes.receipts().is_empty(),
        "{text:?}, then yes: {}",
        yes.body
    );
    changed(&before, &ada.balances().await, &[]);
    ada.say("cancel").await;
}

journeys_on_both_stores! {
    /// Proposed with source, payee and amount; executed on the customer's yes.
    async fn transfer_to_a_payee(bank: &Deployment) {
        let mut ada = bank.customer("journey_transfer");
        let before = ada.balances().await;
        let proposal = ada.say("Send $25 to Anna").await;
        proposal.proposes().has_any(&["$25.00"]).has_any(&["anna"]).has_any(&[CHECKING]);
        changed(&before, &ada.balances().await, &[]);
        let done = ada.say("yes").await;
        done.posts(2_500).has_any(&["$25.00"]);
        changed(&before, &ada.balances().await, &[(CHECKING, -2_500)]);
    }

    /// An account number that nobody saved is a new payee, and confirmed as such.
    async fn transfer_to_an_account_number(bank: &Deployment) {
        let mut ada = bank.customer("journey_new_payee");
        let before = ada.balances().await;
        let proposal = ada.say("Transfer $50 to account 67890").await;
        proposal.has_any(&["transfer", "sent", "complete", "confirm"]);
        proposal.proposes().has_any(&["new"]);
        ada.say("yes").await.posts(5_000);
        changed(&before, &ada.balances().await, &[(CHECKING, -5_000)]);
    }

    /// Between own accounts nothing is lost.
    async fn transfer_between_own_accounts(bank: &Deployment) {
        let mut ada = bank.customer("journey_own_transfer");
        let before = ada.balances().await;
        ada.say("Move $15.50 from checking to savings").await.proposes();
        ada.say("yes please").await.posts(1_550);
        changed(&before, &ada.balances().await, &[(CHECKING, -1_550), (SAVINGS, 1_550)]);
    }

    /// A no is a no, and a later yes does not bring it back.
    async fn transfer_refused_by_the_customer(bank: &Deployment) {
        let mut ada = bank.customer("journey_refused");
        let before = ada.balances().await;
        ada.say("Send $25 to Anna").await.proposes();
        ada.say("no").await.does_nothing();
        let late = ada.say("yes").await;
        assert!(late.receipts().is_empty(), "{}", late.body);
        changed(&before, &ada.balances().await, &[]);
    }

    /// A confirmation given twice pays once, one after the other and at the same time.
    async fn confirmed_twice_pays_once(bank: &Deployment) {
        let mut ada = bank.customer("journey_twice");
        let before = ada.balances().await;
        ada.say("Send $10 to John").await.proposes();
        ada.say("yes").await.posts(1_000);
        let again = ada.say("yes").await;
        assert!(again.cards("confirmation").is_empty(), "{}", again.body);
        changed(&before, &ada.balances().await, &[(CHECKING, -1_000)]);

        ada.say("Send $11 to John").await.proposes();
        let (one, two, three) = tokio::join!(ada.send("yes"), ada.send("yes"), ada.send("yes"));
        for response in [one, two, three] {
            assert!([200, 409].contains(&response.status), "{}", response.text);
        }
        changed(&before, &ada.balances().await, &[(CHECKING, -2_100)]);
    }

    /// What must not move moves nothing, whatever is answered afterwards.
    async fn impossible_amounts(bank: &Deployment) {
        let mut ada = bank.customer("journey_impossible");
        for text in [
            "Transfer $0 to Anna",
            "Transfer -$50 to Anna",
            "Transfer $1e9 to Anna",
            "Transfer $99999999999999999999 to Anna",
            "Transfer $0.001 to Anna",
            "Transfer €20 to Anna",
        ] {
            refuses(&mut ada, text).await;
        }
    }

    /// More than there is, and more than one transfer may move: said so, and nothing moved.
    async fn insufficient_funds_and_limits(bank: &Deployment) {
        let mut ada = bank.customer("journey_declined");
        let balances = ada.balances().await;
        let over = balances[CHECKING] / 100 + 1_000;
        if over < 5_000 {
            refuses(&mut ada, &format!("Transfer ${over} to Anna")).await;
        }
        refuses(&mut ada, "Transfer $5,000.01 to Anna").await;
        refuses(&mut ada, "Transfer $4999999 to Anna").await;
    }

    /// Amounts as people write them.
    async fn amounts_in_words_and_figures(bank: &Deployment) {
        let mut ada = bank.customer("journey_amounts");
        for (text, display) in [
            ("Send fifty bucks to Anna", "$50.00"),
            ("Send 12.50 dollars to Anna", "$12.50"),
            ("Send Anna $7", "$7.00"),
        ] {
            ada.say(text).await.proposes().has_any(&[display]);
            ada.say("no").await.does_nothing();
        }
    }

    /// Slots that are missing are asked for, one after the other.
    async fn missing_slots(bank: &Deployment) {
        let mut ada = bank.customer("journey_slots");
        let before = ada.balances().await;
        ada.say("I want to send money").await.does_nothing();
        ada.say("to Mum").await.does_nothing();
        ada.say("$30").await.proposes().has_any(&["$30.00"]).has_any(&["mum"]);
        ada.say("yes").await.posts(3_000);
        changed(&before, &ada.balances().await, &[(CHECKING, -3_000)]);
    }

    /// A payee that nobody knows is not paid.
    async fn unknown_payee(bank: &Deployment) {
        let mut ada = bank.customer("journey_unknown_payee");
        refuses(&mut ada, "Transfer $20 to Zebulon Quartermain").await;
    }

    /// A bill is paid from the account that was named in the proposal.
    async fn bill_payment(bank: &Deployment) {
        let mut ada = bank.customer("journey_bill");
        let before = ada.balances().await;
        let proposal = ada.say("Pay my electricity bill $120").await;
        proposal.proposes().has_any(&["payment", "paid", "bill", "confirm"]).has_any(&["$120.00"]);
        ada.say("yes").await.posts(12_000);
        changed(&before, &ada.balances().await, &[(CHECKING, -12_000)]);
        let history = ada.say("Show me my last transaction").await;
        assert_eq!(
            history.cards("transactions")[0]["items"][0]["amount"]["minor"],
            -12_000,
            "{}",
            history.body
        );
    }

    /// A question in the middle of a transfer is answered, and the transfer is not lost or done by it.
    async fn question_in_between(bank: &Deployment) {
        let mut ada = bank.customer("journey_digression");
        let before = ada.balances().await;
        ada.say("Send $25 to Anna").await.proposes();
        let aside = ada.say("What's my balance?").await;
        assert!(aside.receipts().is_empty(), "{}", aside.body);
        changed(&before, &ada.balances().await, &[]);
    }
}
