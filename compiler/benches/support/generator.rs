//! Blueprints of any length in the style of the ones that people write: the same text for the same length, always.
//!
//! Every turn is one tenant with its flow, stages, prompts, policies, bindings and notifications, 24 entries that refer
//! to each other as such entries do. No expressions: their cost hangs on their own text, not on the blueprint's.
//! Shared by the benches and by the tests of the compiler.

/// How many entries one turn adds.
pub(crate) const TURN: usize = 24;

/// A blueprint with at least so many entries: whole turns.
#[must_use]
pub(crate) fn blueprint(entries: usize) -> String {
    let mut text = String::from(HEAD);
    for tenant in 0..entries.div_ceil(TURN) {
        text.push_str(&BODY.replace("{T}", &format!("{tenant:05}")));
    }
    text
}

const HEAD: &str = "\
version: 1
metadata:
  name: Tenants
  labels:
    team: identity
context:
  backend: authentik.core.auth.InbuiltBackend
  session: hours=12
  support:
    mail: help@example.org
entries:
";

const BODY: &str = "\
  # Tenant {T}: the login, and what belongs to it
  - attrs:
      name: Welcome to tenant {T}
      title: Welcome to tenant {T}
      designation: authentication
      authentication: none
    identifiers:
      slug: tenant-{T}-authentication
    model: authentik_flows.flow
    id: tenant-{T}-flow
  - attrs:
      name: Change the password
      title: Change your password
      designation: stage_configuration
      authentication: require_authenticated
    identifiers:
      slug: tenant-{T}-password-change
    model: authentik_flows.flow
    id: tenant-{T}-password-flow
  - attrs:
      user_fields:
        - email
        - username
    identifiers:
      name: tenant-{T}-identification
    id: tenant-{T}-identification
    model: authentik_stages_identification.identificationstage
  - attrs:
      backends:
        - !Context backend
        - authentik.sources.ldap.auth.LDAPBackend
        - authentik.core.auth.TokenBackend
      configure_flow: !Find [authentik_flows.flow, [slug, tenant-{T}-password-change]]
    identifiers:
      name: tenant-{T}-password
    id: tenant-{T}-password
    model: authentik_stages_password.passwordstage
  - identifiers:
      name: tenant-{T}-mfa
    id: tenant-{T}-mfa
    model: authentik_stages_authenticator_validate.authenticatorvalidatestage
    attrs:
      not_configured_action: skip
      device_classes: [static, totp, webauthn]
  - attrs:
      session_duration: !Context session
    identifiers:
      name: tenant-{T}-login
    id: tenant-{T}-login
    model: authentik_stages_user_login.userloginstage
  - identifiers:
      order: 10
      stage: !KeyOf tenant-{T}-identification
      target: !KeyOf tenant-{T}-flow
    model: authentik_flows.flowstagebinding
  - identifiers:
      order: 20
      stage: !KeyOf tenant-{T}-password
      target: !KeyOf tenant-{T}-flow
    attrs:
      re_evaluate_policies: true
    model: authentik_flows.flowstagebinding
  - identifiers:
      order: 30
      stage: !KeyOf tenant-{T}-mfa
      target: !KeyOf tenant-{T}-flow
    model: authentik_flows.flowstagebinding
  - identifiers:
      order: 100
      stage: !KeyOf tenant-{T}-login
      target: !KeyOf tenant-{T}-flow
    model: authentik_flows.flowstagebinding
  # What people may say about themselves
  - attrs:
      order: 200
      placeholder: Username
      placeholder_expression: false
      initial_value: \"\"
      initial_value_expression: false
      required: true
      type: username
      field_key: username
      label: Username
    identifiers:
      name: tenant-{T}-field-username
    id: tenant-{T}-field-username
    model: authentik_stages_prompt.prompt
  - attrs:
      order: 201
      placeholder: Name
      placeholder_expression: false
      required: true
      type: text
      field_key: name
      label: Name
      sub_text: 'As it stands on your badge, tenant {T}'
    identifiers:
      name: tenant-{T}-field-name
    id: tenant-{T}-field-name
    model: authentik_stages_prompt.prompt
  - attrs:
      order: 202
      placeholder: Locale
      required: false
      type: ak-locale
      field_key: attributes.settings.locale
      label: Locale
    identifiers:
      name: tenant-{T}-field-locale
    id: tenant-{T}-field-locale
    model: authentik_stages_prompt.prompt
  - attrs:
      fields:
        - !KeyOf tenant-{T}-field-username
        - !KeyOf tenant-{T}-field-name
        - !KeyOf tenant-{T}-field-locale
    identifiers:
      name: tenant-{T}-settings
    id: tenant-{T}-settings
    model: authentik_stages_prompt.promptstage
  - attrs:
      user_creation_mode: never_create
    identifiers:
      name: tenant-{T}-write
    id: tenant-{T}-write
    model: authentik_stages_user_write.userwritestage
  - identifiers:
      order: 20
      stage: !KeyOf tenant-{T}-settings
      target: !KeyOf tenant-{T}-password-flow
    id: tenant-{T}-settings-binding
    model: authentik_flows.flowstagebinding
  - identifiers:
      order: 100
      stage: !KeyOf tenant-{T}-write
      target: !KeyOf tenant-{T}-password-flow
    model: authentik_flows.flowstagebinding
  # Who is told when a password is wrong too often
  - model: authentik_core.group
    id: tenant-{T}-admins
    identifiers:
      name: !Format [\"%s admins\", tenant-{T}]
    attrs:
      is_superuser: false
      attributes:
        mail: !Context support.mail
        tenant: \"{T}\"
        settings:
          theme:
            base: automatic
          locale: de
  - model: authentik_events.notificationtransport
    id: tenant-{T}-transport
    attrs:
      mode: email
      send_once: true
    identifiers:
      name: tenant-{T}-email
  - model: authentik_events.notificationrule
    id: tenant-{T}-rule
    identifiers:
      name: tenant-{T}-failures
    attrs:
      severity: alert
      destination_group: !KeyOf tenant-{T}-admins
      transports:
        - !KeyOf tenant-{T}-transport
  - attrs:
      action: login_failed
    id: tenant-{T}-failed
    identifiers:
      name: tenant-{T}-login-failed
    model: authentik_policies_event_matcher.eventmatcherpolicy
  - model: authentik_policies.policybinding
    identifiers:
      order: 0
      target: !KeyOf tenant-{T}-rule
      policy: !KeyOf tenant-{T}-failed
  - attrs:
      length_min: 10
      check_zxcvbn: true
      error_message: !Format [\"The passwords of tenant %s have ten characters\", \"{T}\"]
    identifiers:
      name: tenant-{T}-password-rules
    id: tenant-{T}-password-rules
    model: authentik_policies_password.passwordpolicy
  - model: authentik_policies.policybinding
    identifiers:
      order: 10
      target: !KeyOf tenant-{T}-settings-binding
      policy: !KeyOf tenant-{T}-password-rules
    attrs:
      enabled: !If [!Condition [AND, true, true], true, false]
      failure_result: true
";
