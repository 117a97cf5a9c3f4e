//! What can go wrong between us and the database. Mistakes in files are never among it.

use super::key::KeyError;
use super::{postgres, sqlite};

/// An error of the database, or of what stands in it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not a URL of a database that this version can use. Only its scheme is kept: the rest may hold a password.
    #[error(
        "`{0}:…` is no database that this version can use: give `sqlite://` and a path, or `postgres://` and a server"
    )]
    UnsupportedUrl(String),
    /// The file cannot be made.
    #[error("the database `{path}` cannot be created: {source}")]
    Create {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is something else, or holds tables of something else.
    #[error("this is not a gatewright database")]
    Foreign,
    /// Somebody else writes for longer than anybody waits.
    #[error("another process is writing to the database; try again")]
    Busy,
    /// Another transaction was in the way, time and again.
    #[error("another process is writing to the database; try again")]
    Clash,
    /// The server is not there, or does not let us in.
    #[error("no connection to the database `{server}`: {why}")]
    Connect {
        /// `host:port/database`
        server: String,
        /// What the server said, or why there is none.
        why: String,
        /// What to do about it.
        next: String,
    },
    /// There is no room for what was to be written; nothing was.
    #[error("there is no room: the disk is full, or the file of the database may not grow")]
    Full,
    /// The file, or the folder that it is in.
    #[error("neither the file nor its folder may be written to, and SQLite needs that even to read")]
    NotWritable,
    /// It was made by a newer version.
    #[error("the database was made by a newer version of gatewright")]
    NewerSchema,
    /// It is opened for reading, and its tables are of an older version.
    #[error("the database was made by an older version of gatewright and has to be migrated first")]
    OlderSchema,
    /// It was made with another installation key.
    #[error("the database was made with another secret key (`{database}`, not `{given}`)")]
    OtherKey {
        /// Id of the key that the database was made with.
        database: String,
        /// Id of the key that was given.
        given: String,
    },
    /// Something tried to write through a store that was opened for reading.
    #[error("the database is open for reading only")]
    ReadOnly,
    /// A text holds the one character that PostgreSQL cannot keep.
    #[error("PostgreSQL cannot keep text with the character NUL")]
    Nul,
    /// A look-up names a field that users do not have.
    #[error("users have no field `{0}` to look up by")]
    UnknownField(String),
    /// A row that cannot be understood.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A password cannot be hashed.
    #[error(transparent)]
    Password(#[from] super::password::PasswordError),
    /// The database itself.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// Creating the tables failed.
    #[error("the tables cannot be created: {0}")]
    Migrate(sqlx::migrate::MigrateError),
}

impl StoreError {
    /// The error for a URL that cannot be used.
    pub(crate) fn unsupported(url: &str) -> Self {
        Self::UnsupportedUrl(url.split(':').next().unwrap_or_default().to_owned())
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        sqlite::meaning(&error).or_else(|| postgres::meaning(&error)).unwrap_or(Self::Database(error))
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// Why a POST was not committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another request answered the same step first.
    #[error("another request was faster")]
    Conflict,
    /// The user changed since the flow read it.
    #[error("the user was changed meanwhile")]
    UserChanged,
    /// A unique field has this value already.
    #[error("`{field}` is taken")]
    Taken {
        /// Which field.
        field: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for CommitError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
