//! All models, from the list of each folder, and the look-ups by name.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use super::model::Model;
use super::peer::{LATER_MODELS, PEER_MODELS};
use super::{
    blueprints, brands, core, crypto, devices, enterprise, events, flows, outposts, policies, providers, rbac, sources,
    stages, tasks, tenants,
};
use crate::suggest::closest;

/// How many answers to wrong names are remembered.
const REMEMBERED: usize = 1000;

static REGISTRY: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let groups = [
        blueprints::models(),
        brands::models(),
        core::models(),
        crypto::models(),
        devices::models(),
        enterprise::models(),
        events::models(),
        flows::models(),
        outposts::models(),
        policies::models(),
        providers::models(),
        rbac::models(),
        sources::models(),
        stages::models(),
        tasks::models(),
        tenants::models(),
    ];
    let mut models: Vec<Model> = groups.into_iter().flatten().collect();
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
    canonical(name)
        .is_some_and(|name| PEER_MODELS.binary_search(&name.as_str()).is_ok() || LATER_MODELS.contains(&name.as_str()))
}

/// Every name of the peer, sorted.
pub(crate) fn peer_models() -> impl Iterator<Item = &'static str> {
    PEER_MODELS.iter().copied()
}

/// The name that was probably meant. A file that says it wrong says it often, so answers are remembered.
#[must_use]
pub fn suggest(name: &str) -> Option<&'static str> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Option<&'static str>>>> = LazyLock::new(Mutex::default);
    if let Ok(known) = KNOWN.lock()
        && let Some(answer) = known.get(name)
    {
        return *answer;
    }
    let answer = by_last_part(name).or_else(|| by_containment(name)).or_else(|| by_letters(name));
    if let Ok(mut known) = KNOWN.lock() {
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(name.to_owned(), answer);
    }
    answer
}

fn by_letters(name: &str) -> Option<&'static str> {
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned).unwrap_or_default();
    let wanted = last(name);
    // A long app name must not hide that the model itself is another one.
    let fits = |peer: &&str| closest(&wanted, [last(peer).as_str()]).is_some();
    let found = closest(name, PEER_MODELS.iter().copied().filter(fits))?;
    PEER_MODELS.iter().copied().find(|peer| *peer == found)
}

/// `flow`, `flows.flow` and `authentik_core.flow` mean the only model that ends in `.flow`.
fn by_last_part(name: &str) -> Option<&'static str> {
    let last = name.rsplit('.').next()?.to_lowercase();
    only(|peer| peer == last)
}

/// `loginstage` means the only model whose name holds it.
fn by_containment(name: &str) -> Option<&'static str> {
    let last = name.rsplit('.').next()?.to_lowercase();
    only(|peer| (last.len() >= 5 && peer.ends_with(&last)) || (last.len() >= 8 && peer.contains(&last)))
}

/// The only model whose part after the dot is so; one of this version before the others.
fn only(test: impl Fn(&str) -> bool) -> Option<&'static str> {
    let fits = |peer: &&'static str| peer.rsplit('.').next().is_some_and(&test);
    let one = |mut found: Box<dyn Iterator<Item = &'static str> + '_>| found.next().filter(|_| found.next().is_none());
    one(Box::new(models().iter().map(|model| model.name).filter(fits)))
        .or_else(|| one(Box::new(PEER_MODELS.iter().copied().filter(fits))))
}

fn canonical(name: &str) -> Option<String> {
    let (app, model) = name.split_once('.')?;
    Some(format!("{app}.{}", model.to_lowercase()))
}
