//! The ingest itself: what is known, what is there, and the difference carried out document by document.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use indicatif::ProgressBar;
use serde_json::Map;
use vostro_bank::DocumentEntry;
use vostro_embed::Embedder;
use vostro_ingest::{
    Defaults, Fault, Format, Found, Prepared, Quarantine, Screen, Source, content_hash, embed,
    prepare, read, walk,
};
use vostro_knowledge::Document;
use vostro_store::OpenedStore;

use super::report::{Report, Told};

/// Entries that are read in one go.
const PAGE: u32 = 1_000;
/// Passages that are gathered before they are embedded and kept.
const BATCH: usize = 128;

/// What is to be done.
pub(super) struct Orders {
    pub(super) paths: Vec<PathBuf>,
    pub(super) defaults: Defaults,
    pub(super) quarantine: Quarantine,
    pub(super) force: bool,
    pub(super) gone: Gone,
    pub(super) dry_run: bool,
}

/// What becomes of documents whose files are gone from a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// They go too, unless the folder has become empty: then it may be another one.
    Usual,
    /// They stay.
    Keep,
    /// They go in any case.
    Prune,
}

/// What the store has: each document's source and hash, and each source's documents.
#[derive(Default)]
struct Known {
    documents: HashMap<String, (String, String)>,
    sources: HashMap<String, Vec<String>>,
}

impl Known {
    fn add(&mut self, entry: DocumentEntry) {
        let meta = entry.meta;
        let of_source = self.sources.entry(meta.source.clone()).or_default();
        of_source.push(meta.id.clone());
        self.documents
            .insert(meta.id, (meta.source, meta.content_hash));
    }

    fn of_source(&self, source: &str) -> &[String] {
        self.sources.get(source).map_or(&[], Vec::as_slice)
    }

    fn is(&self, id: &str, source: &str, hash: &str) -> bool {
        let known = self.documents.get(id);
        known.is_some_and(|(of, with)| of == source && with == hash)
    }
}

/// An ingest under way.
pub(super) struct Work<'a> {
    orders: Orders,
    store: &'a dyn OpenedStore,
    screen: &'a dyn Screen,
    embedder: Option<Arc<dyn Embedder>>,
    bar: ProgressBar,
    known: Known,
    /// Documents of this run, with their sources.
    seen: HashMap<String, String>,
    /// What is to be removed, in order.
    gone: Vec<String>,
    batch: Vec<Prepared>,
    report: Report,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        orders: Orders,
        store: &'a dyn OpenedStore,
        screen: &'a dyn Screen,
        embedder: Option<Arc<dyn Embedder>>,
        bar: ProgressBar,
    ) -> Self {
        let report = Report {
            dry_run: orders.dry_run,
            ..Report::default()
        };
        Self {
            orders,
            store,
            screen,
            embedder,
            bar,
            known: Known::default(),
            seen: HashMap::new(),
            gone: Vec::new(),
            batch: Vec::new(),
            report,
        }
    }

    pub(super) async fn run(mut self) -> Result<Report> {
        let began = Instant::now();
        let mut after: Option<String> = None;
        loop {
            let page = self.store.document_entries(after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.meta.id.clone());
            for entry in page {
                self.known.add(entry);
            }
        }
        for path in self.orders.paths.clone() {
            match path.canonicalize() {
                Ok(root) => self.root(&root).await?,
                Err(error) => self.failed(path.display().to_string(), error.to_string()),
            }
        }
        self.flush().await?;
        let kept_after_all: HashSet<&String> = self.seen.keys().collect();
        let gone: Vec<String> = self
            .gone
            .iter()
            .filter(|id| !kept_after_all.contains(id))
            .cloned()
            .collect();
        for id in gone {
            if self.orders.dry_run || self.store.remove_document(&id).await?.is_some() {
                self.report.removed += 1;
            }
        }
        self.bar.finish_and_clear();
        self.report.seconds = began.elapsed().as_secs_f64();
        Ok(self.report)
    }

    /// A file or folder with its full path.
    async fn root(&mut self, root: &Path) -> Result<()> {
        let found = walk::find(root);
        self.report.others += found.others;
        for error in found.errors {
            self.failed(root.display().to_string(), error);
        }
        if root.is_file() && found.files.is_empty() {
            self.failed(root.display().to_string(), Fault::Format.to_string());
        }
        self.bar.inc_length(u64::try_from(found.files.len())?);
        let mut sources = HashSet::new();
        for file in &found.files {
            let source = file.display().to_string();
            let below = file
                .strip_prefix(root)
                .ok()
                .filter(|name| !name.as_os_str().is_empty());
            let name = below
                .or_else(|| file.file_name().map(Path::new))
                .unwrap_or(file);
            self.report.files += 1;
            self.bar.set_message(name.display().to_string());
            self.file(file, &source, &name.display().to_string())
                .await?;
            sources.insert(source);
            self.bar.inc(1);
        }
        self.missing_files(root, &sources);
        Ok(())
    }

    /// Notes the documents whose files are gone from a folder.
    fn missing_files(&mut self, root: &Path, there: &HashSet<String>) {
        let below = |source: &str| Path::new(source).starts_with(root) && Path::new(source) != root;
        let sources = self.known.sources.iter();
        let mut gone: Vec<String> = sources
            .filter(|(source, _)| below(source) && !there.contains(*source))
            .flat_map(|(_, ids)| ids.iter().cloned())
            .collect();
        if gone.is_empty() || self.orders.gone == Gone::Keep {
            return;
        }
        if there.is_empty() && self.orders.gone == Gone::Usual {
            let (count, root) = (gone.len(), root.display());
            self.report.notes.push(format!(
                "nothing is below {root} any more; the {count} documents from there are kept, --prune removes them"
            ));
            return;
        }
        gone.sort_unstable();
        self.gone.append(&mut gone);
    }

    async fn file(&mut self, path: &Path, source: &str, name: &str) -> Result<()> {
        let Some(format) = Format::of_path(path) else {
            return Ok(());
        };
        let bytes = match walk::bytes_of(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.failed(source, format!("cannot be read: {error}"));
                return Ok(());
            }
        };
        let said = Map::new();
        if !format.has_rows() && !self.orders.force {
            let hash = content_hash(&bytes, &said, &self.orders.defaults);
            let ids = self.known.of_source(source).to_vec();
            if let [id] = ids.as_slice()
                && self.known.is(id, source, &hash)
                && !self.seen.contains_key(id)
            {
                self.report.unchanged += 1;
                self.seen.insert(id.clone(), source.to_owned());
                return Ok(());
            }
        }
        let from = Source {
            source,
            name,
            format,
            bytes: &bytes,
            said: &said,
        };
        let found = match read(&from, &self.orders.defaults) {
            Ok(found) => found,
            Err(fault) => {
                self.failed(source, fault.to_string());
                return Ok(());
            }
        };
        let failures = self.report.failed.len();
        for one in found {
            let place = match one.line {
                Some(line) => format!("{source}:{line}"),
                None => source.to_owned(),
            };
            if let Err(fault) = self.document(one, source) {
                self.failed(place, fault.to_string());
            }
            if self
                .batch
                .iter()
                .map(|one| one.record.passages.len())
                .sum::<usize>()
                >= BATCH
            {
                self.flush().await?;
            }
        }
        // What a file no longer has goes, unless some of it could not be read.
        if self.report.failed.len() == failures {
            let ids = self.known.of_source(source).iter();
            let gone = ids.filter(|id| !self.seen.contains_key(*id)).cloned();
            self.gone.extend(gone);
        }
        Ok(())
    }

    /// Takes a document into the batch, unless it is kept already as it is.
    fn document(&mut self, found: Found, source: &str) -> Result<(), Fault> {
        let document: Document = found.document?;
        if let Some(first) = self.seen.get(&document.id) {
            return Err(Fault::Metadata {
                field: "id".into(),
                reason: format!(
                    "`{}` is {first}'s already; say another in the front matter",
                    document.id
                ),
            });
        }
        let id = document.id.clone();
        if self.known.is(&id, source, &found.content_hash) && !self.orders.force {
            self.report.unchanged += 1;
            self.seen.insert(id, source.to_owned());
            return Ok(());
        }
        let (screen, quarantine) = (self.screen, self.orders.quarantine);
        let prepared = prepare(document, found.content_hash, screen, quarantine)?;
        self.note_flags(&prepared);
        self.seen.insert(id, source.to_owned());
        self.batch.push(prepared);
        Ok(())
    }

    fn note_flags(&mut self, prepared: &Prepared) {
        let record = &prepared.record;
        let place = |end: &str| format!("{}{end} ({})", record.meta.id, record.meta.source);
        if let Some(reason) = &record.meta.quarantined {
            let (place, reason) = (place(""), reason.clone());
            self.report.quarantined.push(Told { place, reason });
            return;
        }
        for (passage, number) in record.passages.iter().zip(1..) {
            if let Some(reason) = &passage.flagged {
                let (place, reason) = (place(&format!("#{number}")), reason.clone());
                self.report.quarantined.push(Told { place, reason });
            }
        }
    }

    /// Embeds and keeps what was gathered.
    async fn flush(&mut self) -> Result<()> {
        let mut batch = std::mem::take(&mut self.batch);
        if let Some(embedder) = &self.embedder
            && let Err(error) = embed(&mut batch, embedder.as_ref())
        {
            self.report.notes.push(format!(
                "the embedding model failed ({error}); a server embeds what is missing"
            ));
            self.embedder = None;
        }
        for Prepared { record, .. } in batch {
            let created = if self.orders.dry_run {
                !self.known.documents.contains_key(&record.meta.id)
            } else {
                let put = self.store.put_document(&record).await;
                put.context("the ingest broke off; run it again, and it goes on where it was")?
                    .created
            };
            let count = if created {
                &mut self.report.created
            } else {
                &mut self.report.replaced
            };
            *count += 1;
            self.report.passages += record.passages.len();
            let embedded = record.passages.iter().filter(|it| it.vector.is_some());
            self.report.embedded += embedded.count();
        }
        Ok(())
    }

    fn failed(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.report.failed.push(Told {
            place: place.into(),
            reason: reason.into(),
        });
    }
}

#[cfg(test)]
mod tests;
