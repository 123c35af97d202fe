//! What the parts of such a message say together.

use std::collections::BTreeSet;

/// A stretch that says one thing.
#[allow(clippy::struct_excessive_bools, reason = "each is a thing said")]
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) yes: bool,
    pub(super) verb: bool,
    pub(super) no: bool,
    pub(super) only: bool,
    pub(super) all: bool,
    pub(super) rest: bool,
    /// Behind "and" or "or" it says what was said before it.
    pub(super) joined: bool,
    /// Behind a comma.
    pub(super) listed: bool,
    pub(super) amount: bool,
    pub(super) named: Option<BTreeSet<usize>>,
}

impl Part {
    pub(super) const fn is_empty(&self) -> bool {
        let says = self.yes || self.verb || self.no || self.only || self.all || self.rest;
        !says && self.named.is_none()
    }

    /// Narrows what is named; `false` where nothing is left.
    pub(super) fn names(&mut self, places: BTreeSet<usize>) -> bool {
        let both = match &self.named {
            Some(named) => named.intersection(&places).copied().collect(),
            None => places,
        };
        let some = !both.is_empty();
        self.named = Some(both);
        some
    }
}

/// What is said of the orders, by their places from 0.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) take: BTreeSet<usize>,
    pub(super) leave: BTreeSet<usize>,
    /// Somebody agreed to something, in so many words or by refusing the others.
    pub(super) clear: bool,
}

/// What the parts say together; `None` where they say nothing of an order, or two things of one.
pub(super) fn settled(parts: &[Part], orders: usize) -> Option<Said> {
    let mut said = Said::default();
    let (mut only, mut bare_yes, mut bare_no) = (false, false, false);
    let mut refused: Option<bool> = None;
    for part in parts {
        let silent = !(part.yes || part.verb || part.no || part.only);
        let inherited = refused.filter(|_| silent && (part.joined || part.listed));
        // "Not John, Anna": of two the other, of more it is not clear.
        if inherited == Some(true) && part.listed && !part.joined && orders > 2 {
            return None;
        }
        let no = part.no || (inherited == Some(true) && part.joined);
        let agrees = part.yes || part.only || (part.verb && !part.amount);
        let places = match &part.named {
            Some(places) if places.len() == 1 => places.clone(),
            Some(_) => return None,
            None if part.all => (0..orders).collect(),
            None if part.rest => (0..orders)
                .filter(|it| !said.take.contains(it) && !said.leave.contains(it))
                .collect(),
            None => {
                bare_no |= part.no;
                bare_yes |= part.yes && !part.no;
                only |= part.only;
                if !part.no && !part.yes && !part.only {
                    return None;
                }
                continue;
            }
        };
        if part.no && part.only && part.named.is_some() {
            return None;
        }
        // "Everything except John".
        let whole = part.named.is_none() && (part.all || part.rest);
        only |= part.only && !no && !whole;
        said.clear |= !no && (agrees || inherited == Some(false) || whole);
        if no {
            said.leave.extend(places);
        } else {
            said.take.extend(places);
        }
        refused = Some(no);
    }
    concluded(said, parts, orders, (only, bare_yes, bare_no))
}

/// What follows for the orders that were not named.
fn concluded(
    mut said: Said,
    parts: &[Part],
    orders: usize,
    (only, bare_yes, bare_no): (bool, bool, bool),
) -> Option<Said> {
    if said.take.is_empty() && said.leave.is_empty() {
        return None;
    }
    let whole = |no: bool| {
        let mut all = parts.iter();
        all.any(|it| it.all && it.named.is_none() && it.no == no)
    };
    // "All but Anna", "not both, only the first": the one that is named counts.
    if whole(false) {
        said.take.retain(|it| !said.leave.contains(it));
    } else if whole(true) && !said.take.is_empty() {
        said.leave.retain(|it| !said.take.contains(it));
    }
    if said.take.intersection(&said.leave).next().is_some() {
        return None;
    }
    if only && !said.take.is_empty() {
        said.leave = (0..orders).filter(|it| !said.take.contains(it)).collect();
    }
    if bare_yes && said.take.is_empty() {
        said.take = (0..orders).filter(|it| !said.leave.contains(it)).collect();
    }
    // "No, the second one": what was put before the customer is refused.
    if bare_no && !said.take.is_empty() {
        if !said.clear && said.take.contains(&0) {
            return None;
        }
        if !said.take.contains(&0) {
            said.leave.insert(0);
        }
    }
    said.clear |= bare_yes || !said.leave.is_empty();
    Some(said)
}
