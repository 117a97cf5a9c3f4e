//! Expressions that want all memory: in a process of their own, with a bound that only the limits keep it under.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::process::Command;
use std::time::Duration;

use gatewright_expression::{EvaluateError, Kind, Limits, compile};

/// Address space that the process gets: 2 GB.
const SPACE_KIB: usize = 2_000_000;
/// What it may have needed at the highest.
const PEAK_KIB: usize = 400_000;

const GREEDY: &[&str] = &[
    "l = []\nwhile True:\n    l.append('x' * 250000 + str(len(l)))",
    "l = []\nwhile True:\n    l.append('x' * 8000000 + str(len(l)))",
    "l = []\nwhile True:\n    l.append([])",
    "l = []\nwhile True:\n    l = [l, [0] * 100000]",
    "d = {}\nwhile True:\n    d[len(d)] = str(len(d)) * 100",
    "return len(('a' * 4000000).join(['b'] * 100000))",
    "return len(('a' * 200000).join(['b'] * 100000))",
    "return len(regex_replace('a' * 4000000, 'a', 'b' * 1000))",
    "return len(regex_replace('a' * 200000, '(a+)', '\\\\1' * 100000))",
    "import re\nreturn len(re.sub('a', 'b' * 1000, 'a' * 200000))",
    "import re\nreturn len(re.sub('(a+)', r'\\1' * 5, 'a' * 200000))",
    "return len(f'{1:>999999999}')",
    "return len('{:999999999}'.format(1))",
    "return len('%999999999d' % 1)",
    "return len('%*d' % (999999999, 1))",
    "return len(('a' * 200000).replace('', 'b' * 200000))",
    "return len('a'.zfill(10 ** 10) + 'a'.ljust(10 ** 10) + 'a'.center(10 ** 10))",
    "s = 'a' * 250000\nreturn len(f'{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}')",
    "s = 'a' * 250000\nreturn str([s] * 1000)",
    "s = 'a' * 250000\nreturn [s.encode().hex() for _ in range(10000)]",
    "s = 'a' * 250000\nreturn [s[1:] for _ in range(10000)]",
    "s = 'a' * 250000\nreturn list(map(lambda s: s.upper(), [s] * 10000))",
    "import json\nreturn json.dumps(['a' * 250000] * 10000)",
    "s = 'a' * 250000\nreturn list(map(str, [[s] * 10000] * 10000))",
    "s = 'a' * 250000\nreturn '{} {}'.format([s] * 10000, {1: [s] * 10000})",
    "s = 'a' * 250000\nreturn f'{[s] * 10000}'",
    "import json\ns = 'a' * 250000\nreturn list(map(json.dumps, [[s] * 10000] * 10000))",
    "x = [0] * 500000\nreturn [sorted(x) + x for _ in range(1000)]",
    "x = 'a'\nwhile True:\n    x += x",
    "x = b'a'\nwhile True:\n    x += x",
    "x = [1]\nwhile True:\n    x += x",
    "x = {'x': 'a'}\nwhile True:\n    x['x'] += x['x']",
    "return bytes(10 ** 9)",
    "return list(range(10 ** 10))",
    "return set(range(10 ** 10))",
];

/// Run by the test below, in a process of its own.
#[test]
#[ignore = "needs a bound around it"]
fn greedy_expressions() {
    // Less time than in service, so that those which only the clock ends do not take minutes together.
    let limits = Limits { execution: Duration::from_millis(400), ..Limits::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for source in GREEDY {
        let compiled = compile(source, Kind::Policy).unwrap_or_else(|problems| panic!("{source}: {problems:?}"));
        let host = support::TestHost::default();
        let end = runtime.block_on(compiled.evaluate(support::scenario("bare"), &host, &limits));
        assert!(matches!(end, Err(EvaluateError::Limit(_))), "{source}: {end:?}");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: usize = peak.trim_end_matches("kB").trim().parse().unwrap();
    assert!(peak < PEAK_KIB, "{peak} KiB");
}

#[test]
fn greedy_expressions_do_not_end_the_process() {
    let own = std::env::current_exe().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {SPACE_KIB} && exec \"$0\" --ignored --exact greedy_expressions")])
        .arg(own)
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shown}");
    assert!(shown.contains("1 passed"), "{shown}");
}
