//! The shipped set: it is without mistakes, is applied once and for all, and every flow of it that can run here runs.

use crate::support::sandbox::Sandbox;

#[test]
fn it_is_without_mistakes() {
    let sandbox = Sandbox::new();
    let report = sandbox.run(&["check", "--format", "json"]).expect(0).json();
    assert_eq!(report["summary"]["errors"], 0, "{report}");
    assert!(report["summary"]["entries"].as_u64().unwrap() > 50, "{report}");
}

#[test]
fn it_is_applied_once_and_for_all() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["apply"]).expect(0);
    assert!(run.stdout.contains("applied as revision 1"), "{}", run.stdout);
    let run = sandbox.run(&["plan", "--detailed-exitcode"]).expect(0);
    assert!(run.stdout.contains("nothing to do"), "{}", run.stdout);
}

#[test]
fn it_has_the_names_that_others_look_up() {
    let sandbox = Sandbox::new();
    let plan = sandbox.run(&["plan", "--format", "json"]).expect(0).json();
    let changes = plan["changes"].as_array().unwrap();
    let names: Vec<(&str, String)> = changes
        .iter()
        .map(|change| {
            let key = change["key"].as_str().unwrap().to_owned();
            let slug = change["model"] == "authentik_flows.flow";
            let name = change["fields"]["name"]["after"].as_str().filter(|_| !slug);
            (change["model"].as_str().unwrap(), name.map_or(key, str::to_owned))
        })
        .collect();
    for (model, key) in [
        ("authentik_flows.flow", "default-authentication-flow"),
        ("authentik_flows.flow", "default-invalidation-flow"),
        ("authentik_flows.flow", "default-password-change"),
        ("authentik_flows.flow", "default-user-settings-flow"),
        ("authentik_flows.flow", "default-provider-authorization-implicit-consent"),
        ("authentik_flows.flow", "default-provider-authorization-explicit-consent"),
        ("authentik_flows.flow", "default-provider-invalidation-flow"),
        ("authentik_flows.flow", "initial-setup"),
        ("authentik_crypto.certificatekeypair", "authentik Self-signed Certificate"),
        ("authentik_outposts.outpost", "authentik Embedded Outpost"),
        ("authentik_core.group", "authentik Admins"),
        ("authentik_providers_saml.samlpropertymapping", "authentik default SAML Mapping: UPN"),
        ("authentik_providers_scim.scimmapping", "authentik default SCIM Mapping: User"),
        ("authentik_sources_ldap.ldapsourcepropertymapping", "authentik default LDAP Mapping: mail"),
    ] {
        assert!(names.contains(&(model, key.to_owned())), "there is no {model} {key}");
    }
    assert!(names.iter().any(|(model, _)| *model == "authentik_brands.brand"));
    let mappings = names.iter().filter(|(model, _)| *model == "authentik_providers_oauth2.scopemapping").count();
    assert!(mappings >= 4, "{mappings} scope mappings");
}
