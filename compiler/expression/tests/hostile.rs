//! Expressions that attack: every one of them ends soon, and with an error.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::time::{Duration, Instant};

use gatewright_expression::{EvaluateError, Kind, Limits, Value, compile};

fn limits() -> Limits {
    Limits { execution: Duration::from_millis(400), total: Duration::from_secs(20), ..Limits::default() }
}

fn run(source: &str) -> Result<Value, EvaluateError> {
    let compiled = match compile(source, Kind::Policy) {
        Ok(compiled) => compiled,
        Err(problems) => panic!("{source}: {problems:?}"),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let host = support::TestHost::default();
    let started = Instant::now();
    let end = runtime.block_on(compiled.evaluate(support::scenario("rich"), &host, &limits()));
    // Machines that run tests are slow; without a bound this would be hours.
    assert!(started.elapsed() < Duration::from_secs(30), "{source}: {:?}", started.elapsed());
    end.map(|outcome| outcome.value)
}

#[track_caller]
fn is_limited(source: &str) {
    match run(source) {
        Err(EvaluateError::Limit(_)) => {}
        other => panic!("{source}: {other:?}"),
    }
}

#[track_caller]
fn raises(source: &str) {
    match run(source) {
        Err(EvaluateError::Raised { .. } | EvaluateError::Limit(_)) => {}
        other => panic!("{source}: {other:?}"),
    }
}

#[test]
fn loops_end() {
    is_limited("while True:\n    pass");
    is_limited("x = []\nwhile True:\n    x.append('a')");
    is_limited("for x in range(10 ** 18):\n    pass");
    is_limited("while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass");
    is_limited("while True:\n    regex_match('a' * 40, r'^(a|aa)+$')");
    is_limited("while True:\n    slugify('a')");
}

#[test]
fn large_values_are_refused() {
    for source in [
        "return [0] * 10 ** 9",
        "return 'a' * 10 ** 10",
        "return 9 ** 9 ** 9",
        "return 1 << 10 ** 12",
        "return 'a'.ljust(10 ** 11)",
        "return '1'.zfill(10 ** 12)",
        "return f'{1:>100000000000}'",
        "return '{:100000000000}'.format(1)",
        "return bytes(10 ** 11)",
        "x = 'a'\nwhile True:\n    x += x",
        "x = [1]\nwhile True:\n    x += x",
        "x = 3\nwhile True:\n    x *= x",
        "return ('a' * 1000).replace('a', 'b' * 10 ** 7)",
        "return ','.join(['a' * 10 ** 6] * 10 ** 6)",
        "return list(range(10 ** 10))",
        "return tuple([0] * 10 ** 8)",
        "import json\nreturn json.dumps(['a' * 10 ** 6] * 10 ** 5)",
        "import math\nreturn math.factorial(10 ** 7)",
        "return int('9' * 10 ** 7)",
        "return sum([[0] * 1000] * 10 ** 6, [])",
        "x = 3\nfor _ in range(40):\n    x = x * x\nreturn x % 7",
        "x = 1 << 60000\nreturn pow(x, x, x - 1)",
        "x = 3 ** 60000\nreturn divmod(x ** 100, x)",
    ] {
        raises(source);
    }
}

#[test]
fn results_are_bounded() {
    raises("x = [1]\nfor _ in range(64):\n    x = [x, x]\nreturn x");
    is_limited("x = [1]\nfor _ in range(40):\n    x = [x, x]\nreturn x");
    raises("x = ()\nfor _ in range(64):\n    x = (x, x)\ncontext['x'] = x\nreturn True");
    raises("x = [1]\nfor _ in range(64):\n    x = [x, x]\nreturn ak_user_by(username=x)");
    raises(
        "x = [1]\nfor _ in range(40):\n    x = [x, x]\nrequest.user.attributes['x'] = x\nreturn ak_is_group_member(request.user)",
    );
    is_limited("return ['a' * 1000000] * 1000");
    raises("x = {}\nx['x'] = x\nreturn x");
    raises("context['flow_plan'].context['loop'] = context");
    raises("x = []\nfor _ in range(5000):\n    x = [x]\nreturn x");
    assert!(matches!(run("return 10 ** 30").unwrap(), Value::String(text) if text.len() == 31));
    raises("return 10 ** 100000");
}

#[test]
fn deep_values_do_not_end_the_process() {
    let deep = "x = []\nfor _ in range(200000):\n    x = [x]\n";
    for rest in
        ["return str(x)", "return x == [x]", "import json\nreturn json.dumps(x)", "return repr((x,))", "return x"]
    {
        let _ = run(&format!("{deep}{rest}"));
    }
    raises("x = ()\nfor _ in range(200000):\n    x = (x,)\nreturn hash(x)");
    raises("x = ()\nfor _ in range(200000):\n    x = (x,)\nreturn {x: 1}");
    raises("import json\nreturn json.loads('[' * 100000)");
    let _ = run(&format!("{deep}return 1"));
}

#[test]
fn recursion_ends() {
    is_limited("def f(n):\n    return f(n + 1)\nreturn f(0)");
    is_limited("f = lambda f: f(f)\nreturn f(f)");
    raises("def key(x):\n    return sorted([x], key=key)\nreturn key(1)");
    raises("def go(x):\n    return list(map(go, [x]))\nreturn go(1)");
    raises("def go(x):\n    return regex_match('a', 'a') and go(x)\nreturn go(1)");
}

#[test]
fn regular_expressions_are_bounded() {
    let _ = run("return regex_match('a' * 30 + 'b', '(a+)+$')");
    raises(r"return regex_match('a' * 40, r'(a*)*\1b')");
    raises("return regex_match('a', '(' * 100000 + ')' * 100000)");
    raises("return regex_match('a', '(?:' * 5000 + 'a' + ')*' * 5000)");
    let _ = run("return regex_match('a', 'a{1000}{1000}{1000}')");
    raises("import re\nreturn re.search('(' * 100000 + ')' * 100000, 'a')");
    let _ = run("import re\nreturn re.search('a{1000}{1000}{1000}', 'a')");
    raises(
        "import re\nwhile True:\n    try:\n        re.search(r'(a*)*\\1b', 'a' * 40)\n    except Exception:\n        pass",
    );
    let _ = run("return regex_replace('a' * 100000, '', 'b' * 1000)");
    raises("while True:\n    regex_replace('a' * 10000, 'a', 'b' * 100)");
}

#[test]
fn there_is_no_way_out() {
    for source in [
        "return ().__class__.__bases__[0].__subclasses__()",
        "return (lambda: 0).__globals__",
        "return (lambda: 0).__code__",
        "return request.__init__.__globals__",
        "return [].__class__.__mro__",
        "return type(request).__dict__",
        "return getattr(request, '__dict__')",
        "return len.__self__",
        "return print.__module__.x",
        "return regex_match.__builtins__",
        "return object.__subclasses__()",
        "return type('X', (), {})",
        "return iter(int, 1).__reduce__()",
        "return '{0.__class__.__init__.__globals__}'.format(request)",
    ] {
        raises(source);
    }
    for source in [
        "return open('/etc/passwd')",
        "import os",
        "import json\nreturn json.codecs",
        "import re\nreturn re.sys",
        "import sys",
        "import socket",
        "import subprocess",
        "import asyncio",
        "import pathlib",
        "from time import sleep",
        "import importlib",
        "return __import__('os')",
        "return eval('1')",
        "exec('x = 1')",
        "return compile('1', '', 'eval')",
        "return globals()",
        "return vars()",
        "return breakpoint()",
        "return input()",
        "setattr(request, '_gw_x', 1)",
        "return __builtins__",
        "return __name__",
    ] {
        assert!(compile(source, Kind::Policy).is_err(), "{source}");
    }
}

#[test]
fn calls_of_the_host_are_counted() {
    match run("while True:\n    ak_user_by(username='x')") {
        Err(EvaluateError::Limit(what)) => assert_eq!(what, "calls of the host"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn waiting_is_bounded() {
    struct Stuck;
    #[async_trait::async_trait]
    impl gatewright_expression::Host for Stuck {
        async fn call(&self, _: gatewright_expression::Call) -> Result<Value, gatewright_expression::HostError> {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            Ok(Value::Null)
        }
    }
    let compiled = compile("return ak_user_by(username='x')", Kind::Policy).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let limits = Limits { total: Duration::from_millis(50), ..Limits::default() };
    let end = runtime.block_on(compiled.evaluate(support::scenario("rich"), &Stuck, &limits));
    assert_eq!(end, Err(EvaluateError::Limit("time altogether")));
}

#[test]
fn busy_expressions_do_not_hold_up_the_others() {
    let busy = compile("while True:\n    pass", Kind::Policy).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = support::TestHost::default();
        let (limits, input) = (limits(), support::scenario("bare"));
        let run = busy.evaluate(input, &host, &limits);
        let mut run = std::pin::pin!(run);
        let mut ticks = 0;
        loop {
            tokio::select! {
                end = &mut run => break assert!(end.is_err()),
                () = tokio::time::sleep(Duration::from_millis(5)) => ticks += 1,
            }
        }
        assert!(ticks > 5, "{ticks}");
    });
}

/// Chains that a recursive parser walks: an error or a result, not the end of the process.
#[test]
fn deep_texts_are_refused() {
    for links in [1_000, 8_000, 16_000, 32_000] {
        for source in [
            format!("return {}", vec!["1"; links].join("+")),
            format!("return x{}", ".a".repeat(links)),
            format!("return request{}", "()".repeat(links)),
            format!("return {}1", "-".repeat(links)),
            format!("return {}1", "not ".repeat(links / 4)),
            format!("return {}1{}", "(".repeat(links), ")".repeat(links)),
            format!("return {}{}", "[".repeat(links), "]".repeat(links)),
            format!("return {}1", "lambda: ".repeat(links / 4)),
            format!("return {}", vec!["1"; links / 4].join(" if 1 else ")),
            format!("return {}1{}", "f(".repeat(links), ")".repeat(links)),
            format!("return {}1{}", "f'{".repeat(links / 4), "}'".repeat(links / 4)),
            format!("return x{}", "[0]".repeat(links)),
        ] {
            let refused = compile(&source, Kind::Policy).is_err();
            assert!(refused, "{links}: {}", source.chars().take(30).collect::<String>());
        }
    }
}

#[test]
fn long_texts_are_fine_or_refused() {
    let elifs = format!("if 0:\n    x = 1\n{}return 1", "elif 0:\n    x = 1\n".repeat(2_500));
    let statements = format!("x = 0\n{}return x", "x += 1\n".repeat(5_000));
    let blocks =
        (0..99).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect::<String>() + &" ".repeat(99) + "x = 1\n";
    let compared = format!("return {}", vec!["1"; 16_000].join("<"));
    let assigned = format!("x = {}1", "x = ".repeat(8_000));
    let wide = format!("return [{}]", "1, ".repeat(15_000));
    for source in [elifs, statements, blocks, wide, compared, assigned] {
        if compile(&source, Kind::Policy).is_ok() {
            let _ = run(&source);
        }
    }
    assert!(compile(&"#".repeat(70_000), Kind::Policy).is_err());
    assert!(compile(&format!("return 1{}", " ".repeat(70_000)), Kind::Policy).is_err());
    assert!(compile("\0", Kind::Policy).is_err());
    assert!(compile("return '\u{202e}\u{feff}'", Kind::Policy).is_ok());
}

/// Many evaluations of a slow expression leave room for a quick one, and wait for each other without failing.
#[test]
fn slow_expressions_do_not_starve_the_others() {
    let slow = compile("while True:\n    pass", Kind::Policy).unwrap();
    let quick = compile("return ak_user_by(username='akadmin') is not None", Kind::Policy).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let busy: Vec<_> = (0..12)
            .map(|_| {
                let slow = slow.clone();
                tokio::spawn(async move {
                    let limits = Limits { total: Duration::from_millis(1500), ..limits() };
                    slow.evaluate(support::scenario("bare"), &support::TestHost::default(), &limits).await
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let started = Instant::now();
        let host = support::TestHost::default();
        let end = quick.evaluate(support::scenario("bare"), &host, &Limits::default()).await;
        assert!(end.unwrap().passing);
        // Twelve times 400 ms in two slots are more than two seconds.
        assert!(started.elapsed() < Duration::from_millis(1500), "{:?}", started.elapsed());
        for run in busy {
            assert_eq!(run.await.unwrap(), Err(EvaluateError::Limit("execution time")));
        }
    });
}

/// One operation must not take longer than the time allows: see how large its operands may get.
#[test]
fn single_operations_are_short() {
    for source in [
        "return len(str(3 ** 5000000))",
        "x = 1\nx <<= 60000000\nreturn len(str(x))",
        "x = {'a': 3}\nx['a'] **= 5000000\nreturn len(str(x))",
        "return len(str(int('f' * 1000000, 16)))",
        "return len(str(pow(3, 5000000)))",
        "import math\nreturn len(str(math.comb(1000000, 500000)))",
        "return len(f'{3 ** 5000000}')",
        "import json\nreturn json.dumps(1 << 5000000)",
    ] {
        let started = Instant::now();
        raises(source);
        assert!(started.elapsed() < Duration::from_secs(4), "{source}: {:?}", started.elapsed());
    }
}
