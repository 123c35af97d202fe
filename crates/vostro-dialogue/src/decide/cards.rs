//! Which card is meant, and its limit.

use vostro_bank::{CardStatus, CardView, Change};
use vostro_types::CardId;

use super::services::{Stop, exact};
use crate::command::{CardMention, Flow, Slot, SlotValue};
use crate::decide::Situation;
use crate::decide::plan::{Refusal, Trouble};
use crate::state::Slots;
use crate::words::card_name;

/// Whether a card pays, or would if it were unfrozen.
pub(super) fn pays(card: &CardView) -> bool {
    matches!(card.status, CardStatus::Active | CardStatus::Frozen)
}

/// The one card that is meant, among those that fit.
pub(super) fn card(
    situation: &Situation<'_>,
    flow: Flow,
    slots: &Slots,
    fits: impl Fn(&CardView) -> bool,
) -> Result<CardId, Stop> {
    let found = cards(situation, flow, slots, &fits)?;
    match found.as_slice() {
        [only] => Ok(only.clone()),
        _ => Err(which_card(situation, Some(Trouble::Ambiguous), fits)),
    }
}

pub(super) fn cards(
    situation: &Situation<'_>,
    flow: Flow,
    slots: &Slots,
    fits: impl Fn(&CardView) -> bool,
) -> Result<Vec<CardId>, Stop> {
    let fitting: Vec<CardId> = situation
        .portfolio
        .cards
        .iter()
        .filter(|card| fits(card))
        .map(|card| card.id.clone())
        .collect();
    let named = match slots.get(Slot::Card) {
        Some(SlotValue::Card(mention)) => Some(mention),
        _ => None,
    };
    let kept = |ids: &[CardId]| -> Vec<CardId> {
        let meant = fitting.iter().filter(|id| ids.contains(id));
        meant.cloned().collect()
    };
    let meant = match named {
        _ if fitting.is_empty() => return Err(Stop::Refuse(Refusal::NoCard(flow))),
        Some(CardMention::One(id)) => kept(std::slice::from_ref(id)),
        Some(CardMention::Several(ids)) => match kept(ids) {
            found if found.len() > 1 => {
                return Err(which_card(situation, Some(Trouble::Ambiguous), fits));
            }
            found => found,
        },
        Some(CardMention::All) => return Ok(fitting),
        Some(CardMention::Unknown(words)) => {
            let trouble = Trouble::UnknownCard(words.clone());
            return Err(which_card(situation, Some(trouble), fits));
        }
        None if fitting.len() == 1 => return Ok(fitting),
        None => return Err(which_card(situation, None, fits)),
    };
    if meant.is_empty() {
        return Err(Stop::Refuse(Refusal::CardStands));
    }
    Ok(meant)
}

fn which_card(
    situation: &Situation<'_>,
    trouble: Option<Trouble>,
    fits: impl Fn(&CardView) -> bool,
) -> Stop {
    let cards = situation.portfolio.cards.iter();
    let options = cards.filter(|card| fits(card)).map(card_name).collect();
    Stop::Ask(Slot::Card, trouble, options)
}

pub(super) fn card_limit(situation: &Situation<'_>, slots: &Slots) -> Result<Change, Stop> {
    let card = card(situation, Flow::CardLimit, slots, pays)?;
    let cards = &situation.portfolio.cards;
    let known = cards.iter().find(|it| it.id == card);
    let currency = known.map(|it| it.daily_limit.currency);
    let limit = exact(slots, Slot::Amount)?;
    if Some(limit.currency) != currency {
        let trouble = Trouble::UnreadableAmount(limit.to_string());
        return Err(Stop::Ask(Slot::Amount, Some(trouble), Vec::new()));
    }
    Ok(Change::SetCardLimit { card, limit })
}
