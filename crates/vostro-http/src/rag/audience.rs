//! For whom a search is, and who may ask for that.

use vostro_dialogue::principal::Scope;
use vostro_knowledge::Audience;

use crate::edge::{Caller, Edge};
use crate::extract::Fields;
use crate::problem::Problem;

/// The audience that is asked for; customers when none is.
pub(in crate::rag) fn audience(fields: &Fields) -> Result<Audience, Problem> {
    match fields.text(&["audience"])? {
        None | Some("customer") => Ok(Audience::Customer),
        Some("public") => Ok(Audience::Public),
        Some("staff") => Ok(Audience::Staff),
        Some(_) => Err(Problem::invalid(
            "`audience` is to be public, customer or staff",
        )),
    }
}

/// Lets those who look after documents see what is for the bank's own people, and nobody else.
pub(super) fn admit_audience(
    edge: &Edge,
    caller: &Caller,
    audience: Audience,
) -> Result<(), Problem> {
    match audience {
        Audience::Public | Audience::Customer => Ok(()),
        Audience::Staff => edge.require(&caller.identity, caller.address, Scope::Documents),
    }
}
