//! A line that shows that something is under way: on a terminal only, and gone when it is done.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Work under way. Ends when it is dropped.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Begins to show `doing`.
    pub(crate) fn start(doing: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner().with_message(doing);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(Some(bar))
    }

    /// Goes on to the next step.
    pub(crate) fn step(&self, doing: &'static str) {
        if let Some(bar) = &self.0 {
            bar.set_message(doing);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
