//! Slots of payments on days to come, of standing orders and of statements.

use super::Reading;
use crate::command::{Slot, SlotValue};
use crate::entities::Value;

impl Reading<'_> {
    /// The days to come.
    pub(super) fn schedule(&self) -> Option<SlotValue> {
        self.own().find_map(|mention| match &mention.value {
            Value::Schedule(schedule) => Some(SlotValue::Schedule(*schedule)),
            _ => None,
        })
    }

    pub(super) fn period(&self) -> Option<SlotValue> {
        self.own().find_map(|mention| match &mention.value {
            Value::Period(period) => Some(SlotValue::Period(period.clone())),
            _ => None,
        })
    }

    /// To whom a standing order goes that is spoken of.
    pub(super) fn whom(&self) -> Vec<SlotValue> {
        let biller = self.biller(false).map(SlotValue::Biller);
        let target = self
            .transfer()
            .into_iter()
            .filter(|value| value.slot() == Slot::Target && biller.is_none());
        let target: Vec<SlotValue> = target.collect();
        biller.into_iter().chain(target).collect()
    }
}
