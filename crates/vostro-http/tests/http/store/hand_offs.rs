//! The queue for people, as the stores keep it, without the escalation of a second call.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{
    HandOff, HandOffChange, HandOffEnd, HandOffMessage, HandOffStatus, HandOffs, NewHandOff,
    Sender, SpokenTurn, StoreError,
};
use vostro_types::{CustomerId, HandOffId, SessionId};

use super::MemoryStore;

/// An entry with its thread.
type Kept = (HandOff, Vec<HandOffMessage>);

impl MemoryStore {
    fn change(
        &self,
        id: &HandOffId,
        change: impl FnOnce(&mut Kept) -> bool,
    ) -> Result<HandOffChange, StoreError> {
        self.answer(())?;
        let mut kept = self.hand_offs.lock().unwrap();
        let Some(kept) = kept.iter_mut().find(|(it, _)| it.id == *id) else {
            return Ok(HandOffChange::Absent);
        };
        let changed = change(kept);
        let it = Box::new(kept.0.clone());
        Ok(if changed {
            HandOffChange::Changed(it)
        } else {
            HandOffChange::Conflict(it)
        })
    }

    fn found(&self, fits: impl Fn(&HandOff) -> bool) -> Result<Vec<Kept>, StoreError> {
        let kept = self.hand_offs.lock().unwrap();
        self.answer(kept.iter().filter(|(it, _)| fits(it)).cloned().collect())
    }
}

fn add(kept: &mut Kept, sender: Sender, text: &str) -> u32 {
    kept.0.messages += 1;
    kept.1.push(HandOffMessage {
        number: kept.0.messages,
        sender,
        text: text.to_owned(),
        at: Timestamp::UNIX_EPOCH,
    });
    kept.0.messages
}

fn has_it(kept: &Kept, colleague: &str) -> bool {
    kept.0.status == HandOffStatus::Claimed && kept.0.colleague.as_deref() == Some(colleague)
}

#[async_trait]
impl HandOffs for MemoryStore {
    async fn open_hand_off(&self, new: &NewHandOff) -> Result<HandOff, StoreError> {
        let open =
            self.found(|it| it.session == new.session && it.status != HandOffStatus::Closed)?;
        if let Some((kept, _)) = open.into_iter().next() {
            return Ok(kept);
        }
        let hand_off = HandOff {
            id: new.id.clone(),
            session: new.session.clone(),
            customer: new.customer.clone(),
            reason: new.reason.clone(),
            priority: new.priority,
            summary: new.summary.clone(),
            status: HandOffStatus::Waiting,
            colleague: None,
            opened_at: Timestamp::UNIX_EPOCH,
            claimed_at: None,
            closed_at: None,
            ended: None,
            messages: 0,
        };
        let mut kept = self.hand_offs.lock().unwrap();
        kept.push((hand_off.clone(), Vec::new()));
        Ok(hand_off)
    }

    async fn hand_off_of(
        &self,
        customer: &CustomerId,
        session: &SessionId,
    ) -> Result<Option<HandOff>, StoreError> {
        let found = self.found(|it| it.customer == *customer && it.session == *session)?;
        Ok(found.into_iter().next_back().map(|(it, _)| it))
    }

    async fn hand_offs(&self, status: HandOffStatus, _: u32) -> Result<Vec<HandOff>, StoreError> {
        let found = self.found(|it| it.status == status)?;
        Ok(found.into_iter().map(|(it, _)| it).collect())
    }

    async fn hand_off(&self, id: &HandOffId) -> Result<Option<HandOff>, StoreError> {
        Ok(self.found(|it| it.id == *id)?.pop().map(|(it, _)| it))
    }

    async fn hand_off_messages(
        &self,
        id: &HandOffId,
        after: u32,
        _: u32,
    ) -> Result<Vec<HandOffMessage>, StoreError> {
        let thread = self.found(|it| it.id == *id)?.pop().unwrap().1;
        Ok(thread.into_iter().filter(|it| it.number > after).collect())
    }

    async fn spoken_turns(
        &self,
        session: &SessionId,
        _: u32,
    ) -> Result<Vec<SpokenTurn>, StoreError> {
        let turns = self.turns();
        let spoken = turns.into_iter().filter(|turn| turn.session == *session);
        Ok(spoken
            .map(|turn| SpokenTurn {
                version: 1,
                at: turn.at,
                message: turn.message_masked,
                reply: turn.reply_masked,
            })
            .collect())
    }

    async fn claim_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
    ) -> Result<HandOffChange, StoreError> {
        self.change(id, |kept| {
            if kept.0.status == HandOffStatus::Waiting {
                kept.0.status = HandOffStatus::Claimed;
                kept.0.colleague = Some(colleague.to_owned());
            }
            has_it(kept, colleague)
        })
    }

    async fn tell_colleague(&self, id: &HandOffId, text: &str) -> Result<Option<u32>, StoreError> {
        let mut number = None;
        self.change(id, |kept| {
            let claimed = kept.0.status == HandOffStatus::Claimed;
            number = claimed.then(|| add(kept, Sender::Customer, text));
            claimed
        })?;
        Ok(number)
    }

    async fn reply_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
        text: &str,
    ) -> Result<HandOffChange, StoreError> {
        self.change(id, |kept| {
            let has_it = has_it(kept, colleague);
            if has_it {
                add(kept, Sender::Colleague, text);
            }
            has_it
        })
    }

    async fn close_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
        end: HandOffEnd,
    ) -> Result<HandOffChange, StoreError> {
        self.change(id, |kept| {
            let may = kept.0.status == HandOffStatus::Waiting || has_it(kept, colleague);
            if may {
                kept.0.status = HandOffStatus::Closed;
                kept.0.ended = Some(end.as_str().to_owned());
            }
            may
        })
    }
}
