//! The list of models: one line each, and the look-ups by name.

use std::sync::LazyLock;

use super::model::{Model, closest};
use super::peer::PEER_MODELS;
use super::{blueprints, brands, core, crypto, events, flows, oauth2, outposts, policies, rbac, stages};

static REGISTRY: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let mut models = vec![
        Model::of::<brands::Brand>(),
        Model::of::<blueprints::MetaApplyBlueprint>(),
        Model::of::<core::Group>(),
        Model::of::<core::Token>(),
        Model::of::<core::User>(),
        Model::of::<crypto::CertificateKeyPair>(),
        Model::of::<events::NotificationRule>(),
        Model::of::<events::NotificationTransport>(),
        Model::of::<flows::Flow>(),
        Model::of::<flows::FlowStageBinding>(),
        Model::of::<oauth2::ScopeMapping>(),
        Model::of::<outposts::Outpost>(),
        Model::of::<policies::EventMatcherPolicy>(),
        Model::of::<policies::ExpressionPolicy>(),
        Model::of::<policies::PasswordPolicy>(),
        Model::of::<policies::PolicyBinding>(),
        Model::of::<rbac::Role>(),
        Model::of::<stages::AuthenticatorStaticStage>(),
        Model::of::<stages::AuthenticatorTotpStage>(),
        Model::of::<stages::AuthenticatorValidateStage>(),
        Model::of::<stages::AuthenticatorWebAuthnStage>(),
        Model::of::<stages::ConsentStage>(),
        Model::of::<stages::DenyStage>(),
        Model::of::<stages::DummyStage>(),
        Model::of::<stages::IdentificationStage>(),
        Model::of::<stages::PasswordStage>(),
        Model::of::<stages::RedirectStage>(),
        Model::of::<stages::UserLoginStage>(),
        Model::of::<stages::UserLogoutStage>(),
        Model::of::<stages::UserWriteStage>(),
        Model::of::<stages::prompt::Prompt>(),
        Model::of::<stages::prompt::PromptStage>(),
    ];
    models.sort_by_key(|model| model.name);
    models
});

static SORTED: LazyLock<Vec<&'static Model>> = LazyLock::new(|| REGISTRY.iter().collect());

/// Every model that there is, sorted by name.
#[must_use]
pub fn models() -> &'static [&'static Model] {
    &SORTED
}

/// The model of this name; the part after the dot may be in any case, as in `authentik_core.User`.
#[must_use]
pub fn model(name: &str) -> Option<&'static Model> {
    let name = canonical(name)?;
    models().iter().copied().find(|model| model.name == name)
}

/// Whether the peer has a model of this name, supported here or not.
#[must_use]
pub fn is_peer_model(name: &str) -> bool {
    canonical(name).is_some_and(|name| PEER_MODELS.binary_search(&name.as_str()).is_ok())
}

/// Every name of the peer, sorted.
pub(crate) fn peer_models() -> impl Iterator<Item = &'static str> {
    PEER_MODELS.iter().copied()
}

/// The name that was probably meant.
#[must_use]
pub fn suggest(name: &str) -> Option<&'static str> {
    closest(name, PEER_MODELS.iter().copied())
        .and_then(|found| PEER_MODELS.iter().copied().find(|peer| *peer == found))
        .or_else(|| by_last_part(name))
}

/// `flow`, `flows.flow` and `authentik_core.flow` mean the only model that ends in `.flow`.
fn by_last_part(name: &str) -> Option<&'static str> {
    let last = name.rsplit('.').next()?.to_lowercase();
    let mut ending = PEER_MODELS.iter().copied().filter(|peer| peer.rsplit('.').next() == Some(&last));
    ending.next().filter(|_| ending.next().is_none())
}

fn canonical(name: &str) -> Option<String> {
    let (app, model) = name.split_once('.')?;
    Some(format!("{app}.{}", model.to_lowercase()))
}
