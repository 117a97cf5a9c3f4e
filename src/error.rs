//! The one error of the command: what went wrong, of which kind, and what to do about it.
//!
//! Mistakes in the user's blueprints are no errors in this sense but diagnostics; these are about the world
//! (disk, network, database) and about the command line.

use std::fmt::{self, Display};
use std::process::ExitCode;

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The options do not fit together.
    Usage,
    /// The user has to agree first.
    Refused,
    /// Disk, network or database.
    World,
}

/// A failure that ends the run.
#[derive(Debug)]
pub(crate) struct CliError {
    kind: Kind,
    message: String,
    hints: Vec<String>,
}

impl CliError {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    pub(crate) fn world(message: impl Into<String>) -> Self {
        Self::new(Kind::World, message)
    }

    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new() }
    }

    /// The same with advice.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with what it is about in front.
    pub(crate) fn about(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Every kind is a plain 1: 2 means "there are changes" and nothing else.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.kind {
            Kind::Usage | Kind::Refused | Kind::World => ExitCode::from(1),
        }
    }
}

impl Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Adds what was being done to an error of a library.
pub(crate) trait Context<T> {
    fn context(self, doing: impl Display) -> Result<T, CliError>;
}

impl<T, E: std::error::Error> Context<T> for Result<T, E> {
    fn context(self, doing: impl Display) -> Result<T, CliError> {
        self.map_err(|error| CliError::world(format!("{doing}: {}", chain(&error))))
    }
}

/// An error with its causes, each once.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    text
}
