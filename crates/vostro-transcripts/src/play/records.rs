//! The bank's records as they stand, and what the bank does meanwhile.

use vostro_bank::{
    Bank, HandOffChange, HandOffEnd, HandOffs, MoneyControl, Order, PendingTransfers, Schedules,
    Services,
};
use vostro_ledger::RunRules;
use vostro_types::Clock;

use super::{Checked, Conversation, held, told};

impl Conversation<'_> {
    /// A record of the bank's as it stands now.
    pub(super) async fn stands(&self, rest: &str) -> Checked {
        let store = &self.bench.store;
        let customer = &self.principal.customer;
        let (what, expected) = rest.split_once(' ').ok_or("what, and its value")?;
        let contacts = || async { store.contacts(customer).await.map_err(told) };
        let today = self
            .bench
            .clock
            .now()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let portfolio = store.portfolio(customer).await.map_err(told)?;
        let portfolio = portfolio.ok_or("no such customer")?;
        let found = match what {
            "card" => {
                let (name, _) = expected.rsplit_once(' ').ok_or("a card and its status")?;
                let cards = portfolio.cards.iter().filter(|card| card.name == name);
                let standing = cards.map(|card| format!("{name} {}", card.status.as_str()));
                let standing: Vec<_> = standing.collect();
                let fits = standing.iter().any(|it| it == expected);
                return held(fits, || format!("{standing:?}"));
            }
            "limit" => {
                let (name, _) = expected.rsplit_once(' ').ok_or("a card and its limit")?;
                let card = portfolio.cards.iter().find(|card| card.name == name);
                card.map(|card| format!("{name} {}", card.daily_limit))
                    .unwrap_or_default()
            }
            "payees" => portfolio.payees.len().to_string(),
            "payee" => {
                let names = portfolio.payees.iter().map(|payee| payee.name.as_str());
                names.collect::<Vec<_>>().join(", ")
            }
            "email" => contacts().await?.email.unwrap_or_default(),
            "phone" => contacts().await?.phone.unwrap_or_default(),
            "address" => contacts().await?.address.unwrap_or_default(),
            "alerts" => store
                .alerts(customer)
                .await
                .map_err(told)?
                .len()
                .to_string(),
            "cases" => store.cases(customer).await.map_err(told)?.len().to_string(),
            "trips" => {
                let trips = store.travel_notices(customer, today).await;
                trips.map_err(told)?.len().to_string()
            }
            "schedules" => store
                .schedules(customer)
                .await
                .map_err(told)?
                .len()
                .to_string(),
            "queue" => {
                let found = store.hand_off_of(customer, &self.session).await;
                found.map_err(told)?.map_or("-".to_owned(), |it| it.reason)
            }
            _ => return Err("no such record".to_owned()),
        };
        let fits = found == expected || (what == "payee" && found.contains(expected));
        held(fits, || format!("{what} is {found}"))
    }

    /// What the bank does meanwhile.
    pub(super) async fn the_bank(&self, rest: &str) -> Checked {
        let store = &self.bench.store;
        let (word, words) = rest.split_once(' ').unwrap_or((rest, ""));
        if matches!(word, "claim" | "reply" | "close" | "give") {
            return self.colleague(word, words).await;
        }
        let order = Order::operator("anna", "as the conversation says").map_err(told)?;
        let done = match rest {
            "stop" => store.switch_money(true, &order).await.map(|_| ()),
            "resume" => store.switch_money(false, &order).await.map(|_| ()),
            "settle" => store.settle_due(self.bench.clock.now()).await.map(|_| ()),
            "alerts" => store.run_alerts(1_000).await.map(drop),
            "run" => store
                .run_schedules(RunRules::default(), 1_000)
                .await
                .map(drop),
            _ => return Err("run, alerts, stop, resume, settle or a colleague".to_owned()),
        };
        done.map_err(told)
    }

    async fn colleague(&self, word: &str, words: &str) -> Checked {
        let store = &self.bench.store;
        let found = store
            .hand_off_of(&self.principal.customer, &self.session)
            .await;
        let id = found.map_err(told)?.ok_or("no hand-off")?.id;
        let end = |end| store.close_hand_off(&id, "anna", end);
        let change = match word {
            "claim" => store.claim_hand_off(&id, "anna").await,
            "reply" => store.reply_hand_off(&id, "anna", words).await,
            "close" => end(HandOffEnd::Resolved).await,
            _ => end(HandOffEnd::GivenBack).await,
        };
        match change.map_err(told)? {
            HandOffChange::Changed(_) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    }
}
