//! Expressions in files, and what they end with.
//!
//! A case says in its first lines which kind it is and which scenarios it runs in; see `support` for these.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::fmt::Write;
use std::path::Path;

use gatewright_expression::{EvaluateError, Kind, Limits, Outcome, Problem, Value, compile};

fn header<'t>(source: &'t str, name: &str) -> Option<&'t str> {
    source.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.strip_prefix(": "))
}

fn kind(source: &str) -> Kind {
    match header(source, "kind") {
        None | Some("policy") => Kind::Policy,
        Some("prompt") => Kind::Prompt,
        Some("mapping") => Kind::Mapping,
        Some(other) => panic!("no kind {other}"),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(it) => if *it { "True" } else { "False" }.to_owned(),
        Value::Int(it) => it.to_string(),
        Value::Float(it) => format!("{it:?}"),
        Value::String(it) => format!("{it:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Map(own) => {
            let pairs: Vec<_> = own.iter().map(|(name, it)| format!("{name:?}: {}", self::value(it))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::Object(class, own) => {
            let shown = ["username", "name", "slug", "path", "passing", "backend", "nickname"];
            let pairs: Vec<_> = own
                .iter()
                .filter(|(name, _)| shown.contains(&name.as_str()))
                .map(|(name, it)| format!("{name}={}", self::value(it)))
                .collect();
            format!("{class:?}({})", pairs.join(", "))
        }
    }
}

fn differences(path: &str, before: &Value, after: &Value, into: &mut String) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Map(old), Value::Map(new)) | (Value::Object(_, old), Value::Object(_, new)) => {
            for (name, it) in new {
                let was = old.iter().find(|(other, _)| other == name).map(|(_, it)| it);
                match was {
                    Some(was) => differences(&format!("{path}.{name}"), was, it, into),
                    None => writeln!(into, "  {path}.{name} = {} (new)", value(it)).unwrap(),
                }
            }
            for (name, _) in old.iter().filter(|(name, _)| !new.iter().any(|(other, _)| other == name)) {
                writeln!(into, "  {path}.{name} (gone)").unwrap();
            }
        }
        _ => writeln!(into, "  {path} = {}", value(after)).unwrap(),
    }
}

fn line_of(source: &str, offset: usize) -> String {
    let start = source.get(..offset).unwrap().rfind('\n').map_or(0, |at| at + 1);
    let line = source.get(start..).unwrap().lines().next().unwrap_or_default();
    let column = source.get(start..offset).unwrap().chars().count();
    format!("    | {line}\n    | {}", " ".repeat(column))
}

fn problem(source: &str, problem: &Problem, into: &mut String) {
    let width = source.get(problem.range.clone()).unwrap().lines().next().unwrap_or_default().chars().count().max(1);
    writeln!(into, "  {:?}: {}", problem.kind, problem.message).unwrap();
    writeln!(into, "{}{}", line_of(source, problem.range.start), "^".repeat(width)).unwrap();
    if let Some(help) = &problem.help {
        writeln!(into, "    help: {help}").unwrap();
    }
}

fn ended(source: &str, before: &Value, end: Result<Outcome, EvaluateError>, into: &mut String) {
    match end {
        Ok(outcome) => {
            writeln!(into, "  value: {}", value(&outcome.value)).unwrap();
            writeln!(into, "  passing: {}", outcome.passing).unwrap();
            for message in &outcome.messages {
                writeln!(into, "  message: {message}").unwrap();
            }
            differences("context", before, &outcome.context, into);
        }
        Err(error) => {
            writeln!(into, "  error: {error}").unwrap();
            if let EvaluateError::Raised { offset: Some(offset), .. } = error {
                writeln!(into, "{}^", line_of(source, offset)).unwrap();
            }
        }
    }
}

async fn run(source: &str) -> String {
    let mut made = String::new();
    let compiled = match compile(source, kind(source)) {
        Ok(compiled) => compiled,
        Err(problems) => {
            writeln!(made, "refused").unwrap();
            problems.iter().for_each(|it| problem(source, it, &mut made));
            return made;
        }
    };
    if !compiled.warnings().is_empty() {
        writeln!(made, "warnings").unwrap();
        compiled.warnings().iter().for_each(|it| problem(source, it, &mut made));
    }
    for name in header(source, "scenarios").unwrap_or("rich, anonymous").split(", ") {
        writeln!(made, "{name}").unwrap();
        let input = support::scenario(name);
        let before = input.context.clone();
        let host = support::TestHost::default();
        let end = compiled.evaluate(input, &host, &Limits::default()).await;
        ended(source, &before, end, &mut made);
        for call in host.calls.lock().unwrap().iter() {
            let args: Vec<_> = call.args.iter().map(value).collect();
            let kwargs = call.kwargs.iter().map(|(name, it)| format!("{name}={}", value(it)));
            let args: Vec<_> = args.into_iter().chain(kwargs).collect();
            writeln!(made, "  host: {}({})", call.function, args.join(", ")).unwrap();
        }
    }
    made
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

#[test]
fn cases() {
    insta::glob!("cases/*.py", |path| {
        let source = std::fs::read_to_string(path).unwrap();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(block(run(&source)));
        });
    });
}

/// The expressions of the peer are not ours to keep: they are read from a directory beside the repository, where there is
/// one.
#[test]
fn every_expression_of_the_peer_compiles() {
    let Ok(shared) = std::env::var("GATEWRIGHT_SHARED") else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(Path::new(&shared).join("expressions/peer")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let number: u32 = name.split('-').next().unwrap().parse().unwrap();
        let kind = match number {
            5..=8 => Kind::Prompt,
            1..=14 => Kind::Policy,
            _ => Kind::Mapping,
        };
        let source = std::fs::read_to_string(&path).unwrap();
        match compile(&source, kind) {
            Ok(compiled) => {
                assert_eq!(compiled.warnings().is_empty(), number != 43, "{name}: {:?}", compiled.warnings())
            }
            Err(problems) => panic!("{name}: {problems:?}"),
        }
        count += 1;
    }
    assert_eq!(count, 76);
}

/// What those that flows need end with, in three scenarios.
#[test]
fn the_expressions_of_flows_end_as_they_should() {
    let Ok(shared) = std::env::var("GATEWRIGHT_SHARED") else { return };
    let expected = [
        ("01", "False", "True", "True"),
        ("02", "True", "False", "False"),
        ("03", "True", "True", "True"),
        ("04", "True", "False", "False"),
        ("05", "\"jane\"", "\"jane\"", "\"\""),
        ("06", "\"Jane van Doe\"", "\"Jane van Doe\"", "\"\""),
        ("07", "\"jane@example.org\"", "\"jane@example.org\"", "\"\""),
        ("08", "\"de\"", "\"de\"", "\"\""),
        ("09", "False", "False", "AttributeError: 'NoneType' object has no attribute 'get'"),
        ("10", "True", "True", "True"),
        ("11", "False", "False", "False"),
        ("12", "True", "True", "True"),
        ("13", "True", "True", "True"),
        ("14", "False", "True", "True"),
    ];
    for entry in std::fs::read_dir(Path::new(&shared).join("expressions/peer")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((number, rich, pending, anonymous)) = expected.iter().find(|it| name.starts_with(it.0)) else {
            continue;
        };
        let kind = if ("05"..="08").contains(number) { Kind::Prompt } else { Kind::Policy };
        let compiled = compile(&std::fs::read_to_string(&path).unwrap(), kind).unwrap();
        for (scenario, expected) in [("rich", rich), ("pending", pending), ("anonymous", anonymous)] {
            let host = support::TestHost::default();
            let end = block(compiled.evaluate(support::scenario(scenario), &host, &Limits::default()));
            let shown = end.map_or_else(|error| error.to_string(), |outcome| value(&outcome.value));
            assert_eq!(&shown, expected, "{name}, {scenario}");
        }
    }
}

#[test]
fn evaluations_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    fn is_shared<T: Send + Sync + Clone>(value: T) -> T {
        value
    }
    let compiled =
        is_shared(compile("return ak_user_by(username='akadmin').username + user.username", Kind::Prompt).unwrap());
    block(async {
        let runs: Vec<_> = (0..100)
            .map(|_| {
                let compiled = compiled.clone();
                tokio::spawn(is_send(async move {
                    let host = support::TestHost::default();
                    compiled.evaluate(support::scenario("rich"), &host, &Limits::default()).await
                }))
            })
            .collect();
        for run in runs {
            assert_eq!(run.await.unwrap().unwrap().value, Value::String("akadminjane".to_owned()));
        }
    });
}

/// What comes in may be much larger than what an expression may make of nothing.
#[test]
fn uploads_pass_through() {
    let source = "kind, data = context['prompt_data']['avatar'].split(',', 1)\n\
                  context['prompt_data']['avatar'] = 'data:' + data\n\
                  return f'{kind} {len(data)} {data[:4].upper()}'";
    let compiled = compile(source, Kind::Policy).unwrap();
    let mut input = support::scenario("bare");
    let upload = Value::String(format!("data:image/png;base64,{}", "iVBO".repeat(2_500_000)));
    input.context = support::planned([("prompt_data", support::map([("avatar", upload)]))]);
    let host = support::TestHost::default();
    let outcome = block(compiled.evaluate(input, &host, &Limits::default())).unwrap();
    assert_eq!(outcome.value, Value::String("data:image/png;base64 10000000 IVBO".to_owned()));
}

/// One evaluation, all in: a fraction of a millisecond when optimised. Without optimisation this only guards against
/// something absurd.
#[test]
fn evaluation_is_quick() {
    let source =
        "found = [it.name for it in request.user.groups.all() if regex_match(it.name, '^s')]\nreturn 'staff' in found";
    let compiled = compile(source, Kind::Policy).unwrap();
    block(async {
        let host = support::TestHost::default();
        let mut best = std::time::Duration::MAX;
        for _ in 0..50 {
            let started = std::time::Instant::now();
            let end = compiled.evaluate(support::scenario("rich"), &host, &Limits::default()).await;
            best = best.min(started.elapsed());
            assert!(end.unwrap().passing);
        }
        let bound = if cfg!(debug_assertions) { 50 } else { 1 };
        assert!(best < std::time::Duration::from_millis(bound), "{best:?}");
    });
}
