//! The interpreter, as this crate uses it.
//!
//! Everything that runs here is bounded, and nothing that it could do to the process (a panic, too deep a recursion) gets
//! further than an error. See `evaluate` for the loop and `compile` for what is compiled.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use monty::{MontyRun, RunProgress};
use monty_types::{
    AssertMessageAnnotations, CompileOptions, MontyException, MontyObject, PrintWriter, ResourceLimits, ResourceTracker,
};

use crate::Limits;

/// Room for the recursion of parsers and compilers over the longest text that is accepted.
const COMPILE_STACK: usize = 64 << 20;
/// The variable that everything comes in by.
pub(crate) const INPUT: &str = "_gw_input";
const SCRIPT: &str = "expression";

/// Runs something that recurses over a text, on a stack that is large enough. `None` when it panicked.
pub(crate) fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(COMPILE_STACK).spawn_scoped(scope, work).ok()?.join().ok()
    })
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

/// Starts a run.
pub(crate) fn start(run: MontyRun, input: MontyObject, limits: &Limits) -> Result<RunProgress, MontyException> {
    let bounds = ResourceLimits::default()
        .max_duration(limits.execution)
        .max_memory(limits.memory)
        .max_recursion_depth(limits.recursion);
    run.start(vec![input], ResourceTracker::new(bounds), PrintWriter::Disabled)
}
