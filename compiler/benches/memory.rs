//! Holds the promise of `docs/performance.md` about memory: the peak of a compilation against the size of its text.
//!
//! What counts is what the process really takes from the system, so every size has a process of its own. Linux alone
//! tells; elsewhere it says that nothing was measured.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a harness that measures its own process")]

mod support;

use std::process::{Command, ExitCode};

const LIMIT: f64 = 12.0;

fn main() -> std::io::Result<ExitCode> {
    let Some(size) = std::env::args().skip(1).find_map(|arg| arg.parse().ok()) else {
        let mut held = true;
        for size in ["10000", "100000"] {
            held &= Command::new(std::env::current_exe()?).arg(size).status()?.success();
        }
        return Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    };
    // The models are derived once in a process, whatever is compiled.
    support::compile(&support::sources(support::blueprint(100)));
    let sources = support::sources(support::blueprint(size));
    let text: usize = sources.iter().map(|(_, file)| file.text.len()).sum();
    let before = memory("VmRSS:");
    let compilation = support::compile(&sources);
    let (peak, kept) = (memory("VmHWM:"), memory("VmRSS:"));
    drop(compilation);
    let (Some(before), Some(peak), Some(kept)) = (before, peak, kept) else {
        println!("peak memory of {size} entries: not measured, this system does not tell");
        return Ok(ExitCode::SUCCESS);
    };
    // The text was there before.
    let ratio = |bytes: usize| bytes.saturating_sub(before) as f64 / text as f64 + 1.0;
    let verdict = if ratio(peak) <= LIMIT { "ok" } else { "missed" };
    println!(
        "peak memory of {size} entries / text  {:6.2} x  (at most {LIMIT} x; {:.2} x stay)  {verdict}",
        ratio(peak),
        ratio(kept)
    );
    Ok(if ratio(peak) <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line of `/proc/self/status`, in bytes.
fn memory(name: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<usize>().ok().map(|kilobytes| kilobytes * 1024)
}
