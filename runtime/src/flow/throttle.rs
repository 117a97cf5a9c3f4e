//! How often passwords may be guessed: few times a name, and not many times a network, in a quarter of an hour.
//!
//! Kept in memory and bounded in size; a restart forgets it. Counts texts that were typed, so that names that exist
//! and names that do not are counted alike. An attempt is counted before the password is looked at: attempts that
//! run at the same time are not more than those that follow each other.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_mins(15);
const PER_NAME: u32 = 10;
const PER_NETWORK: u32 = 100;
/// Above this many counters those go that hold nobody up, then all: the table stays small.
const COUNTERS: usize = 50_000;

/// Counts attempts.
#[derive(Default)]
pub(crate) struct Throttle {
    counters: Mutex<HashMap<Key, Counter>>,
}

/// One attempt, to be given back or cleared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    name: Key,
    network: Key,
}

/// What is counted: a network, or a name that is tried from it. A fingerprint, so that long texts cost no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key([u8; 32]);

#[derive(Clone, Copy)]
struct Counter {
    since: Timestamp,
    count: u32,
    most: u32,
}

impl Throttle {
    /// Counts an attempt. `None`: there were too many.
    pub(crate) fn attempt(&self, typed: &str, ip: IpAddr, now: Timestamp) -> Option<Attempt> {
        let attempt = Attempt::new(typed, ip);
        let mut counters = self.counters();
        make_room(&mut counters, now);
        let limits = [(attempt.name, PER_NAME), (attempt.network, PER_NETWORK)];
        let free = limits.iter().all(|(key, most)| counters.get(key).is_none_or(|seen| seen.free(*most, now)));
        if !free {
            return None;
        }
        for (key, most) in limits {
            let counter = counters.entry(key).or_insert(Counter { since: now, count: 0, most });
            if !counter.is_current(now) {
                (counter.since, counter.count) = (now, 0);
            }
            counter.count = counter.count.saturating_add(1);
        }
        Some(attempt)
    }

    /// The password was right: the name begins anew, and the network has one attempt more.
    pub(crate) fn succeeded(&self, attempt: &Attempt) {
        let mut counters = self.counters();
        counters.remove(&attempt.name);
        give_back(&mut counters, attempt.network);
    }

    /// The password was not looked at.
    pub(crate) fn undo(&self, attempt: &Attempt) {
        let mut counters = self.counters();
        give_back(&mut counters, attempt.name);
        give_back(&mut counters, attempt.network);
    }

    fn counters(&self) -> MutexGuard<'_, HashMap<Key, Counter>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    fn new(typed: &str, ip: IpAddr) -> Attempt {
        let network = network(ip);
        let name = format!("{network} {}", typed.trim().to_lowercase());
        let key = |text: &str| Key(*blake3::hash(text.as_bytes()).as_bytes());
        Attempt { name: key(&name), network: key(&network.to_string()) }
    }
}

impl Counter {
    fn is_current(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) < WINDOW
    }

    fn free(&self, most: u32, now: Timestamp) -> bool {
        self.count < most || !self.is_current(now)
    }
}

fn give_back(counters: &mut HashMap<Key, Counter>, key: Key) {
    if let Some(counter) = counters.get_mut(&key) {
        counter.count = counter.count.saturating_sub(1);
    }
}

/// An attempt takes two places.
fn make_room(counters: &mut HashMap<Key, Counter>, now: Timestamp) {
    let full = |counters: &HashMap<Key, Counter>| counters.len() + 2 > COUNTERS;
    if full(counters) {
        counters.retain(|_, counter| counter.is_current(now));
    }
    if full(counters) {
        counters.retain(|_, counter| !counter.free(counter.most, now));
    }
    if full(counters) {
        counters.clear();
    }
}

/// An IPv6 /64 is one network, and so is an IPv4 address, however it is written.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_is_tried_so_often_in_a_quarter_of_an_hour() {
        let throttle = Throttle::default();
        let now = Timestamp::UNIX_EPOCH;
        let home = ip("192.0.2.1");
        for typed in ["ada", "ADA", " Ada "].into_iter().cycle().take(10) {
            assert!(throttle.attempt(typed, home, now).is_some());
        }
        assert_eq!(throttle.attempt("ada", home, now), None);
        assert_eq!(throttle.attempt("ada", ip("::ffff:192.0.2.1"), now), None);
        assert!(throttle.attempt("ada", ip("192.0.2.2"), now).is_some());
        let end = now + WINDOW;
        assert_eq!(throttle.attempt("ada", home, end - SignedDuration::from_secs(1)), None);
        let attempt = throttle.attempt("ada", home, end).unwrap();
        throttle.undo(&attempt);
        assert!((0..10).all(|_| throttle.attempt("ada", home, end).is_some()));
        throttle.succeeded(&attempt);
        assert!(throttle.attempt("ada", home, end).is_some());
    }

    #[test]
    fn a_network_tries_so_many_names() {
        let throttle = Throttle::default();
        let now = Timestamp::UNIX_EPOCH;
        for number in 0..100 {
            let address = ip(&format!("2001:db8::{number:x}"));
            assert!(throttle.attempt(&number.to_string(), address, now).is_some());
        }
        assert_eq!(throttle.attempt("ada", ip("2001:db8::ffff"), now), None);
        assert!(throttle.attempt("ada", ip("2001:db8:0:1::1"), now).is_some());
    }

    #[test]
    fn the_table_stays_small_and_keeps_who_is_held_up() {
        let throttle = Throttle::default();
        let now = Timestamp::UNIX_EPOCH;
        let home = ip("192.0.2.1");
        assert!((0..10).all(|_| throttle.attempt("ada", home, now).is_some()));
        for number in 0..60_000_u32 {
            throttle.attempt("x", IpAddr::V4(number.into()), now);
        }
        assert!(throttle.counters().len() <= COUNTERS);
        assert_eq!(throttle.attempt("ada", home, now), None);
    }
}
