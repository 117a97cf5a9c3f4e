//! Times in the database: whole microseconds since the epoch.

use jiff::Timestamp;

use super::error::StoreError;

/// As it is written.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// As it is read.
pub(crate) fn from_micros(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// As it is read where it may be missing.
pub(crate) fn maybe(micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros.map(from_micros).transpose()
}
