//! What the customers have, asked of the deployment: before the load and after it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::answer::{Answer, send};
use crate::customers::Conversation;
use crate::driver::Driver;
use crate::expect;

impl Driver {
    /// The sum of a customer's balances, asked in a conversation of its own.
    pub(crate) async fn balances(&self, user: &str) -> Option<i64> {
        let conversation = Conversation {
            user: user.to_owned(),
            session: String::new(),
        };
        let request = self.message(&conversation, "What are the balances of all my accounts?");
        match send(request).await {
            Ok(Answer { status: 200, body }) => expect::balances(&body),
            _ => None,
        }
    }

    /// The balances of several customers, a few at a time.
    pub(crate) async fn all_balances(
        self: &Arc<Self>,
        users: Vec<String>,
    ) -> BTreeMap<String, Option<i64>> {
        const AT_ONCE: usize = 4;
        let mut asked = JoinSet::new();
        let mut found = BTreeMap::new();
        for user in users {
            if asked.len() >= AT_ONCE
                && let Some(Ok((user, balances))) = asked.join_next().await
            {
                found.insert(user, balances);
            }
            let driver = Arc::clone(self);
            asked.spawn(async move {
                let balances = driver.balances(&user).await;
                (user, balances)
            });
        }
        while let Some(answer) = asked.join_next().await {
            if let Ok((user, balances)) = answer {
                found.insert(user, balances);
            }
        }
        found
    }
}
