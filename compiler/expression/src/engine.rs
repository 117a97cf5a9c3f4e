//! The interpreter, as this crate uses it.
//!
//! Everything that runs here is bounded, and nothing that it could do to the process (a panic, too deep a recursion) gets
//! further than an error. See `evaluate` for the loop and `compile` for what is compiled.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use monty::{MontyRun, RunProgress};
use monty_types::{
    AssertMessageAnnotations, BASELINE_MEMORY, CompileOptions, LIVE_MEMORY, MontyException, MontyObject, PrintWriter,
    ResourceLimits, ResourceTracker,
};

use crate::Limits;

/// Room for the recursion of parsers and compilers over the longest text that is accepted.
const COMPILE_STACK: usize = 64 << 20;
/// Allocations between searches for circles: what is garbage counts as used until then.
const GC_INTERVAL: usize = 10_000;
/// The variable that everything comes in by.
pub(crate) const INPUT: &str = "_gw_input";
const SCRIPT: &str = "expression";

/// Runs something that recurses over a text, on a stack that is large enough. `None` when it panicked.
///
/// A thread costs as much as compiling an ordinary expression, so one is kept; whoever finds it busy takes another.
pub(crate) fn with_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (send, receive) = mpsc::channel();
    let job: Job = Box::new(move || drop(send.send(catch_unwind(AssertUnwindSafe(work)))));
    // Held until the work is done.
    let mut kept = KEPT.try_lock();
    match &mut kept {
        Ok(kept) => {
            if kept.is_none() {
                **kept = Some(worker()?);
            }
            kept.as_ref()?.send(job).ok()?;
        }
        Err(_) => worker()?.send(job).ok()?,
    }
    receive.recv().ok()?.ok()
}

type Job = Box<dyn FnOnce() + Send>;

static KEPT: Mutex<Option<Sender<Job>>> = Mutex::new(None);

/// A thread that works until nobody can give it any more work.
fn worker() -> Option<Sender<Job>> {
    let (send, receive) = mpsc::channel::<Job>();
    let work = move || receive.into_iter().for_each(|job| job());
    std::thread::Builder::new().name("expressions".to_owned()).stack_size(COMPILE_STACK).spawn(work).ok()?;
    Some(send)
}

/// Compiles the whole text: prelude, function, epilogue.
pub(crate) fn compile(text: String) -> Result<MontyRun, MontyException> {
    let options = CompileOptions { assert_message_annotations: AssertMessageAnnotations::Off };
    MontyRun::new(text, SCRIPT, vec![INPUT.to_owned()], options)
}

/// Whether the interpreter's own module has the name.
pub(crate) fn has_import(module: &str, name: &str) -> bool {
    let limits = Limits { execution: Duration::from_secs(5), ..Limits::default() };
    let attempt = || {
        let run = compile(format!("from {module} import {name}\n")).ok()?;
        start(run, MontyObject::None, &limits).ok()
    };
    catch_unwind(AssertUnwindSafe(attempt)).ok().flatten().is_some()
}

/// Counts what the process holds, which is what the interpreter compares with a run's bound. Its own limits stay off:
/// they would end the process.
#[global_allocator]
static ALLOCATOR: monty_alloc::LimitedAllocator = monty_alloc::LimitedAllocator;

/// What the rest of the process may take while a run lasts: mostly the hashing of passwords, once for every core.
const OTHERS: usize = 24 << 20;

/// Bytes that the process may hold while a run may use `limit` more than there are now.
fn ceiling(limit: usize) -> usize {
    // The interpreter subtracts it: what others give back meanwhile is no credit of this run.
    BASELINE_MEMORY.store(0, Ordering::Relaxed);
    LIVE_MEMORY.load(Ordering::Relaxed).saturating_add(limit).saturating_add(OTHERS.saturating_mul(cores()))
}

/// Processors that this process may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Starts a run.
pub(crate) fn start(run: MontyRun, input: MontyObject, limits: &Limits) -> Result<RunProgress, MontyException> {
    let bounds = ResourceLimits::default()
        .max_duration(limits.execution)
        .max_memory(ceiling(limits.memory))
        .gc_interval(GC_INTERVAL)
        .max_recursion_depth(limits.recursion);
    run.start(vec![input], ResourceTracker::new(bounds), PrintWriter::Disabled)
}
