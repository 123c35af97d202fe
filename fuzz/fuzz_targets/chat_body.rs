//! `cargo +nightly fuzz run chat_body`; a find goes into `corpus/chat_body`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vostro_http::fuzzing::chat_body(data));
