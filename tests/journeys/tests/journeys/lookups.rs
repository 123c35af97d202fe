//! Balances, transactions and questions: nothing moves.

use vostro_journeys::{Deployment, Shape, journeys};

journeys! {
    /// One account, all, by kind, with figures that agree with each other.
    async fn balance(bank: &Deployment) {
        let mut ada = bank.customer("journey_balance");
        let all = ada.say("What's my account balance?").await;
        all.has_any(&["balance", "$"]).does_nothing();
        assert!(all.passed());

        let balances = ada.balances().await;
        assert_eq!(balances.len(), 3, "checking, savings and a credit card: {balances:?}");
        let savings = ada.say("How much is in my savings?").await.balances();
        assert_eq!(savings.len(), 1, "only the savings were asked for: {savings:?}");
        for (account, minor) in savings {
            assert_eq!(balances.get(&account), Some(&minor), "{account}");
        }
    }

    /// The newest first, as many as asked for, and a sum that says what it summed.
    async fn history(bank: &Deployment) {
        let mut ada = bank.customer("journey_history");
        let recent = ada.say("Show me my recent transactions").await;
        recent.has_any(&["transaction", "payment"]).does_nothing();
        let three = ada.say("Show me my last 3 transactions").await;
        let items = three.cards("transactions")[0]["items"].as_array().unwrap().clone();
        assert_eq!(items.len(), 3, "{}", three.body);
        let dates: Vec<&str> = items.iter().map(|item| item["date"].as_str().unwrap()).collect();
        assert!(dates.is_sorted_by(|newer, older| newer >= older), "newest first: {dates:?}");

        let sum = ada.say("How much did I spend on groceries last month?").await;
        let card = sum.cards("spending")[0].clone();
        let shown = card["spent"]["display"].as_str().unwrap();
        assert!(sum.message().contains(shown), "{shown} is not in {:?}", sum.message());
    }

    /// A substantive answer in the articles' words, with its source.
    async fn knowledge_question(bank: &Deployment) {
        let mut ada = bank.customer("journey_knowledge");
        let reply = ada.say("How do I transfer money?").await;
        assert!(reply.message().chars().count() > 50, "{}", reply.message());
        assert!(!reply.citations().is_empty(), "{}", reply.body);
        reply.does_nothing();
        let quote = reply.citations()[0]["quote"].as_str().unwrap();
        assert!(!quote.is_empty(), "{}", reply.body);
    }

    /// What no bank's assistant answers is said to be that, without an invented answer.
    async fn out_of_scope(bank: &Deployment) {
        let mut ada = bank.customer("journey_out_of_scope");
        let reply = ada.say("Who won the football world cup in 1974?").await;
        reply.does_nothing().has_none(&["germany", "won the"]);
        assert!(reply.citations().is_empty(), "{}", reply.body);
    }

    /// Later turns build on earlier ones.
    async fn multi_turn(bank: &Deployment) {
        let mut ada = bank.customer("journey_multi_turn");
        ada.say("What's my balance?").await.has_any(&["balance", "$"]);
        let session = ada.session.clone();
        ada.say("Show me my recent transactions").await.has_any(&["transaction"]);
        ada.say("Transfer money").await.does_nothing();
        ada.say("$20").await.does_nothing();
        ada.say("to Anna").await.proposes().has_any(&["$20.00"]);
        ada.say("no").await.does_nothing();
        assert_eq!(ada.session, session, "the conversation is still the same");
    }
}
