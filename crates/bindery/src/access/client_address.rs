//! Where a call comes from, seen through the proxies that the operator trusts.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use ipnet::IpNet;

use crate::middleware::current;

/// The address of the client: the nearest one that is no trusted proxy.
///
/// Everything to the left of it in `X-Forwarded-For` was written by the client itself and means nothing.
#[must_use]
pub fn client_address(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut nearest = peer.to_canonical();
    if trusted.is_empty() {
        return nearest;
    }
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    let hops =
        lines.iter().rev().filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !trusted.iter().any(|network| network.contains(&nearest)) {
            break;
        }
        let Some(address) = parse(hop.trim()) else { break };
        nearest = address;
    }
    nearest
}

/// Where a call comes from, as far as the operator's proxies can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(current::client_address().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// Some proxies write the port, too, and brackets around IPv6.
fn parse(text: &str) -> Option<IpAddr> {
    let address =
        text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(trusted: &[&str], peer: &str, forwarded: &[&'static str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(line));
        }
        client_address(&trusted, peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn without_trusted_proxies_the_peer_counts_whatever_it_claims() {
        assert_eq!(seen(&[], "10.0.0.1", &["203.0.113.9"]), "10.0.0.1");
        assert_eq!(seen(&["10.0.0.0/8"], "198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(seen(&[], "::ffff:10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_trusted_proxy_names_the_client_and_claims_before_it_are_ignored() {
        let trusted = ["10.0.0.0/8", "2001:db8::/32"];
        assert_eq!(seen(&trusted, "10.0.0.1", &["1.2.3.4, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            seen(&trusted, "10.0.0.1", &["1.2.3.4", "203.0.113.9, 10.0.0.2"]),
            "203.0.113.9"
        );
        assert_eq!(seen(&trusted, "2001:db8::1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(seen(&trusted, "10.0.0.1", &["[2001:db9::1]"]), "2001:db9::1");
        assert_eq!(seen(&trusted, "10.0.0.1", &["[2001:db9::1]:80"]), "2001:db9::1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_search() {
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.1", &["203.0.113.9, unknown"]), "10.0.0.1");
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.1", &[]), "10.0.0.1");
    }
}
