//! A sandbox whose commands find a database in one place, of either kind.

use gatewright_testing::postgres;

use super::sandbox::{Run, Sandbox, finish};
use super::server::Server;

/// The key of every site.
pub(crate) const KEY: &str = "a key of tests, long enough: 32.";

pub(crate) struct Site {
    pub(crate) sandbox: Sandbox,
    env: Vec<(String, String)>,
    /// Goes with the site.
    server: Option<postgres::Database>,
}

impl Site {
    /// With a SQLite database.
    pub(crate) fn sqlite() -> Self {
        Self::with(None)
    }

    /// With a PostgreSQL database; none where there is no PostgreSQL, which is said.
    pub(crate) fn postgres() -> Option<Self> {
        Some(Self::with(Some(postgres::Database::new()?)))
    }

    fn with(server: Option<postgres::Database>) -> Self {
        let url = server.as_ref().map(|server| ("GATEWRIGHT_DATABASE".to_owned(), server.url()));
        let key = ("GATEWRIGHT_SECRET_KEY".to_owned(), KEY.to_owned());
        Self { sandbox: Sandbox::new(), env: url.into_iter().chain([key]).collect(), server }
    }

    /// Sets a variable for every command to come.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// What every command is given.
    pub(crate) fn env(&self) -> Vec<(&str, &str)> {
        self.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The database on a server.
    pub(crate) fn server(&self) -> &postgres::Database {
        self.server.as_ref().unwrap()
    }

    pub(crate) fn run(&self, args: &[&str], more: &[(&str, &str)]) -> Run {
        finish(self.sandbox.command().args(args).envs(self.env()).envs(more.iter().copied()))
    }

    pub(crate) fn serve(&self, args: &[&str], more: &[(&str, &str)]) -> Server {
        Server::start(&self.sandbox, args, &[&self.env(), more].concat())
    }
}
