//! Holds the promises of `docs/performance.md` about time: one line each, exit status 1 when one is missed.
//!
//! Machines are noisy and differ, so what is compared is the processor time of this thread, taken in turns within one
//! run; of every contestant the best turn counts. Expressions are compiled on threads of their own, so for them it is the
//! time of the process. A number behind `--` sets how many turns there are.
#![expect(clippy::print_stdout, reason = "a harness that prints its figures")]

mod support;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use cpu_time::{ProcessTime, ThreadTime};

const TURNS: usize = 7;
/// Expressions in one blueprint; each text stands in it once.
const TEXTS: usize = 200;

fn main() -> ExitCode {
    let turns = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(TURNS);
    let (small, large) = (support::blueprint(10_000), support::blueprint(100_000));
    let (few, many) = (entries(&small), entries(&large));
    let small_sources = support::sources(small.clone());
    let large_sources = support::sources(large);
    // What compiled once is kept by its text, so every turn has texts of its own.
    let with: Vec<_> = (0..turns)
        .map(|turn| support::sources(support::policies(&support::expressions(turn * TEXTS..(turn + 1) * TEXTS))))
        .collect();
    let without = support::sources(support::policies(&vec!["return True".to_owned(); TEXTS]));
    for sources in [&small_sources, &without] {
        let mut found = support::compile(sources).diagnostics;
        found.retain(|found| !found.code.quiet());
        assert!(found.is_empty(), "the generated blueprints are fine: {:?}", found.first());
    }

    let [mut events, mut compile, mut wide, mut policies, mut plain] = [Duration::MAX; 5];
    for with in &with {
        events = events.min(time(|| support::events(&small)));
        compile = compile.min(time(|| support::compile(&small_sources)));
        wide = wide.min(time(|| support::compile(&large_sources)));
        policies = policies.min(time_of_all(|| assert!(support::compile(with).diagnostics.is_empty())));
        plain = plain.min(time_of_all(|| support::compile(&without)));
    }
    println!("events of {few} entries {events:.1?}, compile {compile:.1?}; compile {many} entries {wide:.1?}");
    let held = [
        report("compile / pull the events", compile.div_duration_f64(events), 2.5, "x"),
        report("an entry of 100,000 / of 10,000", wide.div_duration_f64(compile) * few / many, 1.5, "x"),
        report("one distinct expression", (policies - plain).as_secs_f64() * 1e6 / TEXTS as f64, 150.0, "us"),
    ];
    if held.iter().all(|held| *held) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn entries(text: &str) -> f64 {
    text.matches("model: ").count() as f64
}

/// What it costs to drop the result is no part of it.
fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = ThreadTime::now();
    let result = black_box(work());
    let elapsed = begun.elapsed();
    drop(result);
    elapsed
}

/// The same of all threads.
fn time_of_all<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = ProcessTime::now();
    black_box(work());
    begun.elapsed()
}

fn report(name: &str, measured: f64, limit: f64, unit: &str) -> bool {
    let verdict = if measured <= limit { "ok" } else { "missed" };
    println!("{name:<34} {measured:7.2} {unit:<2}  (at most {limit} {unit})  {verdict}");
    measured <= limit
}
