//! Slips that people make often: each is one finding, at its place, with the way to mend it.

use super::*;

fn slips(cases: &[&str]) -> String {
    let shown = |text: &&str| {
        let sources = sources(vec![SourceFile { named: true, ..file("a.yaml", text) }]);
        let found = findings(&sources, &compile(&sources, &UnknownWorld, &CHECK));
        format!("{}\n{found}\n", text.trim_end().replace('\t', "→"))
    };
    cases.iter().map(shown).collect::<Vec<_>>().join("---\n")
}

/// The attributes of a flow.
fn flows(attrs: &[&str]) -> String {
    let texts: Vec<String> = attrs
        .iter()
        .map(|attrs| {
            format!("entries:\n- model: authentik_flows.flow\n  identifiers: {{slug: f}}\n  attrs: {{name: F, title: F, designation: authentication}}\n  {attrs}\n")
        })
        .collect();
    slips(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn tabs_and_dashes() {
    snapshot!(slips(&[
        "entries:\n  - model: authentik_core.group\n\tidentifiers:\n      name: crew\n    attrs:\n      is_superuser: true\n",
        "entries:\n  - model: authentik_core.group\n\tidentifiers: {name: crew}\n    attrs: {is_superuser: true}\n",
        "entries:\n  - model: authentik_core.group\n    identifiers: {name: crew}\n    attrs:\n\tis_superuser: true\n",
        "entries:\n\t- model: authentik_core.group\n\t  identifiers:\n\t\t  name: crew\n\t  attrs: {is_superusr: true}\n",
        "entries:\n  - model: authentik_core.group\n\tidentifiers: {name: crew}\n",
        "entries:\n  - model: authentik_core.group\n\tidentifiers: {name: 'crew}\n    attrs: {is_superuser: true}\n",
        "entries:\n-model: authentik_core.group\n identifiers: {name: b}\n attrs: {is_superuser: true}\n",
        "entries:\n  -model: authentik_core.group\n   identifiers: {name: b}\n",
        "entries:\n  - model: authentik_core.group\n    identifiers: {name: b}\n  -model: authentik_core.group\n    identifiers: {name: c}\n",
    ]));
}

#[test]
fn quotes_that_are_none() {
    snapshot!(slips(&[
        "entries:\n- model: “authentik_core.group”\n  identifiers: {name: “crew”}\n  attrs: {is_superuser: ‘true’}\n",
        "entries:\n- model: authentik_core.group\n  identifiers: {name: „the \"crew\"“}\n  attrs: {attributes: {a: “quoted” here, b: \"“kept”\"}}\n",
    ]));
}

#[test]
fn keys_of_permissions() {
    let permissions = [
        "{perm: view_flow, user: 1}",
        "{permission: view_flow, usr: 1}",
        "{permission: view_flow, user: 1, group: x}",
        "{perms: view_flow, username: 1}",
        "{p: view_flow, user: 1}",
        "{permission: view_gruop, user: 1}",
        "{permission: authentik_flows.veiw_flow, user: 1}",
        "{permission: of_a_later_version, user: 1}",
    ];
    snapshot!(flows(&permissions.map(|one| format!("permissions: [{one}]")).each_ref().map(String::as_str)));
}

#[test]
fn permissions_of_roles() {
    let permissions = "[view_gruop, view_group, authentik_core.chnage_user, search_full_directory, later_one]";
    let role = format!(
        "entries:\n- {{model: authentik_rbac.role, identifiers: {{name: a}}, attrs: {{permissions: {permissions}}}}}\n"
    );
    snapshot!(slips(&[&role]));
}

#[test]
fn parts_of_a_blueprint_in_the_wrong_place() {
    snapshot!(slips(&[
        "version: 1\nmodel: authentik_core.group\nidentifiers: {name: a}\nattrs: {is_superuser: true}\n",
        "version: 1\nentries:\n- {model: authentik_core.group, identifiers: {name: a}}\nstate: absent\n",
        "entries:\n- {model: authentik_blueprints.metaapplyblueprint, identifiers: {name: a}}\n",
        "entries:\n- {model: authentik_blueprints.metaapplyblueprint, identifiers: {name: a}, attrs: {required: false}}\n",
        "metadata:\n  name: a\n  labels:\n    blueprints.goauthentik.io/instantate: 'false'\n    blueprint.goauthentik.io/description: a\n    instantiate: 'false'\n    example.org/instantiate: a\n    blueprints.goauthentik.io/owner: me\nentries:\n- {model: authentik_core.group, identifiers: {name: a}}\n",
    ]));
}

#[test]
fn parts_of_values() {
    snapshot!(slips(&[
        "entries:\n- model: authentik_stages_user_login.userloginstage\n  identifiers: {name: a}\n  attrs: {session_duration: 14d, remember_me_offset: 'hours:8', remember_device: 1h30m}\n",
        "entries:\n- model: authentik_stages_password.passwordstage\n  identifiers: {name: a}\n  attrs: {backends: [InbuiltBackend, Backend]}\n",
        "entries:\n- model: authentik_providers_saml.samlprovider\n  identifiers: {name: a}\n  state: absent\n  attrs: {digest_algorithm: sha256, signature_algorithm: rsa-sha256, sp_binding: pos}\n",
        "entries:\n- model: authentik_brands.brand\n  identifiers: {domain: a}\n  attrs: {flow_auth: !Context x}\n",
        "entries:\n- model: authentik_core.group\n  identifiers: {name: !Format ['{}-x', a]}\n- model: authentik_core.group\n  identifiers: {name: !Format ['${a}-{b}', a, b]}\n- model: authentik_core.group\n  identifiers: {name: !Format ['%s', a, b]}\n",
    ]));
}

#[test]
fn conditions_in_quotes() {
    snapshot!(flows(&["conditions: ['false']", "conditions: [false, 'no', 'yes', !Context x]"]));
}

#[test]
fn words_of_other_languages() {
    let policy = |text: &str| {
        format!(
            "entries:\n- model: authentik_policies_expression.expressionpolicy\n  identifiers: {{name: a}}\n  attrs:\n    expression: |\n      {}\n",
            text.replace('\n', "\n      ")
        )
    };
    let texts = [
        "return true",
        "return null if request else False",
        "if request.user\n    return True\nreturn False",
        "for x in []\n    pass",
    ];
    snapshot!(slips(&texts.map(policy).each_ref().map(String::as_str)));
}
