//! Reading messages from standard input: one a line, or all of it as one.

use std::io::{BufRead, Read};

use anyhow::{Context, Result};

use crate::failure::Failure;

/// The most bytes that are taken as one text.
const MAX_BYTES: u64 = 16 << 20;

/// Calls `each` with every line (or, when `whole`, with all of it at once), as it comes in.
pub(crate) fn for_each(whole: bool, mut each: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let mut input = std::io::stdin().lock();
    let mut number = 0_u64;
    loop {
        number += 1;
        let mut bytes = Vec::new();
        let mut limited = (&mut input).take(MAX_BYTES + 1);
        let read = if whole {
            limited.read_to_end(&mut bytes)
        } else {
            limited.read_until(b'\n', &mut bytes)
        };
        if read.context("standard input cannot be read")? == 0 {
            return Ok(());
        }
        if bytes.len() as u64 > MAX_BYTES {
            return Err(refuse(number, "is over 16 MiB long"));
        }
        let text = String::from_utf8(bytes).map_err(|_| refuse(number, "is not UTF-8"))?;
        each(if whole {
            &text
        } else {
            text.trim_end_matches(['\n', '\r'])
        })?;
    }
}

fn refuse(number: u64, why: &str) -> anyhow::Error {
    Failure::new(
        format!("text {number} on standard input {why}"),
        "give UTF-8 text, one a line",
    )
    .into()
}
