//! Did-you-mean: the closest of some names.
//!
//! Few names are compared one by one; of many only those that one slip leads to, and some of their neighbours in the
//! alphabet, so that a file with many wrong names among many right ones is still read in one go.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How many names are compared one by one.
const FEW: usize = 256;

/// How far apart two names are, if it can be a slip of the keyboard.
fn distance(wanted: &str, candidate: &str) -> Option<usize> {
    let (length, other) = (wanted.chars().count(), candidate.chars().count());
    let most = (other.min(length) / 3).max(1);
    // No need to compare letters where the lengths alone are too far apart.
    if other.abs_diff(length) > most {
        return None;
    }
    let distance = strsim::osa_distance(wanted, &candidate.to_lowercase());
    (distance <= most && distance < other.max(length)).then_some(distance)
}

/// The name that was probably meant, if one is close enough to be a slip of the keyboard. Of equally close ones that
/// which begins alike, then the first of the alphabet.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let alike = |candidate: &str| wanted.bytes().zip(candidate.bytes()).take_while(|(one, other)| one == other).count();
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(&wanted, candidate)?, candidate)))
        .min_by_key(|(distance, candidate)| (*distance, usize::MAX - alike(candidate), *candidate))
        .map(|(_, candidate)| candidate)
}

/// The only name of which this is a part, as `sha256` is of `http://…#sha256`: whole words of it, else its begin.
pub(crate) fn whole_of<'a>(part: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = part.to_lowercase();
    if wanted.len() < 3 {
        return None;
    }
    let ends = |text: &str| !text.starts_with(|c: char| c.is_alphanumeric());
    let begins = |text: &str| !text.ends_with(|c: char| c.is_alphanumeric());
    let (mut words, mut heads) = (Vec::new(), Vec::new());
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        if lower.starts_with(&wanted) {
            heads.push(candidate);
        }
        let halves = lower.match_indices(&wanted).map(|(at, _)| (lower.get(..at), lower.get(at + wanted.len()..)));
        if halves.into_iter().any(|(before, after)| before.is_some_and(begins) && after.is_some_and(ends)) {
            words.push(candidate);
        }
    }
    match (words.as_slice(), heads.as_slice()) {
        ([one], _) | (_, [one]) => Some(one),
        _ => None,
    }
}

/// The help that asks for it.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(name, candidates).map(|found| format!("did you mean `{found}`?"))
}

/// Many names, to be asked often.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    sorted: Vec<Cow<'a, str>>,
    /// The names by what is left of them without one letter: two names that one slip makes equal share such a rest.
    rests: HashMap<u64, Vec<u32>>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(names: impl IntoIterator<Item = impl Into<Cow<'a, str>>>) -> Self {
        let mut sorted: Vec<Cow<'a, str>> = names.into_iter().map(Into::into).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut rests: HashMap<u64, Vec<u32>> = HashMap::new();
        if sorted.len() > FEW {
            for (at, name) in (0..).zip(&sorted) {
                rests_of(&name.to_lowercase(), |rest| rests.entry(rest).or_default().push(at));
            }
        }
        Self { sorted, rests }
    }

    /// The name that was probably meant.
    pub(crate) fn closest(&self, name: &str) -> Option<&str> {
        if self.sorted.len() <= FEW {
            return closest(name, self.sorted.iter().map(AsRef::as_ref));
        }
        let mut near = Vec::new();
        rests_of(&name.to_lowercase(), |rest| {
            near.extend(
                self.rests.get(&rest).into_iter().flatten().take(FEW).filter_map(|at| self.sorted.get(*at as usize)),
            );
        });
        let place = self.sorted.partition_point(|known| &**known < name);
        let around = place.saturating_sub(FEW / 4)..(place + FEW / 4).min(self.sorted.len());
        near.extend(self.sorted.get(around).unwrap_or_default());
        closest(name, near.into_iter().map(AsRef::as_ref))
    }
}

/// The hashes of a name and of what is left of it without each of its letters. The longest names are left alone.
fn rests_of(name: &str, mut take: impl FnMut(u64)) {
    let hash = |before: &str, after: &str| {
        let mut hasher = DefaultHasher::new();
        before.bytes().chain(after.bytes()).for_each(|byte| byte.hash(&mut hasher));
        hasher.finish()
    };
    take(hash(name, ""));
    if name.len() > FEW {
        return;
    }
    for (at, letter) in name.char_indices() {
        if let (Some(before), Some(after)) = (name.get(..at), name.get(at + letter.len_utf8()..)) {
            take(hash(before, after));
        }
    }
}

/// The noun with its article: `a flow`, `an identification stage`, `an LDAP source`.
pub(crate) fn articled(noun: &str) -> String {
    // By sound: `a user`, `a one-time password`, `an SMS`.
    let consonant = ["user", "uni", "one", "use", "uuid"].iter().any(|begin| noun.starts_with(begin));
    let spelt = ["LDAP", "SMS"].iter().any(|begin| noun.starts_with(begin));
    let vowel = spelt || noun.to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u']) && !consonant;
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood() {
        let names = ["id", "model", "identifiers", "attrs", "state"];
        for (wrong, right) in
            [("di", "id"), ("d", "id"), ("modle", "model"), ("identifers", "identifiers"), ("Atrs", "attrs")]
        {
            assert_eq!(closest(wrong, names), Some(right), "{wrong}");
        }
        assert_eq!(closest("x", names), None);
        assert_eq!(closest("policy", names), None);
    }

    #[test]
    fn parts_are_understood() {
        let names = [
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
            "a.b.InbuiltBackend",
        ];
        assert_eq!(whole_of("sha256", names), Some(names[0]));
        assert_eq!(whole_of("inbuiltbackend", names), Some(names[2]));
        assert_eq!(whole_of("Backend", names), None);
        assert_eq!(whole_of("http", names), None);
        assert_eq!(whole_of("flow_auth", ["flow_authentication", "flow_recovery"]), Some("flow_authentication"));
    }

    #[test]
    fn many_names_are_searched_as_few_are() {
        let many: Vec<String> = (0..5000).map(|n| format!("group-{}-{n}", n * 7919 % 5000)).collect();
        let names = Names::new(many.iter().map(String::as_str));
        for name in many.iter().step_by(97) {
            for wrong in [
                format!("{name}x"),
                name.replacen("ou", "uo", 1),
                name.replacen('g', "h", 1),
                name.replacen("up", "u", 1),
            ] {
                assert_eq!(names.closest(&wrong), Some(name.as_str()), "{wrong}");
            }
        }
        assert_eq!(names.closest("something else"), None);
    }
}
