//! One file: its shape, its entries against their models, and every code that a single file can bring about.

use super::*;

fn cases(cases: &[&str]) -> String {
    // A file that was named is meant to be a blueprint, however little of one it is.
    let check = |text: &str| {
        let sources = sources(vec![SourceFile { named: true, ..file("a.yaml", text) }]);
        findings(&sources, &compile(&sources, &UnknownWorld, &CHECK))
    };
    let shown = |text: &&str| format!("{}\n{}\n", text.trim_end(), check(text));
    cases.iter().map(shown).collect::<Vec<_>>().join("---\n")
}

fn entries(cases: &[&str]) -> String {
    let shown = |text: &&str| format!("{}\n{}\n", text.trim_end(), check_entries(text));
    cases.iter().map(shown).collect::<Vec<_>>().join("---\n")
}

#[test]
fn documents() {
    snapshot!(cases(&[
        "",
        "# nothing\n",
        "hello",
        "- 1",
        "{}",
        "version: 1\nentries: []\n",
        "version: '1'\n",
        "version: 2\n",
        "versoin: 1\n",
        "metadata: {labels: {a: 1}, nam: x}\n",
        "context: null\n",
        "entries: null\n",
        "entries: !Context x\n",
        "entries: {one: [], two: {model: x}}\n",
        "a: [1\n",
        "a: 1\n---\nb: 1\n",
        "entries:\n  - a\n",
        "größe: [ä, *nope]\n",
    ]));
}

#[test]
fn entry_parts() {
    snapshot!(entries(&[
        "- identifiers: {slug: a}\n",
        "- model: 5\n",
        "- model: authentik_flows.flow\n",
        "- model: authentik_flows.flow\n  identifiers: {}\n",
        "- model: authentik_flows.flow\n  identifiers: !Context x\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: a}\n  attrs: null\n  id: 5\n  state: presnt\n  atrs: {}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: a}\n  state: Absent\n",
        "- model: authentik_flows.flwo\n  identifiers: {slug: a}\n",
        "- model: flow\n  identifiers: {slug: a}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: a}\n  permissions: [{permission: view_flow}, {role: x}, x, {permission: view_flow, rol: x, role: x}]\n",
        "- !If [true, {model: x}]\n",
        "- model: !Format [\"authentik_%s.group\", core]\n  identifiers: {name: a}\n  state: !If [true, created, x]\n",
        "- model: !Format [\"%s\"]\n  identifiers: {name: a}\n",
    ]));
}

const FLOW: &str = "- {model: authentik_flows.flow, id: flow, identifiers: {slug: f}, attrs: {name: F, title: F, designation: authentication}}\n";

fn with_flow(cases: &[&str]) -> String {
    let shown = |text: &&str| format!("{}\n{}\n", text.trim_end(), check_entries(&format!("{FLOW}{text}")));
    cases.iter().map(shown).collect::<Vec<_>>().join("---\n")
}

#[test]
fn object_permissions() {
    snapshot!(with_flow(&[
        "- {model: authentik_core.group, identifiers: {name: a}, permissions: [{permission: view_group, role: !KeyOf flow}, {permission: 5, user: 1}, {permission: x, user: akadmin}]}\n",
    ]));
}

#[test]
fn attributes() {
    snapshot!(with_flow(&[
        "- model: authentik_flows.flow\n  identifiers: {slug: b}\n  attrs: {name: B, titel: B, designation: authenticaton}\n",
        "- model: authentik_flows.flow\n  identifiers: {slgu: b}\n  attrs: {name: B}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: b}\n  attrs: {name: [B], title: B, designation: authentication, compatibility_mode: \"true\"}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: größe}\n  attrs: {name: \"grün\", title: {a: 1}, designation: authentication}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: b}\n  state: must_created\n",
        "- model: authentik_flows.flowstagebinding\n  identifiers: {target: !KeyOf flow, stage: !KeyOf flow, order: ten}\n",
        "- model: authentik_flows.flowstagebinding\n  identifiers: {target: flow, stage: 00000000-0000-0000-0000-000000000007, order: \"10\"}\n",
        "- model: authentik_flows.flowstagebinding\n  identifiers: {target: null, stage: [], order: 1}\n",
        "- model: authentik_stages_prompt.promptstage\n  identifiers: {name: p}\n  attrs: {fields: !KeyOf flow}\n",
        "- model: authentik_stages_prompt.promptstage\n  identifiers: {name: p}\n  attrs: {fields: [!KeyOf flow, nope]}\n",
    ]));
}

#[test]
fn values_that_cannot_be_held() {
    snapshot!(entries(&[
        "- model: authentik_core.group\n  identifiers: {name: 99999999999999999999}\n  attrs: {attributes: {a: .inf, b: [-.INF, .nan], c: 0xFFFFFFFFFFFFFFFFFF, d: -9223372036854775809, e: 9223372036854775807, f: '.inf'}}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: a}\n  attrs: {slug: b, name: A, title: A, designation: recovery}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: a, name: !Env A}\n  attrs: {slug: a, name: A, title: A, designation: recovery}\n",
    ]));
}

#[test]
fn expressions_are_shown_inside_their_text() {
    snapshot!(entries(&[
        "- model: authentik_policies_expression.expressionpolicy\n  identifiers: {name: p}\n  attrs:\n    expression: |\n      größe = 1\n      return ((größe\n",
        "- model: authentik_policies_expression.expressionpolicy\n  identifiers: {name: p}\n  attrs:\n    expression: return no_such_name\n",
        "- model: authentik_policies_expression.expressionpolicy\n  identifiers: {name: p}\n  attrs:\n    expression: \"x = 1\\nreturn no_such_name\"\n",
        "- model: authentik_stages_prompt.prompt\n  identifiers: {name: p}\n  attrs: {field_key: a, label: a, type: text, initial_value: 'Hello (', initial_value_expression: false}\n",
        "- model: authentik_stages_prompt.prompt\n  identifiers: {name: p}\n  attrs: {field_key: a, label: a, type: text, initial_value: 'return (', initial_value_expression: true}\n",
    ]));
}

#[test]
fn ids_and_circles() {
    snapshot!(with_flow(&[
        "- {model: authentik_core.group, id: flow, identifiers: {name: a}}\n",
        "- {model: authentik_core.group, id: flow, identifiers: {name: a}}\n- {model: authentik_brands.brand, identifiers: {domain: d}, attrs: {flow_authentication: !KeyOf flow}}\n",
        "- {model: authentik_core.group, id: a, identifiers: {name: a}, attrs: {parent: !KeyOf b}}\n- {model: authentik_core.group, id: b, identifiers: {name: b}, attrs: {parent: !KeyOf c}}\n- {model: authentik_core.group, id: c, identifiers: {name: c}, attrs: {parent: !KeyOf a}}\n",
        "- {model: authentik_core.group, id: a, identifiers: {name: a}, attrs: {parent: !KeyOf a}}\n",
        "- {model: authentik_core.group, id: a, state: absent, identifiers: {name: a}}\n- {model: authentik_core.group, identifiers: {name: b}, attrs: {parent: !KeyOf a}}\n",
        "- {model: authentik_core.group, id: a, conditions: [false], identifiers: {name: a}}\n- {model: authentik_core.group, identifiers: {name: b}, attrs: {parent: !KeyOf a}}\n",
        "- {model: authentik_crypto_secrets.secret, id: a, identifiers: {name: a}}\n- {model: authentik_core.group, id: b, identifiers: {name: b}, attrs: {parent: !KeyOf a}}\n- {model: authentik_core.group, identifiers: {name: c}, attrs: {parent: !KeyOf b}}\n",
        "- {model: authentik_core.group, identifiers: {name: b}, attrs: {parent: !Find [authentik_crypto_secrets.secret, [name, a]]}}\n",
        "- {model: authentik_blueprints.metaapplyblueprint, attrs: {identifiers: {name: Nope}}}\n- {model: authentik_blueprints.metaapplyblueprint, attrs: {identifiers: {name: Nope}, required: false}}\n- {model: authentik_blueprints.metaapplyblueprint, attrs: {identifiers: {path: blueprints/a.yaml}}}\n",
    ]));
}

#[test]
fn strict_makes_errors_of_slips() {
    let sources = sources(vec![file(
        "a.yaml",
        "versoin: 1\nversoin: 2\nentries: [{model: authentik_core.group, identifiers: {name: a}, attrs: {nope: 1}}]\n",
    )]);
    let count = |strict| compile(&sources, &UnknownWorld, &Options { strict, ..CHECK }).summary;
    assert_eq!((count(false).errors, count(false).warnings), (0, 3));
    assert_eq!((count(true).errors, count(true).warnings), (3, 0));
}

#[test]
fn what_yaml_does_not_take() {
    snapshot!(cases(&[
        "entries:\n- model: a\n  identifiers:\n\tslug: x\n",
        "entries:\n- model: a\n\tstate: absent\n",
        "a:\n\tb: 2\n",
        "a: |\n\tb\n",
        "a: \"abc\nb: 2\nc: 3\n",
        "a: 'it''s'\nb: 'abc\nc: 'd'\n",
        "a: 'it's'\nb: 1\n",
        "a: \"b\"c\n",
        "entries:\n  -model: x\n   identifiers: {}\n",
        "entries:\n-model: x\n",
        "entries:\n- model: x\n-model: y\n",
        "a: \"b\u{1b}c\"\n",
        "a: b\u{1}c\n",
        "\u{0}a\u{0}:\u{0}\n",
        "a\u{0}:\u{0}\n",
        "yes: 1\non: 2\nentries: []\n",
        "null: 1\n~: 2\nentries: []\n",
        "version: 1.0\n",
        "version: 0x1\n",
        "version: 1_0\n",
        "entries: 5.0\n",
    ]));
}

#[test]
fn one_finding_for_one_cause() {
    snapshot!(entries(&[
        "- model: authentik_core.group\n  state:\n  identifiers: {name: a}\n",
        "- model: authentik_core.group\n  identifiers: {name: !KeyOf }\n",
        "- model: authentik_core.group\n  identifiers: {name: !Context nope}\n  attrs: {is_superuser: !Context [x.y, 5], parent: !Context nope}\n",
        "- model: authentik_flows.flow\n  identifiers: {slgu: a}\n  attrs: {name: A, title: A, designation: recovery}\n",
        "- model: authentik_flows.flow\n  id: f\n  identifiers: {slug: a}\n  attrs: {name: !KeyOf f, title: A, designation: recovery}\n",
        "- model: authentik_flows.flowstagebinding\n  identifiers: {target: !KeyOf nope, stage: !Find [authentik_flows.stag, [name, x]], order: 0}\n",
        "- model: authentik_core.nope\n  state: nope\n",
        "- model: authentik_core.nope\n",
    ]));
}

#[test]
fn addresses_certificates_and_doubles() {
    snapshot!(entries(&[
        "- model: authentik_stages_redirect.redirectstage\n  identifiers: {name: r}\n  attrs: {mode: static, target_static: 'javascript:alert(1)'}\n",
        "- model: authentik_stages_redirect.redirectstage\n  identifiers: {name: r}\n  attrs: {mode: static, target_static: 'HTTPS://example.org/a:b'}\n",
        "- model: authentik_stages_redirect.redirectstage\n  identifiers: {name: r}\n  attrs: {mode: static, target_static: '/path?next=a:b'}\n",
        "- model: authentik_flows.flow\n  identifiers: {slug: f}\n  attrs: {name: F, title: F, designation: recovery, background: 'data:image/png;base64,AAAA'}\n",
        "- model: authentik_crypto.certificatekeypair\n  identifiers: {name: c}\n  attrs: {certificate_data: hello, key_data: hunter2}\n",
        "- model: authentik_crypto.certificatekeypair\n  identifiers: {name: c}\n  attrs:\n    certificate_data: |\n      -----BEGIN CERTIFICATE-----\n      AAAA\n      -----END CERTIFICATE-----\n    key_data: !File key.pem\n",
        "- {model: authentik_brands.brand, identifiers: {domain: a}, attrs: {default: true}}\n- {model: authentik_brands.brand, identifiers: {domain: b}, attrs: {default: true}}\n- {model: authentik_brands.brand, identifiers: {domain: c}, attrs: {default: false}}\n",
        "- {model: authentik_core.user, identifiers: {username: ada}, attrs: {name: A}}\n- {model: authentik_core.user, identifiers: {username: Ada}, attrs: {name: A}}\n",
    ]));
}

#[test]
fn keys_in_the_wrong_column() {
    snapshot!(entries(&[
        "- model: authentik_core.group\n  identifiers:\n  name: a\n  attrs:\n  is_superuser: [no]\n  parent: null\n",
        "- modle: authentik_core.group\n  identifers: {nam: a}\n",
        "- model: authentik_core.group\n  identifiers: {name: a}\n  is_superuser: true\n  atrs: {parent: 5}\n",
        "- model: authentik_flows.flow\n  identifiers:\n    slug: a\n    attrs: {name: A}\n",
        "- model: authentik_core.group\n  state: absent\n  identifiers: {name: a}\n  attrs: {is_superusr: true, parent: {}}\n",
    ]));
    snapshot!(cases(&[
        "version: 1\nmetadata:\nname: x\nlabels: {a: 1}\nentries: []\n",
        "metadata: {nam: x}\nentires: []\n"
    ]));
}

#[test]
fn what_was_probably_meant() {
    snapshot!(with_flow(&[
        "- {model: authentik_brands.brand, identifiers: {domain: d}, attrs: {flow_authentication: !Find [authentik_flows.flow, [slug, ff]], flow_recovery: !Find [authentik_flows.flow, [slug, somewhere-else]]}}\n",
        "- {model: authentik_brands.brand, identifiers: {domain: d}, attrs: {flow_authentication: !Find [authentik_flows.flow, [designation, authenticaton]], flow_recovery: !Find [authentik_flows.flow, [compatibility_mode, maybe]]}}\n",
        "- {model: authentik_core.group, identifiers: {name: \"a}, attrs: {parent: null}}\n",
        "- {model: authentik_core.group, identifiers: {name: a\"}, attrs: {parent: null}}\n- {model: authentik_core.group, identifiers: {name: the users', }}\n",
        "- model: authentik_providers_oauth2.oauth2provider\n  identifiers: {name: p}\n  attrs:\n    redirect_uris: [{matching_mode: strict, uri: 'https://a'}, {matching_mode: strict, url: 'https://a', x: 1}]\n",
    ]));
    snapshot!(cases(&[
        "context: {colour: !Contxt other, unused: !Format ['%s']}\nentries:\n- {model: authentik_core.group, identifiers: {name: !Context color}}\n",
        "context: {x: &x [1], y: &y {a: b}}\nentries:\n- {model: authentik_core.group, identifiers: {name: *x}, attrs: {is_superuser: *y, parent: *z}}\n",
    ]));
}
