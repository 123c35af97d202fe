//! Where vectors of passages are: a store that is made ready to search them, and a file of this machine.
//!
//! The file is in the model's folder, so that no start embeds what was embedded before.
//! A cache and nothing else: whatever is wrong with it costs time, never an answer. Keys are hashes of what was
//! embedded, so one file serves every knowledge base of this machine. Records are a key and a vector of
//! little-endian `f32`; a file that several processes write is the last one's.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use vostro_bank::{Store, VectorSearch};
use vostro_knowledge::{VectorCache, passage_key};

use crate::config::{Config, VectorPlace};
use crate::failure::Failure;
use crate::parts;

/// First bytes of the file: its format.
const MAGIC: &[u8; 8] = b"vostro-1";
/// Length of a key: 32 hexadecimal digits.
const KEY: usize = 32;
/// Length of the vectors that are kept; others are not kept.
pub(crate) const DIMENSIONS: u16 = 384;
const RECORD: usize = KEY + DIMENSIONS as usize * 4;
/// A larger file, in bytes, begins anew: it holds what no base has any more.
const MAX_BYTES: usize = 256 << 20;

/// Vectors by key. Nothing is written before [`VectorFile::save`].
#[derive(Debug, Default)]
pub(crate) struct VectorFile {
    path: Option<PathBuf>,
    vectors: HashMap<String, Vec<f32>>,
    changed: bool,
}

impl VectorFile {
    /// Reads the file of the configured model folder; of a file that is none of ours, nothing.
    pub(crate) fn open(config: &Config) -> Self {
        let path = parts::model_folder(config).map(|folder| folder.join("vectors.bin"));
        let bytes = path.as_ref().and_then(|path| std::fs::read(path).ok());
        let vectors = bytes.map(|bytes| parse(&bytes)).unwrap_or_default();
        Self {
            path,
            vectors,
            changed: false,
        }
    }

    /// Writes the file if anything came in: beside it, then renamed. A failure is told in the log.
    pub(crate) fn save(&mut self) {
        let Some(path) = self.path.clone().filter(|_| self.changed) else {
            return;
        };
        match self.write(&path) {
            Ok(()) => self.changed = false,
            Err(error) => tracing::warn!(%error, "the passages' vectors could not be kept"),
        }
    }

    fn write(&self, path: &std::path::Path) -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(path);
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut out = std::io::BufWriter::new(file.as_file_mut());
        out.write_all(MAGIC)?;
        for (key, vector) in &self.vectors {
            out.write_all(key.as_bytes())?;
            for x in vector {
                out.write_all(&x.to_le_bytes())?;
            }
        }
        out.flush()?;
        drop(out);
        file.persist(path)?;
        Ok(())
    }
}

impl VectorCache for VectorFile {
    fn get(&mut self, model: &str, passage: &str) -> Option<Vec<f32>> {
        self.vectors.get(&key(model, passage)).cloned()
    }

    fn put(&mut self, model: &str, passage: &str, vector: &[f32]) {
        if vector.len() == usize::from(DIMENSIONS) {
            self.vectors.insert(key(model, passage), vector.to_vec());
            self.changed = true;
        }
    }
}

/// One key for a model and a passage.
fn key(model: &str, passage: &str) -> String {
    passage_key(&format!("{model}\n{passage}"))
}

fn parse(bytes: &[u8]) -> HashMap<String, Vec<f32>> {
    let Some(records) = bytes.strip_prefix(MAGIC) else {
        return HashMap::new();
    };
    if bytes.len() > MAX_BYTES {
        return HashMap::new();
    }
    let record = |record: &[u8]| {
        let (key, vector) = record.split_at_checked(KEY)?;
        let (floats, _) = vector.as_chunks::<4>();
        let vector: Vec<f32> = floats.iter().map(|x| f32::from_le_bytes(*x)).collect();
        let sound = vector.iter().all(|x| x.is_finite());
        sound.then(|| Some((str::from_utf8(key).ok()?.to_owned(), vector)))?
    };
    records.chunks_exact(RECORD).filter_map(record).collect()
}

/// Has the store made ready to search vectors, where it is to: else a start would hold in memory what was to stay out
/// of it.
pub(crate) async fn prepare(config: &Config, store: &dyn Store) -> Result<()> {
    if config.knowledge.vectors != VectorPlace::Pgvector {
        return Ok(());
    }
    let found = store.prepare_vector_search(DIMENSIONS.into()).await;
    let why = match found.context("the database cannot be made ready to search vectors")? {
        VectorSearch::Ready => return Ok(()),
        VectorSearch::Unsupported => "the store is no PostgreSQL",
        VectorSearch::Absent => "the server has no extension `vector`",
        VectorSearch::Forbidden => "this user may not create the extension `vector`",
        VectorSearch::TooOld => "the extension `vector` is older than 0.8",
    };
    Err(Failure::new(
        format!("knowledge.vectors = \"pgvector\" cannot be: {why}"),
        "have an administrator create it in this database, or search in each process: knowledge.vectors = \"in-process\"",
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_there_again_and_a_broken_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.embedding.folder = Some(folder.path().to_owned());
        let vector = vec![0.5; usize::from(DIMENSIONS)];
        let mut file = VectorFile::open(&config);
        file.put("model", "passage", &vector);
        file.put("model", "short", &[1.0]);
        file.save();
        let mut file = VectorFile::open(&config);
        assert_eq!(file.get("model", "passage"), Some(vector));
        assert_eq!(file.get("other", "passage"), None);
        assert_eq!(file.vectors.len(), 1);
        let path = folder.path().join("vectors.bin");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 1);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(VectorFile::open(&config).get("model", "passage"), None);
        std::fs::write(&path, "something else").unwrap();
        assert!(VectorFile::open(&config).vectors.is_empty());
    }
}
