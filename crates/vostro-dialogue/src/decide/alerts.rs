//! Alerts that are to end, or to be told of at another amount. Which one is meant needs the customer's alerts, which are
//! read when the step is carried out; how a mention fits one stands here.

use jiff::Timestamp;
use vostro_bank::Alert;
use vostro_types::{AccountId, ConfirmationId, Money};

use super::services::{Stop, account, exact};
use crate::command::{AccountMention, AmountMention, Flow, Slot, SlotValue, nth_shown};
use crate::decide::Situation;
use crate::state::Slots;

/// What is to become of the alerts that are meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AlertWish {
    /// The one ends.
    End,
    /// All of them end.
    EndAll,
    /// The one is told of below this amount; where there is none yet, one is set on this account.
    Change(Money, AccountId),
}

/// Which alerts are meant, and what for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AlertSearch {
    /// The amount that it is told of at, if the customer named it.
    pub(crate) below: Option<Money>,
    /// Its account, if the customer named it.
    pub(crate) account: Option<AccountId>,
    /// Its place among those that were shown, from 1.
    pub(crate) place: Option<u32>,
    /// What is to become of it.
    pub(crate) wish: AlertWish,
    /// The id for the proposal.
    pub(crate) confirmation: ConfirmationId,
    /// When it can no longer be confirmed.
    pub(crate) expires_at: Timestamp,
}

impl AlertSearch {
    /// The alerts that are meant: one, or all; none where it is not clear which.
    pub(crate) fn among(&self, alerts: &[Alert]) -> Vec<Alert> {
        if let Some(place) = self.place {
            return nth_shown(alerts, place).cloned().into_iter().collect();
        }
        let fitting = alerts.iter().filter(|alert| {
            let account = self.account.as_ref();
            self.below.is_none_or(|below| below == alert.below)
                && account.is_none_or(|account| *account == alert.account)
        });
        let fitting: Vec<Alert> = fitting.cloned().collect();
        match (&self.wish, fitting.as_slice()) {
            (AlertWish::EndAll, _) | (_, [_]) => fitting,
            _ => Vec::new(),
        }
    }
}

/// The search of a flow, from its slots.
pub(super) fn search(
    situation: &Situation<'_>,
    flow: Flow,
    slots: &Slots,
    expires_at: Timestamp,
) -> Result<AlertSearch, Stop> {
    let said = |slot| match slots.get(slot) {
        Some(SlotValue::AtMost(money) | SlotValue::Amount(AmountMention::Exact(money))) => {
            Some(money.abs())
        }
        _ => None,
    };
    let mention = slots.get(Slot::Account);
    let named = match mention {
        Some(SlotValue::Account(AccountMention::All)) | None => None,
        Some(_) => Some(account(situation, slots)?),
    };
    let all = matches!(mention, Some(SlotValue::Account(AccountMention::All)));
    let (below, wish) = if flow == Flow::ChangeAlert {
        let to = exact(slots, Slot::Amount)?;
        let on = account(situation, slots)?;
        (said(Slot::AtMost), AlertWish::Change(to, on))
    } else {
        let wish = if all {
            AlertWish::EndAll
        } else {
            AlertWish::End
        };
        (said(Slot::AtMost).or_else(|| said(Slot::Amount)), wish)
    };
    Ok(AlertSearch {
        below,
        account: named,
        place: match slots.get(Slot::Pick) {
            Some(SlotValue::Pick(place)) => Some(*place),
            _ => None,
        },
        wish,
        confirmation: situation.confirmation.clone(),
        expires_at,
    })
}
