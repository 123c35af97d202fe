//! Channels: an address is one customer's, and what is said in its conversation is owed to the channel.

use jiff::SignedDuration;
use serde_json::{Value, json};
use vostro_bank::{
    AuditEvent, AuditKind, CHANNEL_TOPIC, ChannelLink, HandOffChange, Linking, NewHandOff,
    Subscription, channel_endpoint,
};
use vostro_types::{HandOffId, SessionId, TurnId};

use super::Backend;
use super::bench::{Bench, context, customer};
use super::conversations::turn;

const LEASE: SignedDuration = SignedDuration::from_secs(30);

fn link<B: Backend>(bench: &Bench<B>, address: &str, owner: &str, session: &str) -> ChannelLink {
    ChannelLink {
        channel: "sms".to_owned(),
        address: address.to_owned(),
        customer: customer(owner),
        session: SessionId::new(session).unwrap(),
        linked_at: bench.now(),
    }
}

fn event(kind: AuditKind, link: &ChannelLink) -> AuditEvent {
    AuditEvent {
        kind,
        session: Some(link.session.clone()),
        detail: json!({"channel": link.channel, "by": "anna"}),
        ..context(&link.customer)
    }
}

impl<B: Backend> Bench<B> {
    async fn links(&self, link: &ChannelLink) -> Linking {
        let event = event(AuditKind::ChannelLinked, link);
        self.store().link_channel(link, &event).await.unwrap()
    }

    async fn unlinks(&self, link: &ChannelLink) -> bool {
        let event = event(AuditKind::ChannelUnlinked, link);
        self.store().unlink_channel(link, &event).await.unwrap()
    }

    /// What the channel is owed and was not given before.
    async fn owed(&self) -> Vec<Value> {
        let endpoint = channel_endpoint("sms");
        let claimed = self.store().claim_deliveries(&endpoint, LEASE, 9).await;
        let claimed = claimed.unwrap().into_iter();
        claimed
            .map(|it| {
                assert_eq!((it.topic.as_str(), it.attempt), (CHANNEL_TOPIC, 1));
                it.payload
            })
            .collect()
    }
}

/// An address is linked once, to whom it was linked first, until it is taken away; each change is on the trail. An
/// erased customer has no address.
pub async fn an_address_is_one_customers<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    bench.opened("ada").await;
    let adas = link(&bench, "+1'; DROP TABLE channel_links; --", "ada", "ses_1");
    assert_eq!(bench.links(&adas).await, Linking::Linked(adas.clone()));
    let row = bench.last_row().await;
    assert_eq!(row.kind, "channel_linked");
    assert_eq!(row.session, Some(adas.session.clone()));
    let again = link(&bench, &adas.address, "ada", "ses_2");
    assert_eq!(bench.links(&again).await, Linking::AsBefore(adas.clone()));
    let eves = link(&bench, &adas.address, "eve", "ses_3");
    assert_eq!(bench.links(&eves).await, Linking::Taken);
    assert_eq!(bench.count(AuditKind::ChannelLinked).await, 1);

    let found = store.channel_link("sms", &adas.address).await.unwrap();
    assert_eq!(found.as_ref(), Some(&adas));
    let other = store.channel_link("fax", &adas.address).await.unwrap();
    assert_eq!(other, None);
    let of_session = store.channel_of_session(&adas.session).await.unwrap();
    assert_eq!(of_session.as_ref(), Some(&adas));
    let owner = customer("ada");
    let second = link(&bench, "+0", "ada", "ses_4");
    bench.links(&second).await;
    let all = store.channel_links(&owner).await.unwrap();
    assert_eq!(all, [second.clone(), adas.clone()], "by address");

    assert!(!bench.unlinks(&eves).await, "it is not that link any more");
    assert!(bench.unlinks(&second).await);
    assert!(!bench.unlinks(&second).await);
    assert_eq!(bench.count(AuditKind::ChannelUnlinked).await, 1);
    let erased = store.erase_customer(&owner, &context(&owner)).await;
    erased.unwrap();
    assert_eq!(store.channel_links(&owner).await.unwrap(), []);
    assert_eq!(bench.links(&eves).await, Linking::Linked(eves.clone()));
}

/// Each turn of the conversation and each message of a colleague in it is owed to the channel once, and to no other
/// endpoint; nothing of other conversations is, nor what was said before or after the link.
pub async fn a_channel_is_owed_what_is_said_in_its_conversation<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let commit = async |session: &str, version| {
        let commit = turn(&bench, "ada", session, version);
        let id = commit.turn.id.clone();
        store.commit_turn(commit.clone()).await.unwrap();
        // Recorded once, so told once.
        store.commit_turn(commit).await.unwrap();
        id
    };
    commit("ses_1", 1).await;
    let adas = link(&bench, "+1", "ada", "ses_1");
    bench.links(&adas).await;
    assert_eq!(bench.owed().await, Vec::<Value>::new());
    let told = commit("ses_1", 2).await;
    commit("ses_2", 1).await;
    assert_eq!(
        bench.owed().await,
        [json!({"session": "ses_1", "turn": told})]
    );

    let opened = store
        .open_hand_off(&NewHandOff {
            id: HandOffId::new("hnd_1").unwrap(),
            session: adas.session.clone(),
            customer: adas.customer.clone(),
            turn: TurnId::new("trn_1").unwrap(),
            reason: "asked".to_owned(),
            priority: 3,
            summary: json!({}),
        })
        .await;
    let id = opened.unwrap().id;
    store.claim_hand_off(&id, "anna").await.unwrap();
    store.tell_colleague(&id, "hello?").await.unwrap();
    let replied = store.reply_hand_off(&id, "anna", "Hello").await.unwrap();
    assert!(matches!(replied, HandOffChange::Changed(_)));
    let expected = json!({"session": "ses_1", "hand_off": "hnd_1", "number": 2});
    assert_eq!(bench.owed().await, [expected]);

    let everything = [Subscription {
        endpoint: "core".to_owned(),
        topics: vec!["*".to_owned()],
    }];
    store.hand_over(&everything, 99).await.unwrap();
    let others = store.claim_deliveries("core", LEASE, 99).await.unwrap();
    assert!(others.iter().all(|it| it.topic != CHANNEL_TOPIC));
    bench.unlinks(&adas).await;
    commit("ses_1", 3).await;
    assert_eq!(bench.owed().await, Vec::<Value>::new());
}
