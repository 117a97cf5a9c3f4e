//! How many anonymous sessions one address may begin: an hour's worth of rows is bounded, whoever asks.
//!
//! Kept in memory, for it protects the database; a restart forgets it. An IPv6 /64 counts as one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_hours(1);
const PER_ADDRESS: u32 = 1000;
/// Above this many addresses the oldest knowledge is given up, so that the table itself stays small.
const ADDRESSES: usize = 50_000;

/// Counts sessions by address.
#[derive(Default)]
pub(crate) struct Quota {
    begun: Mutex<HashMap<IpAddr, (Timestamp, u32)>>,
}

impl Quota {
    /// Whether the address may begin one more; counts it if so.
    pub(crate) fn take(&self, ip: IpAddr, now: Timestamp) -> bool {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.len() >= ADDRESSES {
            begun.retain(|_, (since, _)| is_current(*since, now));
            if begun.len() >= ADDRESSES {
                begun.clear();
            }
        }
        let (since, count) = begun.entry(network(ip)).or_insert((now, 0));
        if !is_current(*since, now) {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= PER_ADDRESS
    }

    /// Forgets what is over.
    pub(crate) fn sweep(&self, now: Timestamp) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.retain(|_, (since, _)| is_current(*since, now));
    }
}

fn is_current(since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(since) < WINDOW
}

fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_bound_for_an_hour() {
        let quota = Quota::default();
        let ip = "2001:db8::1".parse().unwrap();
        let neighbour = "2001:db8::2".parse().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        assert!((0..PER_ADDRESS).all(|_| quota.take(ip, now)));
        assert!(!quota.take(neighbour, now));
        assert!(quota.take("198.51.100.1".parse().unwrap(), now));
        assert!(quota.take(ip, now + WINDOW));
    }
}
