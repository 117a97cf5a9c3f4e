//! Did-you-mean: the closest of some names.

/// The name that was probably meant, if one is close enough to be a slip of the keyboard.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len().min(name.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help that asks for it.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(name, candidates).map(|found| format!("did you mean `{found}`?"))
}

/// The noun with its article: `a flow`, `an identification stage`.
pub(crate) fn articled(noun: &str) -> String {
    // By sound: `a user`, `a one-time password`.
    let consonant = ["user", "uni", "one", "use", "uuid"].iter().any(|begin| noun.starts_with(begin));
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !consonant;
    format!("{} {noun}", if vowel { "an" } else { "a" })
}
