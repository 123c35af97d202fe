//! `cargo +nightly fuzz run model_commands`; a find goes into `corpus/model_commands`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vostro_dialogue::fuzzing::model_commands(data));
