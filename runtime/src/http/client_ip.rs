//! The address of the client: the peer, or what proxies say that are trusted.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Whether somebody says for whom it asks who is not trusted to. Often that is a proxy that nobody named.
pub(crate) fn is_unheard(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    headers.contains_key("x-forwarded-for") && !trusted.iter().any(|network| network.contains(&peer.to_canonical()))
}

/// Walks `X-Forwarded-For` from the right for as long as the hop that wrote it is trusted. What cannot be parsed
/// ends the walk: the hop before it is the answer.
pub(crate) fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|network| network.contains(&ip));
    let mut client = peer.to_canonical();
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or("unreadable")).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(client) {
            break;
        }
        let Some(ip) = parse(hop.trim()) else { break };
        client = ip;
    }
    client
}

/// An address, with brackets and a port where a proxy writes them.
fn parse(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    plain.or_else(with_port).or_else(bracketed).map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn ask(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted = ["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        client_ip(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(ask("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(ask("::ffff:203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        let trusted = ["127.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        assert!(!is_unheard("203.0.113.9".parse().unwrap(), &headers, &trusted));
        headers.append("x-forwarded-for", "198.51.100.1".parse().unwrap());
        assert!(is_unheard("203.0.113.9".parse().unwrap(), &headers, &trusted));
        assert!(!is_unheard("::ffff:127.0.0.1".parse().unwrap(), &headers, &trusted));
    }

    #[test]
    fn the_first_untrusted_hop_from_the_right_is_the_client() {
        assert_eq!(ask("127.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.7"]), "198.51.100.1");
        assert_eq!(ask("127.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.7"]), "198.51.100.1");
        assert_eq!(ask("::1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(ask("127.0.0.1", &["198.51.100.1:5000"]), "198.51.100.1");
        assert_eq!(ask("127.0.0.1", &["10.1.1.1, 10.0.0.7"]), "10.1.1.1");
    }

    #[test]
    fn what_cannot_be_read_is_left_out_safely() {
        assert_eq!(ask("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(ask("127.0.0.1", &["unknown"]), "127.0.0.1");
        assert_eq!(ask("127.0.0.1", &["198.51.100.1, ; DROP, 10.0.0.7"]), "10.0.0.7");
        assert_eq!(ask("127.0.0.1", &[""]), "127.0.0.1");
    }
}
