//! The dispatcher against a real receiver on this machine, over a store in memory whose clock the test moves.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "webhooks/bench.rs"]
mod bench;
#[path = "webhooks/deliveries.rs"]
mod deliveries;
#[path = "webhooks/faults.rs"]
mod faults;
#[path = "webhooks/page.rs"]
mod page;
#[path = "webhooks/receiver.rs"]
mod receiver;
