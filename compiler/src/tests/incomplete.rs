//! Guards that are left out: what they guarded carries why.

use super::*;

const BASE: &str = "entries:
- {model: authentik_flows.flow, id: flow, identifiers: {slug: f}, attrs: {name: F, title: F, designation: authentication}}
- {model: authentik_stages_user_login.userloginstage, id: login, identifiers: {name: login}}
- {model: authentik_flows.flowstagebinding, id: binding, identifiers: {target: !KeyOf flow, stage: !KeyOf login, order: 100}}
- {model: authentik_policies_dummy.dummypolicy, id: dummy, identifiers: {name: dummy}}
- {model: authentik_stages_captcha.captchastage, id: captcha, identifiers: {name: captcha}}
";

fn shown(entries: &[&str]) -> String {
    let cases = entries.iter().map(|entries| {
        let result = plan(vec![file("a.yaml", &format!("{BASE}{entries}"))], &TestWorld::default());
        format!("{entries}{result}")
    });
    cases.collect::<Vec<_>>().join("---\n")
}

#[test]
fn what_is_guarded_denies() {
    snapshot!(shown(&[
        "- {model: authentik_policies.policybinding, identifiers: {target: !KeyOf flow, policy: !KeyOf dummy, order: 0}}\n",
        "- {model: authentik_policies.policybinding, identifiers: {target: !KeyOf binding, order: 0}, attrs: {policy: !Find [authentik_policies_geoip.geoippolicy, [name, g]]}}\n",
        "- {model: authentik_flows.flowstagebinding, id: b, identifiers: {target: !Find [authentik_flows.flow, [slug, f]], stage: !KeyOf captcha, order: 20}}\n- {model: authentik_policies.policybinding, identifiers: {target: !KeyOf b, policy: !KeyOf dummy, order: 0}}\n",
        "- {model: authentik_stages_prompt.prompt, id: p, identifiers: {name: p}, attrs: {field_key: p, label: P, type: text}}\n- {model: authentik_stages_prompt.promptstage, id: ps, identifiers: {name: ask}, attrs: {fields: [!KeyOf p], validation_policies: [!KeyOf dummy]}}\n- {model: authentik_flows.flowstagebinding, identifiers: {target: !KeyOf flow, stage: !KeyOf ps, order: 30}}\n",
    ]));
}

#[test]
fn what_guards_nothing_is_no_loss() {
    for entry in [
        "- {model: authentik_policies.policybinding, identifiers: {target: !KeyOf flow, policy: !KeyOf dummy, order: 0}, attrs: {enabled: false}}\n",
        "- {model: authentik_policies.policybinding, state: absent, identifiers: {target: !KeyOf flow, policy: !KeyOf dummy, order: 0}}\n",
        "- {model: authentik_brands.brand, identifiers: {domain: d}, attrs: {default_application: !Find [authentik_core.application, [slug, a]]}}\n",
    ] {
        assert!(!shown(&[entry]).contains("deny"), "{entry}");
    }
}

#[test]
fn a_change_that_is_left_out_counts_too() {
    let layer = |path: &str, layer, text: String| SourceFile { layer, ..file(path, &text) };
    let low = format!(
        "{BASE}- {{model: authentik_stages_prompt.prompt, id: p, identifiers: {{name: p}}, attrs: {{field_key: p, label: P, type: text}}}}\n- {{model: authentik_stages_prompt.promptstage, id: ps, identifiers: {{name: ask}}, attrs: {{fields: [!KeyOf p]}}}}\n- {{model: authentik_flows.flowstagebinding, identifiers: {{target: !KeyOf flow, stage: !KeyOf ps, order: 30}}}}\n"
    );
    let high = "entries:\n- {model: authentik_policies_dummy.dummypolicy, id: d, identifiers: {name: d}}\n- {model: authentik_stages_prompt.promptstage, identifiers: {name: ask}, attrs: {validation_policies: [!KeyOf d]}}\n";
    snapshot!(plan(vec![layer("low.yaml", 0, low), layer("high.yaml", 1, high.to_owned())], &TestWorld::default()));
}

#[test]
fn a_target_that_only_the_database_has_is_refused() {
    let world = TestWorld::with("authentik_flows.flow", json!({"slug": "there"}), 7);
    let text = "entries:\n- {model: authentik_policies_dummy.dummypolicy, id: d, identifiers: {name: d}}\n- {model: authentik_policies.policybinding, identifiers: {target: !Find [authentik_flows.flow, [slug, there]], policy: !KeyOf d, order: 0}}\n";
    snapshot!(plan(vec![file("a.yaml", text)], &world));
}

#[test]
fn a_blueprint_cannot_write_it() {
    let entry = "- {model: authentik_flows.flow, identifiers: {slug: f}, attrs: {name: F, title: F, designation: recovery, incomplete: []}}\n";
    assert!(check_entries(entry).contains("a flow has no attribute `incomplete`"));
    assert!(check_entries(&entry.replace("incomplete: []", "nope: 1")).contains("`nope`"));
    assert!(!check_entries(&entry.replace("incomplete: []", "nope: 1")).contains("`incomplete`"));
}
