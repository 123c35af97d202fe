//! Ingested documents, in a list.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{
    DocumentEntry, DocumentPut, DocumentRecord, Documents, NearPassage, NearestQuery, StoreError,
    VectorSearch,
};

use super::MemoryStore;

/// What is kept: the documents by id, and the version.
#[derive(Default)]
pub(crate) struct Kept {
    version: i64,
    records: std::collections::BTreeMap<String, (i64, DocumentRecord)>,
}

fn entry((revision, record): &(i64, DocumentRecord)) -> DocumentEntry {
    let flagged = record.passages.iter().filter(|it| it.flagged.is_some());
    DocumentEntry {
        meta: record.meta.clone(),
        passages: u32::try_from(record.passages.len()).unwrap(),
        flagged: u32::try_from(flagged.count()).unwrap(),
        revision: *revision,
        ingested_at: Timestamp::UNIX_EPOCH,
    }
}

impl MemoryStore {
    fn after(&self, after: Option<&str>, limit: u32) -> Vec<(i64, DocumentRecord)> {
        let kept = self.documents.lock().unwrap();
        let behind = kept
            .records
            .iter()
            .filter(|(id, _)| after.is_none_or(|after| id.as_str() > after));
        behind
            .map(|(_, kept)| kept.clone())
            .take(limit as usize)
            .collect()
    }
}

#[async_trait]
impl Documents for MemoryStore {
    async fn knowledge_version(&self) -> Result<i64, StoreError> {
        self.answer(self.documents.lock().unwrap().version)
    }

    async fn put_document(&self, document: &DocumentRecord) -> Result<DocumentPut, StoreError> {
        self.answer(())?;
        let mut kept = self.documents.lock().unwrap();
        kept.version += 1;
        let revision = kept.version;
        let before = kept
            .records
            .insert(document.meta.id.clone(), (revision, document.clone()));
        Ok(DocumentPut {
            created: before.is_none(),
            revision,
        })
    }

    async fn remove_document(&self, id: &str) -> Result<Option<i64>, StoreError> {
        self.answer(())?;
        let mut kept = self.documents.lock().unwrap();
        if kept.records.remove(id).is_none() {
            return Ok(None);
        }
        kept.version += 1;
        Ok(Some(kept.version))
    }

    async fn document_entry(&self, id: &str) -> Result<Option<DocumentEntry>, StoreError> {
        self.answer(self.documents.lock().unwrap().records.get(id).map(entry))
    }

    async fn document_entries(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentEntry>, StoreError> {
        self.answer(self.after(after, limit).iter().map(entry).collect())
    }

    async fn document_records(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentRecord>, StoreError> {
        self.answer(
            self.after(after, limit)
                .into_iter()
                .map(|(_, record)| record)
                .collect(),
        )
    }

    async fn keep_vectors(&self, _: &str, _: &[(String, Vec<f32>)]) -> Result<u64, StoreError> {
        self.answer(0)
    }

    async fn prepare_vector_search(&self, _: u32) -> Result<VectorSearch, StoreError> {
        self.answer(VectorSearch::Ready)
    }

    /// Every passage that has a vector, whatever the filters: whoever asks has to hold to them too.
    async fn nearest_passages(&self, query: &NearestQuery) -> Result<Vec<NearPassage>, StoreError> {
        self.answer(())?;
        if self.is_silent() {
            std::future::pending::<()>().await;
        }
        let kept = self.documents.lock().unwrap();
        let passages = kept
            .records
            .values()
            .flat_map(|(_, record)| &record.passages);
        let near = passages.filter_map(|passage| {
            let vector = &passage.vector.as_ref()?.values;
            let dot = |asked: &Vec<f32>| asked.iter().zip(vector).map(|(a, b)| a * b).sum();
            Some(NearPassage {
                key: passage.key.clone(),
                cosines: query.questions.iter().map(dot).collect(),
            })
        });
        Ok(near.collect())
    }
}
