//! Several files: one program, in layers, whatever the order.

use super::*;

fn layer(path: &str, layer: u32, text: &str) -> SourceFile {
    SourceFile { layer, ..file(path, text) }
}

const FLOW: &str = "entries:\n- {model: authentik_flows.flow, id: f, identifiers: {slug: f}, attrs: {name: F, title: F, designation: authentication}}\n";

#[test]
fn needed_objects_come_first_whatever_the_order() {
    snapshot!(plan(
        vec![
            file(
                "a.yaml",
                "entries:\n- {model: authentik_flows.flowstagebinding, id: b, identifiers: {target: !Find [authentik_flows.flow, [slug, f]], stage: !KeyOf s, order: 10}}\n- {model: authentik_stages_identification.identificationstage, id: s, identifiers: {name: s}}\n- {model: authentik_policies.policybinding, identifiers: {target: !Find [authentik_flows.flowstagebinding, [target, !Find [authentik_flows.flow, [name, F]]], [order, 10]], policy: !Find [authentik_policies.policy, [name, p]], order: 0}}\n"
            ),
            file("b.yaml", FLOW),
            file(
                "c.yaml",
                "entries:\n- {model: authentik_policies_expression.expressionpolicy, identifiers: {name: p}, attrs: {expression: return True}}\n"
            ),
        ],
        &TestWorld::default()
    ));
}

#[test]
fn higher_layers_win_field_by_field() {
    snapshot!(plan(
        vec![
            layer("low.yaml", 0, FLOW),
            layer(
                "high.yaml",
                1,
                "entries:\n- {model: authentik_flows.flow, identifiers: {slug: f}, attrs: {title: Mine, layout: stacked}}\n"
            ),
            layer(
                "top.yaml",
                2,
                "entries:\n- {model: authentik_flows.flow, state: created, identifiers: {slug: f}, attrs: {name: F, title: Top}}\n"
            ),
        ],
        &TestWorld::default()
    ));
}

#[test]
fn siblings_and_conflicts() {
    let named = |path, n, text| SourceFile { named: true, ..layer(path, n, text) };
    let other = "entries:\n- {model: authentik_flows.flow, identifiers: {slug: f}, attrs: {name: G, title: F}}\n";
    snapshot!(plan(vec![named("a.yaml", 1, FLOW), named("b.yaml", 2, other)], &TestWorld::default()));
    snapshot!(plan(vec![layer("a.yaml", 1, FLOW), layer("b.yaml", 1, other)], &TestWorld::default()));
    let absent = "entries:\n- {model: authentik_flows.flow, state: absent, identifiers: {slug: f}}\n";
    snapshot!(plan(vec![layer("a.yaml", 1, FLOW), layer("b.yaml", 1, absent)], &TestWorld::default()));
    snapshot!(plan(vec![layer("a.yaml", 1, FLOW), layer("b.yaml", 2, absent)], &TestWorld::default()));
}

#[test]
fn the_same_object_by_another_key() {
    snapshot!(plan(
        vec![
            layer("low.yaml", 0, FLOW),
            layer(
                "high.yaml",
                1,
                "entries:\n- {model: authentik_flows.flow, id: g, identifiers: {name: F}, attrs: {slug: f, layout: sidebar_left}}\n- {model: authentik_brands.brand, identifiers: {domain: d}, attrs: {flow_authentication: !KeyOf g}}\n"
            ),
        ],
        &TestWorld::default()
    ));
}

const BRAND: &str = "entries:\n- model: authentik_brands.brand\n  state: created\n  identifiers: {domain: authentik-default, default: true}\n  conditions:\n  - !Condition [NOR, !Find [authentik_brands.brand, [default, True]]]\n";

#[test]
fn conditions_do_not_see_their_own_object() {
    let files = || vec![layer("shipped.yaml", 0, BRAND), layer("peer.yaml", 1, BRAND)];
    insta::assert_snapshot!(plan(files(), &TestWorld::default()), @r#"created brand default?=true, domain?="authentik-default""#);
    let world = TestWorld::with("authentik_brands.brand", json!({"default": true}), 9);
    insta::assert_snapshot!(plan(files(), &world), @r#"dormant created brand default?=true, domain?="authentik-default""#);
    let other = "entries:\n- {model: authentik_brands.brand, identifiers: {domain: other}, attrs: {default: true}}\n";
    snapshot!(plan(vec![layer("a.yaml", 0, BRAND), layer("b.yaml", 0, other)], &TestWorld::default()));
}

/// As in the peer's own blueprint for the brand, which changes the one that is the default.
#[test]
fn identifiers_that_are_no_whole_key_mean_what_holds_them() {
    let titled =
        "entries:\n- {model: authentik_brands.brand, identifiers: {default: true}, attrs: {branding_title: Mine}}\n";
    snapshot!(plan(vec![layer("a.yaml", 0, BRAND), layer("b.yaml", 1, titled)], &TestWorld::default()));
    let moved =
        "entries:\n- {model: authentik_brands.brand, identifiers: {default: true}, attrs: {domain: example.org}}\n";
    snapshot!(plan(vec![layer("a.yaml", 0, BRAND), layer("b.yaml", 1, moved)], &TestWorld::default()));
    let stages = "entries:\n- {model: authentik_stages_identification.identificationstage, id: s, identifiers: {name: s}}\n- {model: authentik_stages_identification.identificationstage, id: t, identifiers: {name: t}}\n";
    let binding = |stage| {
        format!(
            "entries:\n- {{model: authentik_flows.flowstagebinding, identifiers: {{target: !Find [authentik_flows.flow, [slug, f]], order: 10}}, attrs: {{stage: !Find [authentik_stages_identification.identificationstage, [name, {stage}]]}}}}\n"
        )
    };
    let (lower, upper) = (binding("s"), binding("t"));
    let whole = lower.replace("order: 10}, attrs: {stage:", "order: 10, stage:");
    for upper_layer in [0, 1] {
        snapshot!(plan(
            vec![
                layer("a.yaml", 0, FLOW),
                layer("b.yaml", 0, stages),
                layer("c.yaml", 0, &whole),
                layer("d.yaml", upper_layer, &upper),
            ],
            &TestWorld::default()
        ));
    }
}

#[test]
fn written_keys() {
    let world = TestWorld::with("authentik_flows.flow", json!({}), 7);
    snapshot!(plan(
        vec![file(
            "a.yaml",
            "entries:\n- {model: authentik_brands.brand, identifiers: {domain: d}, attrs: {flow_authentication: 00000000-0000-0000-0000-000000000007, flow_recovery: 00000000-0000-0000-0000-000000000008, flow_invalidation: 00000000-0000-0000-0000-000000000009}}\n- {model: authentik_flows.flow, identifiers: {pk: 00000000-0000-0000-0000-000000000009}, attrs: {slug: f, name: F, title: F, designation: invalidation}}\n"
        )],
        &world
    ));
}

#[test]
fn files_on_demand() {
    let label = "metadata: {name: Demand, labels: {blueprints.goauthentik.io/instantiate: \"false\"}}\n";
    let demand = format!(
        "{label}entries:\n- {{model: authentik_brands.brand, identifiers: {{domain: d}}, attrs: {{flow_authentication: !Find [authentik_flows.flow, [slug, f]], nope: 1}}}}\n"
    );
    let files = || vec![layer("a.yaml", 0, FLOW), layer("demand.yaml", 0, &demand)];
    let checked = sources(files());
    snapshot!(findings(&checked, &compile(&checked, &UnknownWorld, &CHECK)));
    insta::assert_snapshot!(plan(files(), &TestWorld::default()));
    let included = vec![layer("a.yaml", 0, FLOW), SourceFile { included: true, ..layer("demand.yaml", 0, &demand) }];
    snapshot!(plan(included, &TestWorld::default()));
}

#[test]
fn object_permissions_and_merged_identifiers() {
    snapshot!(plan(
        vec![file(
            "a.yaml",
            "entries:\n- {model: authentik_rbac.role, id: r, identifiers: {name: r}}\n- {model: authentik_core.group, identifiers: {name: g, attributes: {a: [1]}}, attrs: {attributes: {a: [1, 2], b: 3}}, permissions: [{permission: view_group, role: !KeyOf r}]}\n"
        )],
        &TestWorld::default()
    ));
}

/// Work grows with the text: ten thousand entries in one file, each naming the one before.
#[test]
fn many_entries() {
    let mut text = String::from("entries:\n");
    for n in 0..10_000 {
        let parent = if n == 0 { "null".to_owned() } else { format!("!KeyOf g{}", n - 1) };
        text.push_str(&format!(
            "- {{model: authentik_core.group, id: g{n}, identifiers: {{name: g{n}}}, attrs: {{parent: {parent}}}}}\n"
        ));
    }
    let sources = sources(vec![file("a.yaml", &text)]);
    let compilation = compile(&sources, &TestWorld::default(), &PLAN);
    assert_eq!(compilation.desired.objects.len(), 10_000);
    assert!(!compilation.has_errors());
}

#[test]
fn a_policy_binding_has_one_condition() {
    let base = "entries:\n- {model: authentik_flows.flow, id: f, identifiers: {slug: f}, attrs: {name: F, title: F, designation: authentication}}\n- {model: authentik_core.group, id: g, identifiers: {name: g}}\n- {model: authentik_policies_expression.expressionpolicy, id: p, identifiers: {name: p}, attrs: {expression: return True}}\n";
    let binding = |fields: &str| {
        let entry = format!(
            "- {{model: authentik_policies.policybinding, identifiers: {{target: !KeyOf f, order: 0}}, attrs: {{{fields}}}}}\n"
        );
        layer("low.yaml", 0, &format!("{base}{entry}"))
    };
    let shown = |file: SourceFile, high: Option<&str>| {
        let mut files = vec![file];
        files.extend(high.map(|fields| {
            let text = format!("entries:\n- {{model: authentik_policies.policybinding, identifiers: {{target: !Find [authentik_flows.flow, [slug, f]], order: 0}}, attrs: {{{fields}}}}}\n");
            layer("high.yaml", 1, &text)
        }));
        let sources = sources(files);
        findings(&sources, &compile(&sources, &UnknownWorld, &CHECK))
    };
    let results = [
        shown(binding("policy: !KeyOf p"), None),
        shown(binding("policy: !Find [authentik_policies.policy, [name, elsewhere]]"), None),
        shown(binding("enabled: true"), None),
        shown(binding("policy: null"), None),
        shown(binding("policy: !KeyOf p, group: !KeyOf g"), None),
        shown(binding("policy: !KeyOf p"), Some("group: !Find [authentik_core.group, [name, g]]")),
        shown(binding("policy: !KeyOf p"), Some("policy: null, group: !Find [authentik_core.group, [name, g]]")),
        shown(binding("policy: !KeyOf p"), Some("enabled: false")),
    ];
    snapshot!(results.join("---\n"));
}

#[test]
fn an_object_is_shown_where_its_presence_was_decided() {
    let low = "entries:\n- {model: authentik_core.group, id: g, identifiers: {name: g}}\n- {model: authentik_core.group, identifiers: {name: h}, attrs: {parent: !KeyOf g}}\n";
    let high = "entries:\n- model: authentik_core.group\n  state: absent\n  identifiers: {name: g}\n";
    let sources = sources(vec![layer("low.yaml", 0, low), layer("high.yaml", 1, high)]);
    let compilation = compile(&sources, &TestWorld::default(), &PLAN);
    let group = compilation.desired.objects.iter().find(|object| object.presence == Presence::Absent).unwrap();
    assert_eq!(sources.text(group.span), "absent");
    snapshot!(findings(&sources, &compilation));
}
