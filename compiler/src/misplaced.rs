//! Keys that stand in the wrong column or are misspelt: reported once, and read as what they are meant to be.
//!
//! Knows no model. Only what is an error anyway is read differently from how it is written.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::suggest::closest;
use crate::yaml::{Kind, Pair, Pairs, Plain};

/// The keys of a map: all that it may have, those that hold maps, and those without which it is nothing.
pub(crate) struct Keys {
    pub(crate) known: &'static [&'static str],
    pub(crate) maps: &'static [&'static str],
    pub(crate) required: &'static [&'static str],
}

/// Puts keys where they belong: under the key before them that holds nothing, or to the name that is missing.
pub(crate) fn settle<'t>(whose: &str, pairs: Pairs<'t>, keys: &Keys, found: &mut Vec<Diagnostic>) -> Pairs<'t> {
    let known = |name: &str| keys.known.contains(&name);
    if pairs.iter().all(|(name, ..)| known(name)) {
        return pairs;
    }
    let has: Vec<&str> = keys.known.iter().copied().filter(|it| pairs.iter().any(|(name, ..)| name == it)).collect();
    let mut settled: Vec<Pair<'t>> = Vec::new();
    // Where the key stands that takes what follows, and what it took.
    let mut holder: Option<usize> = None;
    let mut taken: Vec<(usize, Pair<'t>)> = Vec::new();
    for (name, key, value) in pairs {
        if known(&name) {
            let holds = keys.maps.contains(&&*name) && value.tag.is_none() && value.plain() == Some(Plain::Null);
            holder = holds.then_some(settled.len());
            settled.push((name, key, value));
            continue;
        }
        if let Some((at, (holder, ..))) = holder.and_then(|at| Some((at, settled.get(at)?))) {
            if taken.iter().all(|(other, _)| *other != at) {
                let message = format!("`{name}` stands beside `{holder}`, which holds nothing");
                let help = format!("indent it further than `{holder}` if it belongs there");
                found.push(Diagnostic::at(Code::Shape, key, message).help(help));
            }
            taken.push((at, (name, key, value)));
            continue;
        }
        let free = keys.known.iter().copied().filter(|known| !has.contains(known));
        // One entry is still a list of them.
        let one = keys.known.iter().copied().find(|known| *known == "entries" && name == "entry");
        let meant = one.or_else(|| closest(&name, free)).filter(|meant| keys.required.contains(meant));
        let Some(meant) = meant.filter(|meant| !settled.iter().any(|(known, ..)| known == meant)) else {
            settled.push((name, key, value));
            continue;
        };
        found.push(
            Diagnostic::at(Code::UnknownField, key, format!("{whose} has no key `{name}`, and needs `{meant}`"))
                .severity(Severity::Error)
                .help(format!("did you mean `{meant}`?")),
        );
        settled.push((meant.into(), key, value));
    }
    for (at, (_, _, value)) in settled.iter_mut().enumerate() {
        if taken.iter().any(|(other, _)| *other == at) {
            let (own, others): (Vec<_>, Vec<_>) = std::mem::take(&mut taken).into_iter().partition(|(it, _)| *it == at);
            value.kind = Kind::Map(own.into_iter().map(|(_, pair)| pair).collect());
            taken = others;
        }
    }
    settled.into()
}
