//! Functions that need nothing but their arguments; the sandbox suspends for them and goes on at once.
//!
//! What they are called within the sandbox is in `prelude/functions.py`.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use fancy_regex::Regex;
use monty_types::{ExcType, MontyException, MontyObject};

use crate::pattern::{self, MatchError};
use crate::quote;

/// Compiled patterns of one expression: most are constants.
pub(crate) type Patterns = Mutex<HashMap<String, Arc<Regex>>>;
const MAX_PATTERNS: usize = 64;

/// Names of pure functions.
pub(crate) const PURE: &[&str] = &[
    "_gw_regex_match",
    "_gw_regex_replace",
    "_gw_slugify",
    "_gw_url_quote",
    "_gw_url_unquote",
    "_gw_ip",
    "_gw_ip_number",
    "_gw_ip_network",
];

/// Answers a call.
pub(crate) fn call(
    name: &str,
    args: &[MontyObject],
    patterns: &Patterns,
    until: Instant,
) -> Result<MontyObject, MontyException> {
    match name {
        "_gw_regex_match" => {
            let (value, regex) = (string(args, 0)?, string(args, 1)?);
            let found = compiled(regex, patterns)?.is_match(value).map_err(|_| slow())?;
            Ok(MontyObject::Bool(found))
        }
        "_gw_regex_replace" => {
            let (value, regex, template) = (string(args, 0)?, string(args, 1)?, string(args, 2)?);
            let regex = compiled(regex, patterns)?;
            pattern::replace(&regex, value, template, until).map(MontyObject::String).map_err(|error| match error {
                MatchError::Slow => slow(),
                MatchError::Large => raise(ExcType::MemoryError, "the text is too large"),
                MatchError::Template(message) => raise(ExcType::RePatternError, message),
            })
        }
        "_gw_slugify" => Ok(MontyObject::String(slugify(string(args, 0)?))),
        "_gw_url_quote" => Ok(MontyObject::String(quote::quote(string(args, 0)?, string(args, 1)?))),
        "_gw_url_unquote" => Ok(MontyObject::String(quote::unquote(string(args, 0)?))),
        "_gw_ip" => {
            let text = string(args, 0)?;
            let message = || format!("'{text}' does not appear to be an IPv4 or IPv6 address");
            text.parse().map(address).map_err(|_| raise(ExcType::ValueError, message()))
        }
        "_gw_ip_number" => number(args),
        "_gw_ip_network" => network(string(args, 0)?, matches!(args.get(1), Some(MontyObject::Bool(true)))),
        _ => Err(raise(ExcType::NameError, format!("name '{name}' is not defined"))),
    }
}

pub(crate) fn raise(kind: ExcType, message: impl Into<String>) -> MontyException {
    MontyException::new(kind, Some(message.into()))
}

fn slow() -> MontyException {
    raise(ExcType::RuntimeError, "the regular expression takes too long")
}

fn string(args: &[MontyObject], index: usize) -> Result<&str, MontyException> {
    match args.get(index) {
        Some(MontyObject::String(text)) => Ok(text),
        other => {
            let kind = other.map_or("nothing", MontyObject::type_name);
            Err(raise(ExcType::TypeError, format!("expected string, got '{kind}'")))
        }
    }
}

fn compiled(regex: &str, patterns: &Patterns) -> Result<Arc<Regex>, MontyException> {
    let mut known = patterns.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(regex) {
        return Ok(found.clone());
    }
    let made = Arc::new(pattern::compile(regex).map_err(|message| raise(ExcType::RePatternError, message))?);
    if known.len() >= MAX_PATTERNS {
        known.clear();
    }
    known.insert(regex.to_owned(), made.clone());
    Ok(made)
}

/// Lower case, words joined by hyphens, nothing but ASCII.
fn slugify(text: &str) -> String {
    let mut made = String::new();
    for char in text.to_lowercase().chars().flat_map(base) {
        match char {
            'a'..='z' | '0'..='9' | '_' => made.push(char),
            _ if (char.is_whitespace() || char == '-') && !made.ends_with('-') => made.push('-'),
            _ => {}
        }
    }
    made.trim_matches(['-', '_']).to_owned()
}

/// The letters of Latin scripts without their marks; what has no such form is dropped by the caller.
fn base(char: char) -> impl Iterator<Item = char> {
    const MARKED: &[(&str, &str)] = &[
        ("àáâãäåāăąǎȁȃȧ", "a"),
        ("çćĉċč", "c"),
        ("ďḋḍ", "d"),
        ("èéêëēĕėęěȅȇ", "e"),
        ("ĝğġģǧ", "g"),
        ("ĥȟ", "h"),
        ("ìíîïĩīĭįǐȉȋ", "i"),
        ("ĵǰ", "j"),
        ("ķǩ", "k"),
        ("ĺļľ", "l"),
        ("ñńņňǹ", "n"),
        ("òóôõöōŏőǒȍȏȯ", "o"),
        ("ŕŗřȑȓ", "r"),
        ("śŝşšș", "s"),
        ("ţťț", "t"),
        ("ùúûüũūŭůűųǔȕȗ", "u"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
        ("ﬁ", "fi"),
        ("ﬂ", "fl"),
        ("ﬀ", "ff"),
        ("²", "2"),
        ("³", "3"),
        ("¹", "1"),
    ];
    let found = MARKED.iter().find(|(marked, _)| marked.contains(char)).map(|(_, plain)| *plain);
    let alone = found.is_none().then_some(char);
    found.unwrap_or_default().chars().chain(alone)
}

fn address(ip: IpAddr) -> MontyObject {
    let (version, number, exploded) = match ip {
        IpAddr::V4(v4) => (4, u128::from(v4.to_bits()), v4.to_string()),
        IpAddr::V6(v6) => {
            let groups: Vec<String> = v6.segments().iter().map(|group| format!("{group:04x}")).collect();
            (6, v6.to_bits(), groups.join(":"))
        }
    };
    let text = |text: String| MontyObject::String(text);
    let flag = MontyObject::Bool;
    fields([
        ("version", MontyObject::Int(version)),
        ("_gw_digits", text(number.to_string())),
        ("compressed", text(ip.to_string())),
        ("exploded", text(exploded)),
        ("is_private", flag(is_private(ip))),
        ("is_global", flag(!is_private(ip) && !ip.is_multicast() && !is_shared(ip))),
        ("is_loopback", flag(ip.is_loopback())),
        ("is_multicast", flag(ip.is_multicast())),
        ("is_unspecified", flag(ip.is_unspecified())),
        (
            "is_link_local",
            flag(match ip {
                IpAddr::V4(v4) => v4.is_link_local(),
                IpAddr::V6(v6) => v6.is_unicast_link_local(),
            }),
        ),
    ])
}

fn fields<const N: usize>(pairs: [(&str, MontyObject); N]) -> MontyObject {
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| (MontyObject::String(name.to_owned()), value)).collect();
    MontyObject::dict(pairs)
}

fn is_shared(ip: IpAddr) -> bool {
    within(ip, "100.64.0.0", 10)
}

/// What the registries of special addresses call not globally reachable, as Python reads them.
fn is_private(ip: IpAddr) -> bool {
    const RANGES: &[(&str, u32)] = &[
        ("0.0.0.0", 8),
        ("10.0.0.0", 8),
        ("127.0.0.0", 8),
        ("169.254.0.0", 16),
        ("172.16.0.0", 12),
        ("192.0.0.0", 24),
        ("192.0.2.0", 24),
        ("192.168.0.0", 16),
        ("198.18.0.0", 15),
        ("198.51.100.0", 24),
        ("203.0.113.0", 24),
        ("240.0.0.0", 4),
        ("::1", 128),
        ("::", 128),
        ("::ffff:0:0", 96),
        ("64:ff9b:1::", 48),
        ("100::", 64),
        ("2001::", 23),
        ("2001:db8::", 32),
        ("2002::", 16),
        ("3fff::", 20),
        ("fc00::", 7),
        ("fe80::", 10),
    ];
    const EXCEPT: &[(&str, u32)] = &[
        ("192.0.0.9", 32),
        ("192.0.0.10", 32),
        ("2001:1::1", 128),
        ("2001:1::2", 128),
        ("2001:3::", 32),
        ("2001:4:112::", 48),
        ("2001:20::", 28),
        ("2001:30::", 28),
    ];
    let any = |ranges: &[(&str, u32)]| ranges.iter().any(|(base, length)| within(ip, base, *length));
    any(RANGES) && !any(EXCEPT)
}

fn within(ip: IpAddr, base: &str, length: u32) -> bool {
    let Ok(base) = base.parse::<IpAddr>() else { return false };
    ip.is_ipv4() == base.is_ipv4() && (bits(ip) ^ bits(base)) & mask(ip, length) == 0
}

fn bits(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn width(ip: IpAddr) -> u32 {
    if ip.is_ipv4() { 32 } else { 128 }
}

fn mask(ip: IpAddr, length: u32) -> u128 {
    let all = u128::MAX >> (128 - width(ip));
    all & !all.checked_shr(length).unwrap_or(0)
}

fn with_bits(like: IpAddr, bits: u128) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or(u32::MAX)).into(),
        IpAddr::V6(_) => Ipv6Addr::from_bits(bits).into(),
    }
}

/// An address from its number, of a version or of that which the number fits.
fn number(args: &[MontyObject]) -> Result<MontyObject, MontyException> {
    let text = string(args, 1)?;
    let bits: u128 = text
        .parse()
        .map_err(|_| raise(ExcType::ValueError, format!("'{text}' does not appear to be an IPv4 or IPv6 address")))?;
    let four = u32::try_from(bits).ok();
    match (args.first(), four) {
        (Some(MontyObject::Int(0 | 4)), Some(bits)) => Ok(address(Ipv4Addr::from_bits(bits).into())),
        (Some(MontyObject::Int(4)), None) => {
            Err(raise(ExcType::ValueError, format!("{text} (>= 2**32) is not permitted as an IPv4 address")))
        }
        _ => Ok(address(Ipv6Addr::from_bits(bits).into())),
    }
}

fn network(text: &str, strict: bool) -> Result<MontyObject, MontyException> {
    let invalid = || raise(ExcType::ValueError, format!("'{text}' does not appear to be an IPv4 or IPv6 network"));
    let (base, length) = text.split_once('/').map_or((text, None), |(base, length)| (base, Some(length)));
    let ip: IpAddr = base.parse().map_err(|_| invalid())?;
    let length = length.map_or(Some(width(ip)), |length| prefix(ip, length)).ok_or_else(invalid)?;
    let mask = mask(ip, length);
    let all = u128::MAX >> (128 - width(ip));
    if strict && bits(ip) & !mask & all != 0 {
        return Err(raise(ExcType::ValueError, format!("{text} has host bits set")));
    }
    let first = with_bits(ip, bits(ip) & mask);
    Ok(fields([
        ("version", MontyObject::Int(if ip.is_ipv4() { 4 } else { 6 })),
        ("compressed", MontyObject::String(format!("{first}/{length}"))),
        ("prefixlen", MontyObject::Int(i64::from(length))),
        ("network_address", address(first)),
        ("broadcast_address", address(with_bits(ip, bits(first) | (all & !mask)))),
        ("netmask", address(with_bits(ip, mask))),
        ("is_private", MontyObject::Bool(is_private(first) && is_private(with_bits(ip, bits(first) | (all & !mask))))),
    ]))
}

/// A length, or a mask of IPv4.
fn prefix(ip: IpAddr, text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|length| *length <= width(ip));
    }
    let mask = text.parse::<Ipv4Addr>().ok().filter(|_| ip.is_ipv4())?.to_bits();
    (mask.leading_ones() + mask.trailing_zeros() == 32 || mask == 0).then(|| mask.leading_ones())
}
