//! One evaluator, every tag: what it gives, and what it says when it is misused.

use super::*;

/// What `attributes` of a group becomes, with a context and a world.
fn value(context: &str, value: &str) -> String {
    let world = TestWorld {
        env: [("SET", "from-env"), ("EMPTY", "")].map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        files: [("secret.txt".to_owned(), FileAnswer::Text("  text of the file\n".to_owned()))].into(),
        ..TestWorld::with("authentik_flows.flow", json!({"slug": "there"}), 7)
    };
    let text = format!(
        "context: {context}\nentries:\n- {{model: authentik_core.group, id: other, identifiers: {{name: other}}, attrs: {{attributes: {{}}}}}}\n- model: authentik_core.group\n  identifiers: {{name: g}}\n  attrs:\n    attributes:\n      x: {value}\n"
    );
    let result = plan(vec![file("a.yaml", &text)], &world);
    let prefix = "group attributes={x: ";
    let mut lines: Vec<&str> = result.lines().filter(|line| !line.contains("name=\"other\"")).collect();
    let object = lines.pop().unwrap().trim_start_matches(prefix).trim_end_matches("}, name=\"g\"").to_owned();
    let shown = lines.iter().map(|line| format!("\n    {line}")).collect::<String>();
    format!("{value}\n  = {object}{shown}\n")
}

fn table(context: &str, values: &[&str]) -> String {
    values.iter().map(|text| value(context, text)).collect()
}

#[test]
fn env_and_file() {
    snapshot!(table(
        "{}",
        &[
            "!Env SET",
            "!Env [SET, other]",
            "!Env EMPTY",
            "!Env [EMPTY, default]",
            "!Env [UNSET, !Format [\"%s\", 1]]",
            "!Env [UNSET, null]",
            "!Env UNSET",
            "!Env []",
            "!Env [a, b, c]",
            "!Env {a: b}",
            "!Env",
            "!File secret.txt",
            "!File missing.txt",
            "!File [missing.txt, default]",
        ]
    ));
}

#[test]
fn context() {
    let context = "{a: 1, list: [x, {y: z}], map: {k: v}, nothing: null, chain: !Context a, \"d.e\": dotted, loop: !Context loop, goauthentik.io/enterprise/licensed: true}";
    snapshot!(table(
        context,
        &[
            "!Context a",
            "!Context [a, 2]",
            "!Context list",
            "!Context list.1.y",
            "!Context map.k",
            "!Context map.nope",
            "!Context d.e",
            "!Context nothing",
            "!Context [nothing, 1]",
            "!Context chain",
            "!Context loop",
            "!Context [nope, !Context a]",
            "!Context lst",
            "!Context goauthentik.io/enterprise/licensed",
        ]
    ));
}

#[test]
fn format() {
    snapshot!(table(
        "{}",
        &[
            "!Format [\"%s-%s\", a, 1]",
            "!Format [\"%d %5.2f %x %X %o %r %c %%\", 42, 3.14159, 255, 255, 8, \"it's\", A]",
            "!Format [\"%05d|%-5s|%+d|%e|%g\", -42, ab, 7, 12345.678, 0.0001]",
            "!Format [\"%s %s %s\", null, true, 1.0]",
            "!Format [\"%s\", [1, \"a\", {b: c}]]",
            "!Format [\"%.2s\", abc]",
            "!Format [\"%s\"]",
            "!Format [\"x\", 1]",
            "!Format [\"%d\", a]",
            "!Format [\"%q\", a]",
            "!Format [\"100%\", a]",
            "!Format [\"%s\", !Env SET]",
            "!Format text",
        ]
    ));
}

#[test]
fn conditions() {
    snapshot!(table(
        "{}",
        &[
            "!Condition [AND, true, 1]",
            "!Condition [and, true, 0]",
            "!Condition [OR, \"\", [], {}, null]",
            "!Condition [OR, \"false\"]",
            "!Condition [NAND, true, true]",
            "!Condition [NOR, false]",
            "!Condition [XOR, true, true, true]",
            "!Condition [XNOR, true, true]",
            "!Condition [EQ, 1, 1, true]",
            "!Condition [NEQ, a, b]",
            "!Condition [AND, !KeyOf other]",
            "!Condition [NOR, !Find [authentik_flows.flow, [slug, nope]]]",
            "!Condition [AND, !Find [authentik_flows.flow, [slug, there]]]",
            "!Condition [ANDD, 1]",
            "!Condition [AND]",
            "!If [1]",
            "!If [0, [!KeyOf nope], {a: !Format [\"%s\", 2]}]",
            "!If [1, 2]",
        ]
    ));
}

#[test]
fn loops() {
    let context = "{names: [a, b], groups: {one: {users: [x, y]}, two: {users: [z]}}}";
    snapshot!(table(
        context,
        &[
            "!Enumerate [!Context names, SEQ, !Format [\"%s%d\", !Value 0, !Index 0]]",
            "!Enumerate [{k: v}, MAP, [!Value 0, !Index 0]]",
            "!Enumerate [[1, 2], MAP, {all: [!Value 0]}]",
            "!Enumerate [!Context groups, MAP, [!Index 0, !Enumerate [!AtIndex [!Value 1, users], SEQ, !Format [\"%s/%s\", !Index 1, !Value 0]]]]",
            "!Format [\"%s\", !Enumerate [[1], SEQ, !Value 0]]",
            "!Enumerate [ab, SEQ, !Value 0]",
            "!Enumerate [[], SEQ, !Value 0]",
            "!Enumerate [5, SEQ, !Value 0]",
            "!Enumerate [[1], LIST, !Value 0]",
            "!Enumerate [[1], MAP, !Value 0]",
            "!Enumerate [!Value 0, SEQ, 1]",
            "!Enumerate [[1], SEQ, !Value 1]",
            "!Value 0",
            "!Index x",
        ]
    ));
}

#[test]
fn parts_and_json() {
    snapshot!(table(
        "{}",
        &[
            "!AtIndex [[a, b], 1]",
            "!AtIndex [[a, b], -1]",
            "!AtIndex [{a: b}, a]",
            "!AtIndex [[a], 5, default]",
            "!AtIndex [null, 5, default]",
            "!AtIndex [[a], 5]",
            "!AtIndex [text, 5]",
            "!ParseJSON '{\"a\": [1, null, 2.5]}'",
            "!ParseJSON [!Format [\"[%d]\", 1]]",
            "!ParseJSON '{'",
        ]
    ));
}

#[test]
fn references_and_unknown_tags() {
    snapshot!(table(
        "{}",
        &[
            "!KeyOf other",
            "!KeyOf othr",
            "!KeyOf [other]",
            "!Find [authentik_core.group, [name, other]]",
            "!Find [authentik_core.Group, [name, other], [attributes, {}]]",
            "!Find [authentik_flows.flow, [slug, there]]",
            "!Find [authentik_flows.flow, [slug, nope]]",
            "!Find [authentik_flows.flwo, [slug, nope]]",
            "!Find [authentik_flows.flow, slug, nope]",
            "!Find [authentik_flows.flow, [slug]]",
            "!Find authentik_flows.flow",
            "!Keyof other",
            "[{deep: [!KeyOf other]}]",
            "!FindObject [authentik_flows.flow, [slug, there]]",
            "!Find [authentik_flows.flow, [slgu, there]]",
            "!Find [authentik_flows.flow, [slug__iexcat, there], [nmae__iexact, x]]",
            "!Find [authentik_flows.flow, [slug__iexact, there]]",
            "!Find [authentik_flows.flow, [pk, 00000000-0000-0000-0000-000000000007]]",
            "!Find [authentik_core.group, [attributes__a__b, 1]]",
            "!Find [authentik_flows.flowstagebinding, [target__slug, there], [target__slgu__in, [a]], [order__x, 1]]",
            "!Find [authentik_flows.stage, [nmae, x]]",
        ]
    ));
}

#[test]
fn growth_is_bounded() {
    let mut context = "{c0: [x, x, x, x, x, x, x, x]".to_owned();
    for n in 1..12 {
        let before = n - 1;
        context.push_str(&format!(
            ", c{n}: [!Context c{before}, !Context c{before}, !Context c{before}, !Context c{before}]"
        ));
    }
    context.push('}');
    assert!(value(&context, "!Context c11").contains("error too-complex: this entry evaluates to more than"));
}

#[test]
fn nothing_is_known_in_a_check() {
    snapshot!(check_entries(
        "- model: authentik_core.group
  conditions: [!Env A, !Find [authentik_core.group, [name, x]]]
  identifiers: {name: !Env A}
  attrs:
    is_superuser: !Env [B, no]
    roles: !Enumerate [!Env C, SEQ, !Value 0]
    attributes: {a: !File f, b: !Format [\"%s\", !Env D]}
"
    ));
}
