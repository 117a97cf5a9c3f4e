//! Lints: what they find, what they leave alone, and what comments allow.

use super::*;
use crate::diagnostic::Code;

/// Every finding about one file, lints included.
fn lint(text: &str) -> String {
    let sources = sources(vec![file("a.yaml", text)]);
    let compilation = compile(&sources, &UnknownWorld, &CHECK);
    findings_with_lints(&sources, &compilation)
}

/// The same about a list of entries; their first line is line 2.
fn lint_entries(entries: &str) -> String {
    lint(&format!("entries:\n{entries}"))
}

#[test]
fn written_keys() {
    snapshot!(lint_entries(
        "- {model: authentik_core.group, identifiers: {pk: 6f2d3a44-6a4c-4a7e-9e43-0e6a9b7a2f10}, attrs: {name: a}}
- {model: authentik_core.group, identifiers: {pk: 6f2d3a44-6a4c-4a7e-9e43-0e6a9b7a2f11, name: b}}
- model: authentik_core.group
  identifiers: {name: c}
  attrs:
    # An entry above has it.
    parent: 6f2d3a44-6a4c-4a7e-9e43-0e6a9b7a2f10
    users: [7, !Find [authentik_core.user, [username, sue]]]
    roles: [6f2d3a44-6a4c-4a7e-9e43-0e6a9b7a2f12]
- {model: authentik_core.group, identifiers: {name: d}, attrs: {parent: !Find [authentik_core.group, [pk, 6f2d3a44-6a4c-4a7e-9e43-0e6a9b7a2f10]]}}
"
    ));
}

#[test]
fn secrets_in_plain_text() {
    snapshot!(lint_entries(
        "- {model: authentik_core.user, identifiers: {username: a}, attrs: {name: a, password: hunter2}}
- {model: authentik_core.user, identifiers: {username: b}, attrs: {name: a, password: null}}
- {model: authentik_core.user, identifiers: {username: c}, attrs: {name: a, password: !Env [PASSWORD, none]}}
- {model: authentik_core.user, identifiers: {username: d}, attrs: {name: a, password: !File password.txt}}
"
    ));
}

#[test]
fn context_that_nobody_reads() {
    snapshot!(lint(
        "context:
  plain: 1
  map: {a: {b: 1}}
  listed: 1
  block: 1
  quoted: 1
  anchored: &anchored !Find [authentik_core.group, [name, x]]
  inside: {deep: &deep 1}
  unused: {plain: 1}
  goauthentik.io/enterprise/licensed: true
  chained: !Context plain
entries:
- model: authentik_core.group
  identifiers: {name: g}
  attrs:
    parent: *anchored
    attributes:
      a: [!Context chained, !Context map.a.b, !Context [listed, 2], !Context 'quoted', *deep]
      b: !Context
        - block
        - 2
"
    ));
    // A name that is computed may be any.
    assert_eq!(
        lint(
            "context: {a: 1}\nentries:\n- {model: authentik_core.group, identifiers: {name: !Context [!Format [\"%s\", a]]}}\n"
        ),
        ""
    );
}

#[test]
fn flows_without_stages() {
    let flow = |slug: &str, attrs: &str| {
        format!("- {{model: authentik_flows.flow, id: {slug}, identifiers: {{slug: {slug}}}, attrs: {{{attrs}}}}}\n")
    };
    let whole = |slug: &str, designation: &str| flow(slug, &format!("name: a, title: a, designation: {designation}"));
    let entries = [
        whole("empty", "authentication"),
        whole("enrol", "enrollment"),
        whole("consent", "authorization"),
        whole("logout", "invalidation"),
        whole("before-a-source", "stage_configuration"),
        flow("settings", "name: a, title: a, designation: stage_configuration, authentication: require_authenticated"),
        // It only changes a flow that is there.
        flow("there", "title: Welcome"),
        whole("filled", "authentication"),
        "- {model: authentik_stages_dummy.dummystage, id: dummy, identifiers: {name: dummy}}
- model: authentik_flows.flowstagebinding
  identifiers: {target: !KeyOf filled, stage: !KeyOf dummy, order: 0}
"
        .to_owned(),
        whole("gone", "authentication").replace("id: gone,", "id: gone, state: absent,"),
    ];
    snapshot!(lint_entries(&entries.concat()));
}

/// A login with a condition on its password stage.
fn login(identification: &str, designation: &str, condition: &str) -> String {
    let text = lint_entries(&format!(
        "- {{model: authentik_flows.flow, id: flow, identifiers: {{slug: login}}, attrs: {{name: a, title: a, designation: {designation}}}}}
- {{model: authentik_stages_password.passwordstage, id: password, identifiers: {{name: password}}, attrs: {{backends: [authentik.core.auth.InbuiltBackend]}}}}
- {{model: authentik_stages_identification.identificationstage, id: who, identifiers: {{name: who}}, attrs: {{user_fields: [email]{identification}}}}}
- {{model: authentik_stages_user_login.userloginstage, id: login, identifiers: {{name: login}}}}
- {{model: authentik_flows.flowstagebinding, identifiers: {{target: !KeyOf flow, stage: !KeyOf who, order: 1}}}}
- {{model: authentik_flows.flowstagebinding, id: asks, identifiers: {{target: !KeyOf flow, stage: !KeyOf password, order: 2}}}}
- {{model: authentik_flows.flowstagebinding, identifiers: {{target: !KeyOf flow, stage: !KeyOf login, order: 3}}}}
- {{model: authentik_policies_expression.expressionpolicy, id: policy, identifiers: {{name: p}}, attrs: {{expression: return True}}}}
- {{model: authentik_policies_password.passwordpolicy, id: other, identifiers: {{name: o}}, attrs: {{error_message: a}}}}
- {{model: authentik_core.group, id: group, identifiers: {{name: g}}}}
- model: authentik_policies.policybinding
  identifiers: {{order: 0, {condition}}}
"
    ));
    format!("{identification} {designation} {condition}\n{text}")
}

#[test]
fn passwords_that_can_be_skipped() {
    let asks = "target: !KeyOf asks";
    let cases = [
        login("", "authentication", &format!("{asks}, policy: !KeyOf policy")),
        login("", "authentication", &format!("{asks}, policy: !KeyOf policy, failure_result: false, negate: true")),
        login("", "authentication", &format!("{asks}, policy: !KeyOf policy, failure_result: true")),
        login("", "authentication", &format!("{asks}, policy: !KeyOf policy, enabled: false")),
        login("", "authentication", &format!("{asks}, policy: !KeyOf other, failure_result: true")),
        login("", "authentication", &format!("{asks}, group: !KeyOf group")),
        login("", "authentication", "target: !KeyOf flow, policy: !KeyOf policy"),
        login(", password_stage: !KeyOf password", "authentication", &format!("{asks}, policy: !KeyOf policy")),
        login("", "recovery", &format!("{asks}, policy: !KeyOf policy")),
    ];
    snapshot!(cases.concat());
}

#[test]
fn look_ups_by_names_to_read() {
    let groups = [
        "[authentik_flows.flow, [name, Welcome]]",
        "[authentik_flows.flow, [title__iexact, Welcome], [designation, authentication]]",
        "[authentik_flows.flow, [slug, welcome]]",
        "[authentik_flows.flow, [name, Welcome], [slug, welcome]]",
        "[authentik_core.user, [name, Sue]]",
        "[authentik_core.group, [name, crew]]",
        "[authentik_stages_dummy.dummystage, [name, dummy]]",
        "[authentik_core.nothing, [name, x]]",
        "[!Context model, [name, x]]",
    ];
    let entries: String = groups
        .iter()
        .map(|find| format!("- {{model: authentik_core.group, identifiers: {{name: g}}, attrs: {{attributes: {{a: !Find {find}}}}}}}\n"))
        .collect();
    let text = lint_entries(&entries);
    let text: Vec<&str> = text.lines().filter(|line| line.contains("find-by-display-name")).collect();
    snapshot!(text.join("\n"));
}

#[test]
fn what_comments_allow() {
    let entry = "- model: authentik_core.group
  identifiers: {name: a}
  attrs:
    name: b
    is_superusr: true
";
    let cases = [
        // The whole file, an entry, what begins below, the line itself.
        format!("# gatewright: allow(identifier-wins, unknown-attribute)\nentries:\n{entry}{entry}"),
        format!("entries:\n# gatewright: allow(identifier-wins, unknown-attribute)\n{entry}{entry}"),
        format!("entries:\n{}", entry.replace("  attrs:", "  # gatewright: allow( identifier-wins ,unknown-attribute ): as it was\n\n  # another\n  attrs:")),
        format!("entries:\n{}", entry.replace("name: b", "name: b # gatewright: allow(identifier-wins)")),
        // One of two codes, another place, the last line.
        format!("entries:\n{}", entry.replace("name: b", "name: b # gatewright: allow(identifier-wins, unknown-attribute)")),
        format!("entries:\n{entry}# gatewright: allow(identifier-wins)\n"),
        // What no comment is, and what is none of ours.
        format!("entries:\n{}# gatewright is nice, gatewright: allow(identifier-wins)\n", entry.replace("a}", "'# gatewright: allow(identifier-wins)'}")),
        // What is not understood.
        format!("# gatewright: allow(identifer-wins)\nentries:\n{entry}"),
        format!("# gatewright: alow(identifier-wins)\nentries:\n{entry}"),
        format!("# gatewright: allow(identifier-wins\nentries:\n{entry}"),
        // Errors.
        "entries:\n# gatewright: allow(unknown-attribute, unknown-state)\n- {model: authentik_core.group, state: gone, identifiers: {name: a, nmae: b}}\n".to_owned(),
        // Not of every mistake is it known here.
        "entries:\n# gatewright: allow(find-nothing)\n- {model: authentik_core.group, identifiers: {name: a}}\n".to_owned(),
        // What breaks off.
        format!("entries:\n{entry}- model: \"authentik\n# gatewright: allow(identifier-wins)\n"),
    ];
    let shown: Vec<String> = cases.iter().map(|text| format!("{text}=>\n{}", lint(text))).collect();
    snapshot!(shown.join("\n"));
}

/// A user whose password is `secret`, and a group with these attributes.
fn exposed(context: &str, secret: &str, attributes: &str) -> String {
    let text = lint(&format!(
        "context: {context}
entries:
- {{model: authentik_core.user, identifiers: {{username: sue}}, attrs: {{name: Sue, password: {secret}}}}}
- {{model: authentik_core.group, identifiers: {{name: g}}, attrs: {{attributes: {{x: {attributes}}}}}}}
"
    ));
    let telling = |line: &&str| line.contains("secret-exposed") || line.contains("env-looks-secret");
    let found: Vec<&str> = text.lines().filter(telling).collect();
    format!(
        "{context} {secret} {attributes}\n  {}\n",
        if found.is_empty() { "-".to_owned() } else { found.join("\n  ") }
    )
}

#[test]
fn secrets_that_everybody_sees() {
    let cases = [
        exposed("{}", "!Env VAULT", "!Env VAULT"),
        exposed("{}", "!Env [VAULT, x]", "[a, {b: !Env [VAULT, y]}]"),
        exposed("{}", "!File vault.txt", "!Format ['%s!', !File vault.txt]"),
        exposed("{}", "!Format ['%s-1', !Env VAULT]", "!If [!Env CHOICE, a, !Env VAULT]"),
        exposed("{v: !Env VAULT}", "!Context v", "!Context v"),
        exposed("{v: {deep: [!Env VAULT, open]}}", "!Context v.deep.0", "!Context v.deep"),
        exposed("{v: !Env VAULT}", "!Env VAULT", "!Enumerate [[1, 2], SEQ, !Format ['%s', !Context v]]"),
        exposed(
            "{all: [{n: a, p: !Env VAULT}]}",
            "!Env VAULT",
            "!Enumerate [!Context all, SEQ, !AtIndex [!Value 0, p]]",
        ),
        exposed("{}", "&vault hunter2", "*vault"),
        // What is beside a secret is none, and what only decides does not flow.
        exposed(
            "{all: [{n: a, p: !Env VAULT}]}",
            "!Env VAULT",
            "!Enumerate [!Context all, SEQ, !AtIndex [!Value 0, n]]",
        ),
        exposed("{v: {deep: [!Env VAULT, open]}}", "!Context v.deep.0", "!Context v.deep.1"),
        exposed("{}", "!Env VAULT", "!If [!Env VAULT, a, b]"),
        exposed("{}", "!Env VAULT", "!Condition [AND, !Env VAULT]"),
        exposed("{}", "!Env VAULT", "!Env OTHER"),
        exposed("{}", "!If [!Env CHOICE, !Env VAULT, null]", "!Env CHOICE"),
        exposed("{a: !Context b, b: !Context a}", "!Context a", "!Context b"),
        // A text of the context, where it is the secret as it stands.
        exposed("{v: hunter2}", "!Context v", "!Format ['%s!', !Context v]"),
        exposed("{v: {deep: [hunter2, open]}}", "!Context v.deep.0", "!Context v"),
        exposed("{v: {deep: [hunter2, open]}}", "!AtIndex [!Context v.deep, 0]", "!Context v.deep.1"),
        exposed("{v: hunter2, w: hunter2}", "!Context v", "!Context w"),
        exposed("{v: example.com}", "!Format ['%s-%s', !Context v, !Env VAULT]", "!Context v"),
        exposed("{v: none}", "!Env [VAULT, !Context v]", "!Context v"),
        exposed("{v: true}", "!Context v", "!Context v"),
        // What is read out of a text, and what a loop goes through.
        exposed("{}", "!AtIndex [!ParseJSON [!Env VAULT], key]", "!AtIndex [!ParseJSON [!Env VAULT], name]"),
        exposed("{}", "!Env VAULT", "!Enumerate [!ParseJSON [!Env VAULT], SEQ, !Value 0]"),
        exposed("{}", "!Env VAULT", "!Enumerate [[1, 2], MAP, [!Value 0, !Env VAULT]]"),
        exposed("{}", "!Env VAULT", "!Enumerate [[1, 2], SEQ, !Index 0]"),
        // A list that an alias repeats.
        exposed("{all: &all [a, !Env VAULT]}", "!Env VAULT", "*all"),
        // Names that sound like it.
        exposed("{}", "null", "[!Env DB_PASSWORD, !Env [api-token, none], !Env APIKEY]"),
        exposed("{k: !Env SIGNING_KEY}", "null", "!Context k"),
        exposed("{}", "null", "[!Env PUBLIC_KEY, !Env KEY_ID, !Env MONKEY, !Env TOKEN_URL, !Env PASSENGERS]"),
    ];
    snapshot!(cases.concat());
}

#[test]
fn secrets_of_entries_that_tags_give() {
    let user = "model: authentik_core.user, identifiers: {username: !AtIndex [!Value 0, n]}";
    let password = "password: !AtIndex [!Value 0, p]";
    let looped = |turns: &str, attrs: &str| {
        lint(&format!(
            "context: {{turns: [{turns}]}}\nentries: !Enumerate [!Context turns, SEQ, {{{user}, attrs: {{{attrs}}}}}]\n"
        ))
    };
    let cases = [
        // The name beside the secret is none.
        looped("{n: jo, p: !Env JO}, {n: al, p: !Env AL}", &format!("name: !AtIndex [!Value 0, n], {password}")),
        // The turns make the same mistake.
        looped("{n: jo, p: !Env JO}, {n: al, p: !Env AL}", &format!("name: !AtIndex [!Value 0, p], {password}")),
        looped("{n: jo, p: hunter2}", &format!("name: !AtIndex [!Value 0, p], {password}")),
        // All attributes at once.
        lint("context: {a: {name: !Env JO, password: !Env JO}}
entries:
- {model: authentik_core.user, identifiers: {username: a}, attrs: !Context a}
"),
        // A loop of which it is not known what it goes through.
        lint("context: {all: !Env JO}
entries:
- !Enumerate [!Context all, SEQ, {model: authentik_core.user, identifiers: {username: a}, attrs: {name: !Value 0, password: !Value 0}}]
"),
    ];
    snapshot!(cases.join("---\n"));
}

#[test]
fn secrets_that_one_file_passes_to_another() {
    let outer = "context: {vault: hunter2}
entries:
- model: authentik_blueprints.metaapplyblueprint
  attrs:
    identifiers: {name: inner}
    context: {pw: !Context vault, host: example.com, token: !Env VAULT}
";
    let inner = "metadata: {name: inner}
entries:
- {model: authentik_core.user, identifiers: {username: a}, attrs: {name: !Context host, password: !Context pw}}
- {model: authentik_core.group, identifiers: {name: b}, attrs: {attributes: {a: !Context pw, b: !Context token, c: !Context host}}}
- {model: authentik_core.user, identifiers: {username: c}, attrs: {name: !Context host, password: !Context token}}
";
    let files = sources(vec![file("outer.yaml", outer), file("inner.yaml", inner)]);
    let compilation = compile(&files, &UnknownWorld, &CHECK);
    snapshot!(findings_with_lints(&files, &compilation));
}

#[test]
fn secrets_of_objects_that_only_the_plan_knows() {
    let token = "!FindObject [authentik_core.token, [identifier, t]]";
    let cases = [
        format!("!AtIndex [{token}, key]"),
        format!("!AtIndex [{token}, description]"),
        format!("!AtIndex [!AtIndex [{token}, description], key]"),
        format!("!Enumerate [{token}, SEQ, !AtIndex [!Value 0, key]]"),
    ];
    let entry = |value: &String| {
        lint_entries(&format!(
            "- {{model: authentik_core.group, identifiers: {{name: g}}, attrs: {{attributes: {{x: {value}}}}}}}\n"
        ))
    };
    snapshot!(cases.iter().map(|value| format!("{value}\n{}", entry(value))).collect::<String>());
}

#[test]
fn a_secret_of_one_file_is_one_in_all() {
    let one = "entries:\n- {model: authentik_core.user, identifiers: {username: a}, attrs: {name: a, password: !Env VAULT}}\n";
    let two = "entries:\n- {model: authentik_core.group, identifiers: {name: !Env VAULT}}\n";
    let files = sources(vec![file("one.yaml", one), file("two.yaml", two)]);
    let compilation = compile(
        &files,
        &TestWorld { env: [("VAULT".to_owned(), "x".to_owned())].into(), ..TestWorld::default() },
        &PLAN,
    );
    snapshot!(findings_with_lints(&files, &compilation));
}

#[test]
fn ids_that_nothing_refers_to() {
    let group = |id: &str, attrs: &str| {
        format!("- {{model: authentik_core.group, id: {id}, identifiers: {{name: {id}}}, attrs: {{{attrs}}}}}\n")
    };
    let ids = |entries: String| {
        let sources = sources(vec![file("a.yaml", &format!("context: {{a: !KeyOf held}}\nentries:\n{entries}"))]);
        let compilation = compile(&sources, &UnknownWorld, &CHECK);
        show_findings(&sources, compilation.diagnostics.iter().filter(|found| found.code == Code::UnusedId))
    };
    let used = group("held", "") + &group("branch", "") + &group("permitted", "") + &group("top", "");
    let user = "- model: authentik_core.group
  identifiers: {name: x}
  attrs: {parent: !If [true, !KeyOf top, !KeyOf branch]}
  permissions: [{permission: view_group, role: !KeyOf [permitted]}]
";
    let computed = "- {model: authentik_core.group, identifiers: {name: y}, attrs: {parent: !KeyOf [!Env TOP]}}\n";
    let turns = "- !Enumerate [[a], SEQ, {model: authentik_core.group, id: left, identifiers: {name: !Value 0}}]\n";
    snapshot!(
        [
            ids(used.clone() + user),
            ids(used.clone() + user + &group("spare", "") + turns),
            ids(used + user + &group("spare", "") + computed),
        ]
        .join("---\n")
    );
}

#[test]
fn a_plan_says_nothing_about_idle_comments() {
    let text =
        "# gatewright: allow(unused-context)\nentries:\n- {model: authentik_core.group, identifiers: {name: a}}\n";
    let files = sources(vec![file("a.yaml", text)]);
    assert!(compile(&files, &TestWorld::default(), &PLAN).diagnostics.is_empty());
}
