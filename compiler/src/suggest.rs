//! Did-you-mean: the closest of some names.

/// The name that was probably meant, if one is close enough to be a slip of the keyboard.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.chars().count();
            let shorter = other.min(length);
            let most = (shorter / 3).max(1);
            // No need to compare letters where the lengths alone are too far apart.
            if other.abs_diff(length) > most {
                return None;
            }
            let distance = strsim::osa_distance(&wanted, &candidate.to_lowercase());
            (distance <= most && distance < shorter).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help that asks for it.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(name, candidates).map(|found| format!("did you mean `{found}`?"))
}

/// The noun with its article: `a flow`, `an identification stage`, `an LDAP source`.
pub(crate) fn articled(noun: &str) -> String {
    // By sound: `a user`, `a one-time password`, `an SMS`.
    let consonant = ["user", "uni", "one", "use", "uuid"].iter().any(|begin| noun.starts_with(begin));
    let spelt = ["LDAP", "SMS"].iter().any(|begin| noun.starts_with(begin));
    let vowel = spelt || noun.to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u']) && !consonant;
    format!("{} {noun}", if vowel { "an" } else { "a" })
}
