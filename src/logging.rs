//! What happens is logged to standard error; `GATEWRIGHT_LOG` or `RUST_LOG` say how much.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// Begins to log. `default` counts when neither variable is set.
pub(crate) fn init(default: &str) {
    let filter = ["GATEWRIGHT_LOG", "RUST_LOG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find_map(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(default));
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // A second subscriber in one process is a test's business; the first one stays.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colour).with_writer(io::stderr).try_init();
}
