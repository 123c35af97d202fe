//! A turn of the conversation, as one straight line of typed steps.

pub mod command;
pub mod state;
pub mod understand;
