//! Where the vector of each passage is: here, in a row of the table of vectors, or elsewhere, under the passage's key.

/// A passage's key as bytes.
type Key = [u8; 16];

/// Passages by the places of their vectors. Those that are in neither have none yet.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The passage of each row, ascending.
    here: Vec<u32>,
    /// Keys and their passages, ascending once [`Places::finish`]ed. Texts that stand in two documents have one key.
    elsewhere: Vec<(Key, u32)>,
}

impl Places {
    /// The first so many passages, all of them here.
    pub(super) fn here(passages: usize) -> Self {
        Self {
            here: (0..).take(passages).collect(),
            elsewhere: Vec::new(),
        }
    }

    /// The next row is this passage's, which comes behind those before.
    pub(super) fn is_here(&mut self, passage: u32) {
        self.here.push(passage);
    }

    /// The passage's vector is elsewhere, under this key.
    pub(super) fn is_elsewhere(&mut self, key: &str, passage: u32) {
        if let Some(key) = read(key) {
            self.elsewhere.push((key, passage));
        }
    }

    /// All passages were told.
    pub(super) fn finish(&mut self) {
        self.elsewhere.sort_unstable();
        self.elsewhere.shrink_to_fit();
    }

    /// Whether any vector is elsewhere.
    pub(super) fn are_elsewhere(&self) -> bool {
        !self.elsewhere.is_empty()
    }

    /// The row of a passage whose vector is here.
    pub(super) fn row_of(&self, passage: usize) -> Option<usize> {
        self.here.binary_search(&u32::try_from(passage).ok()?).ok()
    }

    /// The passage of a row.
    pub(super) fn passage_of(&self, row: usize) -> Option<usize> {
        self.here.get(row).map(|passage| *passage as usize)
    }

    /// The passages of a key whose vectors are elsewhere; of text that is no key, none.
    pub(super) fn passages_of(&self, key: &str) -> impl Iterator<Item = usize> {
        let key = read(key);
        let start = self
            .elsewhere
            .partition_point(|(other, _)| key.is_some_and(|key| *other < key));
        let behind = self.elsewhere.iter().skip(start);
        behind
            .take_while(move |(other, _)| key == Some(*other))
            .map(|(_, passage)| *passage as usize)
    }
}

fn read(key: &str) -> Option<Key> {
    let mut bytes = Key::default();
    hex::decode_to_slice(key, &mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_passage_has_one_place_or_none() {
        let (first, second) = ("00".repeat(16), "ff".repeat(16));
        let mut places = Places::default();
        places.is_elsewhere(&second, 0);
        places.is_here(1);
        places.is_elsewhere(&first, 2);
        places.is_here(4);
        places.is_elsewhere(&second, 5);
        places.finish();
        let rows: Vec<_> = (0..6).map(|passage| places.row_of(passage)).collect();
        assert_eq!(rows, [None, Some(0), None, None, Some(1), None]);
        assert_eq!(
            (places.passage_of(1), places.passage_of(2)),
            (Some(4), None)
        );
        let of = |key: &str| places.passages_of(key).collect::<Vec<_>>();
        assert_eq!((of(&first), of(&second)), (vec![2], vec![0, 5]));
        assert_eq!(of(&"0f".repeat(16)), Vec::<usize>::new());
        assert_eq!((of("no key"), of("")), (vec![], vec![]));
        assert!(places.are_elsewhere() && !Places::here(3).are_elsewhere());
        assert_eq!(Places::here(3).row_of(2), Some(2));
    }
}
