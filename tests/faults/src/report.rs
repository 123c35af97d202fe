//! How large the tests are, and the one line that each of them ends with.

use std::fmt::Display;
use std::io::Write as _;

/// A size of continuous integration, multiplied by `VOSTRO_FAULTS` (a whole number, 1 when not set).
///
/// # Panics
/// When `VOSTRO_FAULTS` is no whole number from 1 on.
pub fn scaled(size: u32) -> u32 {
    let factor = std::env::var("VOSTRO_FAULTS").map_or(1, |text| {
        text.parse::<u32>()
            .ok()
            .filter(|factor| *factor > 0)
            .expect("VOSTRO_FAULTS is a whole number from 1 on")
    });
    size.saturating_mul(factor)
}

/// Prints `faults: <test> <name>=<figure> …`, and adds the line to the file that `VOSTRO_FAULTS_REPORT`
/// names, since test runners keep the output of tests that pass to themselves.
pub fn report(test: &str, figures: &[(&str, &dyn Display)]) {
    let figures: Vec<String> = figures
        .iter()
        .map(|(name, figure)| format!("{name}={figure}"))
        .collect();
    write(&format!("faults: {test} {}", figures.join(" ")));
}

/// Says that a test could not be done here, and why.
pub fn skipped(test: &str, why: impl Display) {
    write(&format!("faults: {test} SKIPPED: {why}"));
}

fn write(line: &str) {
    println!("{line}");
    if let Some(path) = std::env::var_os("VOSTRO_FAULTS_REPORT") {
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path);
        // One write, so that lines of tests that run at once do not mix.
        file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
            .expect("the report can be written");
    }
}
