//! Running a compiled expression against a host.
//!
//! The interpreter suspends for every call of the host: look-ups are awaited here, between steps. A step is CPU time and
//! runs on a blocking thread, a few at a time; whatever ends a step otherwise than well denies.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use monty::{FunctionCall, MontyRun, RunProgress};
use monty_types::{
    CodeLoc, ExcType, ExtFunctionResult, MontyDate, MontyDateTime, MontyException, MontyObject, NameLookupResult,
    OsFunctionCall, PrintWriter,
};

use crate::convert::{Encoder, decode, pair};
use crate::functions::{self, Patterns, raise};
use crate::layout::{Edited, Wrapped};
use crate::prelude::{self, Wanted};
use crate::slots::Slots;
use crate::{Call, Compiled, EvaluateError, Host, HostError, Input, Limits, Outcome, Problem, Value, engine};

/// Length that a text may have, where nothing larger came in.
const ROOM: usize = 1 << 18;
const MEMORY: &str = "memory";
const HOST: &str = "_gw_host";

/// What a [`Compiled`] shares.
pub(crate) struct Inner {
    pub(crate) wanted: Wanted,
    /// Made by the first evaluation: the prelude is most of the work, and most of what is checked never runs here.
    pub(crate) program: OnceLock<Result<Program, String>>,
    pub(crate) place: Place,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) patterns: Patterns,
    pub(crate) slots: Slots,
}

impl Inner {
    fn program(self: &Arc<Self>) -> Result<&Program, EvaluateError> {
        let made = self.program.get_or_init(|| {
            let inner = self.clone();
            engine::with_stack(move || Program::new(&inner.wanted, &inner.place.text))
                .unwrap_or_else(|| Err("it panicked while it compiled".to_owned()))
        });
        made.as_ref().map_err(|message| EvaluateError::Engine(message.clone()))
    }
}

/// What the interpreter runs: the prelude, then the expression.
pub(crate) struct Program {
    /// Cloned for every evaluation; the interpreter's programs cannot be shared between threads.
    template: Mutex<MontyRun>,
    prelude_lines: usize,
}

impl Program {
    fn new(wanted: &Wanted, expression: &str) -> Result<Self, String> {
        let mut text = prelude::text(wanted);
        let prelude_lines = text.matches('\n').count();
        text.push_str(expression);
        let run = engine::compile(text).map_err(|error| error.to_string())?;
        Ok(Self { template: Mutex::new(run), prelude_lines })
    }
}

/// Takes places of the interpreter back to the text of the expression.
pub(crate) struct Place {
    /// What the interpreter compiles after the prelude.
    pub(crate) text: String,
    /// The edited expression in it.
    pub(crate) body: Range<usize>,
    pub(crate) edited: Edited,
    pub(crate) wrapped: Wrapped,
}

impl Place {
    /// Where an exception came from: the innermost frame within the expression, which begins after `before` lines.
    pub(crate) fn range(&self, error: &MontyException, before: usize) -> Option<Range<usize>> {
        error.traceback().iter().rev().find_map(|frame| {
            let start = self.offset(frame.start, before)?;
            Some(start..self.offset(frame.end, before).unwrap_or(start).max(start))
        })
    }

    fn offset(&self, at: CodeLoc, before: usize) -> Option<usize> {
        let line = usize::try_from(at.line).ok()?.checked_sub(1)?.checked_sub(before)?;
        let column = usize::try_from(at.column).ok()?.checked_sub(1)?;
        let mut start = 0;
        for _ in 0..line {
            start += self.text.get(start..)?.find('\n')? + 1;
        }
        let text = self.text.get(start..)?;
        let offset = start + text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
        let within = self.body.contains(&offset) || offset == self.body.end;
        within.then(|| self.wrapped.original(self.edited.before(offset - self.body.start)))
    }
}

impl Compiled {
    /// What is allowed but will not work, for instance a function that this version does not have.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.0.warnings
    }

    /// Runs the expression. Needs a tokio runtime with time.
    ///
    /// # Errors
    /// When the expression raised, when it reached a bound, when the host failed. All of them deny.
    pub async fn evaluate(&self, input: Input, host: &dyn Host, limits: &Limits) -> Result<Outcome, EvaluateError> {
        let _slot = self.0.slots.evaluation().await?;
        let input = Arc::new(input);
        let mut evaluation = Evaluation::new(self, *limits);
        let end = evaluation.run(&input, host).await;
        // What the rest of the process took meanwhile may have been too much; asking the host twice would not be right.
        if end == Err(EvaluateError::Limit(MEMORY)) && evaluation.calls == 0 {
            return Evaluation::new(self, *limits).run(&input, host).await;
        }
        end
    }
}

/// One evaluation.
struct Evaluation<'c> {
    compiled: &'c Compiled,
    limits: Limits,
    /// Time that is left altogether. It stands still while the evaluation waits for a slot.
    left: Duration,
    /// Calls of the host so far.
    calls: usize,
}

impl<'c> Evaluation<'c> {
    fn new(compiled: &'c Compiled, limits: Limits) -> Self {
        Self { compiled, limits, left: limits.total, calls: 0 }
    }

    async fn run(&mut self, input: &Arc<Input>, host: &dyn Host) -> Result<Outcome, EvaluateError> {
        let state = State { compiled: self.compiled.clone(), limits: self.limits, spent: Duration::ZERO };
        let (input, template) = (input.clone(), self.compiled.clone());
        let (mut step, mut state) = self
            .step(state, move |state| {
                let program = template.0.program()?;
                let run = program.template.lock().unwrap_or_else(PoisonError::into_inner).clone();
                state.advance(|limits| start(run, &input, limits))
            })
            .await?;
        loop {
            let (call, resume) = match step {
                Step::Done(value) => return outcome(value),
                Step::Host(call, resume) => (call, resume),
            };
            self.calls += 1;
            if self.calls > self.limits.host_calls {
                return Err(EvaluateError::Limit("calls of the host"));
            }
            let answer = match self.timed(host.call(call)).await? {
                Ok(value) => Ok(value),
                Err(HostError::Value(message)) => Err(raise(ExcType::ValueError, message)),
                Err(HostError::Type(message)) => Err(raise(ExcType::TypeError, message)),
                Err(HostError::Permission(message)) => Err(raise(ExcType::PermissionError, message)),
                Err(HostError::Internal(message)) => return Err(EvaluateError::Host(message)),
            };
            (step, state) = self.step(state, move |state| state.advance(|_| answered(*resume, answer))).await?;
        }
    }

    /// Awaits something on the evaluation's own time.
    async fn timed<T>(&mut self, work: impl Future<Output = T>) -> Result<T, EvaluateError> {
        let started = Instant::now();
        let end = tokio::time::timeout(self.left, work).await;
        self.left = self.left.saturating_sub(started.elapsed());
        end.map_err(|_| EvaluateError::Limit("time altogether"))
    }

    /// Runs a step on a thread that may be busy. A panic is an error like every other.
    async fn step(
        &mut self,
        mut state: State,
        work: impl FnOnce(&mut State) -> Result<Step, EvaluateError> + Send + 'static,
    ) -> Result<(Step, State), EvaluateError> {
        let slot = self.compiled.0.slots.step().await?;
        let running = tokio::task::spawn_blocking(move || {
            let step = catch_unwind(AssertUnwindSafe(|| work(&mut state)));
            // Not before the work is over, even when nobody waits for it any more.
            drop(slot);
            let step = step.unwrap_or_else(|_| Err(EvaluateError::Engine("it panicked".to_owned())))?;
            Ok((step, state))
        });
        self.timed(running).await?.unwrap_or_else(|error| Err(EvaluateError::Engine(error.to_string())))
    }
}

fn answered(call: FunctionCall, answer: Result<Value, MontyException>) -> Result<RunProgress, MontyException> {
    let answer = match answer {
        Ok(value) => ExtFunctionResult::Return(Encoder::new(&Value::Null).encode(&value)),
        Err(error) => ExtFunctionResult::Error(error),
    };
    call.resume(answer, PrintWriter::Disabled)
}

/// Where a step ends.
enum Step {
    Host(Call, Box<FunctionCall>),
    Done(MontyObject),
}

/// What one evaluation carries from step to step.
struct State {
    compiled: Compiled,
    limits: Limits,
    /// Time in steps. The interpreter has a clock of its own, which stands still in our functions.
    spent: Duration,
}

impl State {
    fn advance(
        &mut self,
        first: impl FnOnce(&Limits) -> Result<RunProgress, MontyException>,
    ) -> Result<Step, EvaluateError> {
        let started = Instant::now();
        let until = started + self.limits.execution.saturating_sub(self.spent);
        let mut progress = first(&self.limits);
        loop {
            if Instant::now() > until {
                return Err(EvaluateError::Limit("execution time"));
            }
            progress = match progress.map_err(|error| self.failed(&error))? {
                RunProgress::Complete(value) => return Ok(Step::Done(value)),
                RunProgress::NameLookup(lookup) => {
                    let known = lookup.name == HOST || functions::PURE.contains(&lookup.name.as_str());
                    let name = lookup.name.clone();
                    let answer = if known && lookup.object_id().is_none() {
                        NameLookupResult::Value(MontyObject::Function { name, docstring: None })
                    } else {
                        NameLookupResult::Undefined
                    };
                    lookup.resume(answer, PrintWriter::Disabled)
                }
                RunProgress::FunctionCall(call) if call.function_name == HOST => {
                    self.spent += started.elapsed();
                    return Ok(host_step(call));
                }
                RunProgress::FunctionCall(call) => {
                    let patterns = &self.compiled.0.patterns;
                    let answer = functions::call(&call.function_name, &call.args, patterns, until);
                    call.resume(
                        answer.map_or_else(ExtFunctionResult::Error, ExtFunctionResult::Return),
                        PrintWriter::Disabled,
                    )
                }
                RunProgress::OsCall(call) => call.resume_with(PrintWriter::Disabled, os_call),
                RunProgress::ResolveFutures(_) => return Err(EvaluateError::Engine("it waits for nothing".to_owned())),
            };
        }
    }

    fn range(&self, error: &MontyException) -> Option<Range<usize>> {
        let inner = &self.compiled.0;
        inner.place.range(error, inner.program().ok()?.prelude_lines)
    }

    fn failed(&self, error: &MontyException) -> EvaluateError {
        let message = error.message().unwrap_or_default().to_owned();
        let starts = |text: &str| message.starts_with(text);
        match error.exc_type() {
            ExcType::TimeoutError if starts("time limit exceeded") => return EvaluateError::Limit("execution time"),
            ExcType::MemoryError if starts("the result is too large") => return EvaluateError::Limit("result size"),
            ExcType::MemoryError if starts("the text is too large") => return EvaluateError::Limit("text size"),
            ExcType::MemoryError => return EvaluateError::Limit(MEMORY),
            ExcType::RecursionError => return EvaluateError::Limit("recursion"),
            _ => {}
        }
        let exception = match error.exc_type() {
            // See the prelude: there is no inheritance, so these stand in.
            ExcType::NotADirectoryError => "SkipObject".to_owned(),
            ExcType::IsADirectoryError => "DoesNotExist".to_owned(),
            ExcType::FileExistsError => "ValidationError".to_owned(),
            other => other.to_string(),
        };
        EvaluateError::Raised { exception, message, offset: self.range(error).map(|range| range.start) }
    }
}

fn host_step(mut call: FunctionCall) -> Step {
    let mut args = std::mem::take(&mut call.args).into_iter();
    let function = match args.next() {
        Some(MontyObject::String(name)) => name,
        _ => String::new(),
    };
    let args_of = |value: Option<MontyObject>| match value.map(decode) {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    };
    let positional = args_of(args.next());
    let kwargs = match args.next().map(decode) {
        Some(Value::Map(pairs)) => pairs,
        _ => Vec::new(),
    };
    Step::Host(Call { function, args: positional, kwargs }, Box::new(call))
}

/// The clock is the only thing of the outer world.
fn os_call(call: OsFunctionCall) -> ExtFunctionResult {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    match call {
        OsFunctionCall::DateTimeNow(zone) => {
            let offset = zone.as_ref().map(|zone| zone.offset_seconds);
            let name = zone.and_then(|zone| zone.name);
            MontyObject::DateTime(date_time(now, offset, name)).into()
        }
        OsFunctionCall::DateToday => {
            let MontyDateTime { year, month, day, .. } = date_time(now, None, None);
            MontyObject::Date(MontyDate { year, month, day }).into()
        }
        _ => raise(ExcType::PermissionError, "expressions have no access to the system").into(),
    }
}

/// A point in time on the calendar: Howard Hinnant's `civil_from_days`.
fn date_time(since_epoch: Duration, offset_seconds: Option<i32>, timezone_name: Option<String>) -> MontyDateTime {
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(0) + i64::from(offset_seconds.unwrap_or(0));
    let (days, in_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let small = |value: i64| u8::try_from(value).unwrap_or(0);
    MontyDateTime {
        year: i32::try_from(year_of_era + era * 400 + i64::from(month <= 2)).unwrap_or(1970),
        month: small(month),
        day: small(day_of_year - (153 * shifted_month + 2) / 5 + 1),
        hour: small(in_day / 3_600),
        minute: small(in_day / 60 % 60),
        second: small(in_day % 60),
        microsecond: since_epoch.subsec_micros(),
        offset_seconds,
        timezone_name,
    }
}

/// What comes in may be large, an upload for instance; then what is made of it may be as well.
fn start(run: MontyRun, input: &Input, limits: &Limits) -> Result<RunProgress, MontyException> {
    let given = [&input.user, &input.http_request, &input.obj, &input.context];
    let size = given.into_iter().chain(input.extra.iter().map(|(_, value)| value)).map(Value::size).sum::<usize>();
    let limits = Limits { memory: limits.memory.saturating_add(size.saturating_mul(8)), ..*limits };
    engine::start(run, encode(input, ROOM.saturating_add(size.saturating_mul(2))), &limits)
}

/// What `_gw_input` holds; the last is the length that a text may have.
fn encode(input: &Input, room: usize) -> MontyObject {
    let empty = Value::Map(Vec::new());
    let context = if input.context == Value::Null { &empty } else { &input.context };
    let mut encoder = Encoder::new(context);
    let ip = input.client_ip.map_or_else(|| "255.255.255.255".to_owned(), |ip| ip.to_canonical().to_string());
    let mut pairs = vec![
        pair("_gw_user", encoder.encode(&input.user)),
        pair("_gw_http_request", encoder.encode(&input.http_request)),
        pair("_gw_obj", encoder.encode(&input.obj)),
        pair("_gw_context", encoder.encode(context)),
        pair("_gw_client_ip", MontyObject::String(ip)),
        pair("ak_is_sso_flow", MontyObject::Bool(input.is_sso_flow)),
    ];
    for (name, value) in &input.extra {
        // Names that are none in Python are written with underscores, as the peer does it.
        let name = name.replace([':', '.', '-'], "_");
        if !name.starts_with(crate::lint::RESERVED) {
            pairs.push(pair(&name, encoder.encode(value)));
        }
    }
    pairs.push(MontyObject::Int(i64::try_from(room).unwrap_or(i64::MAX)));
    MontyObject::List(pairs)
}

/// What `_gw_finish` made.
fn outcome(value: MontyObject) -> Result<Outcome, EvaluateError> {
    let MontyObject::Tuple(parts) = value else {
        return Err(EvaluateError::Engine("it ended without a result".to_owned()));
    };
    let Ok([value, MontyObject::Bool(passing), messages, context]) = <[MontyObject; 4]>::try_from(parts) else {
        return Err(EvaluateError::Engine("it ended without a result".to_owned()));
    };
    let messages = match decode(messages) {
        Value::List(items) => items
            .into_iter()
            .filter_map(|item| if let Value::String(text) = item { Some(text) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    Ok(Outcome { value: decode(value), passing, messages, context: decode(context) })
}
