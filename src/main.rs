//! The command `gatewright`: arguments in, text and an exit status out.
//!
//! This package alone prints, parses arguments, reads the environment and exits; what it prints goes through
//! [`render`]. Each verb is one file in [`commands`]; read [`cli`] for the list.

use std::process::ExitCode;

mod cli;
mod commands;
mod database;
mod diagram;
mod error;
mod files;
mod key;
mod levels;
mod logging;
mod pipeline;
mod program;
mod progress;
mod render;
mod shipped;
mod world;

fn main() -> ExitCode {
    // For the tests of what a crash leaves behind; a release knows nothing of it.
    #[cfg(debug_assertions)]
    if let Some(number) = std::env::var("GATEWRIGHT_TEST_CRASH").ok().and_then(|text| text.parse().ok()) {
        gatewright_reconciler::store::crash_at(number);
    }
    cli::run()
}
