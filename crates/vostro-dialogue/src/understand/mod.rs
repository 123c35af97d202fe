//! From a message and the conversation's state to typed commands.

use jiff::civil::Date;
use vostro_bank::Portfolio;

use crate::command::Understanding;
use crate::state::DialogueState;

/// What a message is read against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The customer's accounts, payees and billers.
    pub portfolio: &'a Portfolio,
    /// What the conversation remembers.
    pub state: &'a DialogueState,
    /// Today in the bank's time zone.
    pub today: Date,
}

/// Reads a message. Pure and bounded: at most the first 2,000 characters are looked at.
pub fn understand(_message: &str, _context: &Context<'_>) -> Understanding {
    Understanding::nothing()
}
