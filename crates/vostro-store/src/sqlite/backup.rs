//! A copy of a database that is in use: whole, of one instant, and as small as it can be.

use std::path::Path;

use super::connection;
use crate::error::OpenError;

/// Writes a copy of the database at `from` to a new file. Whoever serves it goes on meanwhile.
///
/// # Errors
/// [`OpenError::File`] when `to` is there already or cannot be written; the others when `from` cannot be read.
pub fn back_up(from: &Path, to: &Path) -> Result<(), OpenError> {
    let file = |source| OpenError::File {
        path: to.to_owned(),
        source,
    };
    // A copy never takes the place of another, of whatever size.
    if to.exists() {
        return Err(file(std::io::ErrorKind::AlreadyExists.into()));
    }
    let name = to
        .to_str()
        .ok_or_else(|| file(std::io::ErrorKind::InvalidInput.into()))?;
    let connection = connection::open_reader(from)?;
    connection
        .execute("VACUUM INTO ?1", [name])
        .map_err(|error| OpenError::Database(Box::new(error)))?;
    // Durable before it is told.
    std::fs::File::open(to)
        .and_then(|copy| copy.sync_all())
        .map_err(file)
}
