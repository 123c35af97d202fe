//! What an operator is told of a store before anything is done to it.

/// A store as it is found, read without changing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The database's name and version, such as `PostgreSQL 18.3`.
    pub engine: String,
    /// The version that its migrations have made; 0 for a database that is still empty.
    pub schema: i64,
    /// The version that this program brings it to.
    pub latest: i64,
    /// The settings that decide whether an acknowledged transfer can be lost.
    pub durability: Vec<Durability>,
    /// `PostgreSQL`: whether the extension pgvector is there. `None` for a store that has no such thing.
    pub vector: Option<Vector>,
    /// `PostgreSQL`: whether the connection is encrypted. `None` for a store that has none.
    pub is_encrypted: Option<bool>,
}

/// A setting that durability rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// The setting.
    pub setting: &'static str,
    /// Its value.
    pub value: String,
    /// Whether it is strong enough; the store does not open otherwise.
    pub is_strong: bool,
}

/// Where the extension pgvector stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vector {
    /// Created in this database, in this version.
    Installed(String),
    /// The server could create it, in this version.
    Available(String),
    /// The server does not have it.
    Absent,
}
