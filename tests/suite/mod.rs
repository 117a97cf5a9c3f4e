//! The tests that need code, a file for each subject.

mod apply;
mod backups;
mod browser;
mod cases;
mod corpus;
mod crash;
mod databases;
mod documents;
mod drawings;
mod editor;
mod flows;
mod formats;
mod history;
mod keys;
mod layout;
mod no_room;
mod postgres;
mod restart;
mod revisions;
mod security;
mod setup;
mod shipped;
mod tidy;
mod transcripts;
mod unreadable;
mod watch;
