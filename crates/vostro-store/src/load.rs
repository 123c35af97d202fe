//! How busy a store is, told without asking its database.

/// Connections and who waits for one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreLoad {
    /// Connections that are at work. Of `SQLite` the readers'.
    pub busy: usize,
    /// Connections that are free or may still be made.
    pub free: usize,
    /// Who waits: for a connection, or of `SQLite` commands for the writer.
    pub waiting: usize,
}

/// A store that says how busy it is.
pub trait UnderLoad: Send + Sync {
    /// How busy it is now.
    fn load(&self) -> StoreLoad;
}
