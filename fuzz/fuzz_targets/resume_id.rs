//! `cargo +nightly fuzz run resume_id`; a find goes into `corpus/resume_id`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vostro_http::fuzzing::resume_id(data));
