//! A report on paper: one HTML file that needs nothing else, a Markdown page, and the data as JSON.

mod html;
mod html_run;
mod markdown;
pub mod model;
mod plot;

use std::path::{Path, PathBuf};

use crate::error::BenchError;
pub use html::html;
pub use markdown::markdown;
use model::Report;

/// The names of the three files.
const FILES: [&str; 3] = ["benchmark.html", "BENCHMARK-REPORT.md", "benchmark.json"];

/// Writes the three files into a folder, which is made when it is missing.
///
/// # Errors
/// [`BenchError::File`], [`BenchError::Plot`].
pub fn write(report: &Report, folder: &Path) -> Result<[PathBuf; 3], BenchError> {
    std::fs::create_dir_all(folder).map_err(|source| BenchError::File {
        path: folder.to_owned(),
        source,
    })?;
    let json = serde_json::to_string_pretty(report).unwrap_or_default() + "\n";
    let texts = [html(report)?, markdown(report), json];
    let paths = FILES.map(|name| folder.join(name));
    for (path, text) in paths.iter().zip(texts) {
        std::fs::write(path, text).map_err(|source| BenchError::File {
            path: path.clone(),
            source,
        })?;
    }
    Ok(paths)
}

/// Reads a report's JSON file.
///
/// # Errors
/// [`BenchError::File`] and [`BenchError::NoReport`].
pub fn read(path: &Path) -> Result<Report, BenchError> {
    let text = std::fs::read_to_string(path).map_err(|source| BenchError::File {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_str(&text).map_err(|source| BenchError::NoReport {
        path: path.to_owned(),
        source,
    })
}
