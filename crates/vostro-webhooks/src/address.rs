//! Where a webhook may go: which addresses are allowed, checked when a name is resolved for a connection,
//! so that a name that changes its address between check and use gains nothing.
//!
//! Endpoints come from the operator's configuration, never from a customer, and a bank's own network is
//! where most of them are; so private addresses are allowed unless told otherwise. Link-local addresses
//! (where clouds keep their metadata services), multicast and the like are never an endpoint.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether endpoints may have private addresses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PrivateAddresses {
    /// Loopback and the networks of RFC 1918 and RFC 4193 are endpoints like any other.
    #[default]
    Allow,
    /// Only addresses that are reached over the internet.
    Refuse,
}

/// A name led to no address that is allowed.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no allowed address")]
pub(crate) struct ForbiddenAddress;

impl PrivateAddresses {
    /// Whether an endpoint may have this address.
    pub(crate) fn allows(self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.allows_v4(address),
            IpAddr::V6(address) => match address.to_ipv4_mapped().or_else(|| nat64(address)) {
                Some(inner) => self.allows_v4(inner),
                None => self.allows_v6(address),
            },
        }
    }

    fn allows_v4(self, address: Ipv4Addr) -> bool {
        let [first, second, third, _] = address.octets();
        let is_never = address.is_link_local()
            || address.is_multicast()
            || address.is_documentation()
            || first == 0
            || first >= 240
            || (first, second, third) == (192, 0, 0);
        let is_shared = first == 100 && (64..128).contains(&second);
        let is_benchmark = first == 198 && (18..20).contains(&second);
        let is_private = address.is_loopback() || address.is_private() || is_shared || is_benchmark;
        !is_never && (self == Self::Allow || !is_private)
    }

    fn allows_v6(self, address: Ipv6Addr) -> bool {
        let [first, second, ..] = address.segments();
        let is_never = address.is_unspecified()
            || address.is_multicast()
            || address.is_unicast_link_local()
            || (first, second) == (0x2001, 0x0db8)
            || address.to_ipv4().is_some() && !address.is_loopback();
        let is_private = address.is_loopback() || address.is_unique_local();
        !is_never && (self == Self::Allow || !is_private)
    }
}

/// The IPv4 address that a NAT64 gateway makes of an address in `64:ff9b::/96`.
fn nat64(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

/// Whether a URL's host is this machine by its very name.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    host == "localhost" || literal(host).is_some_and(|address| address.is_loopback())
}

/// A URL's host as an address, if it is written as one.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// The system's resolver, with what is not allowed left out.
pub(crate) struct GuardedResolver(pub(crate) PrivateAddresses);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let is_local = is_loopback_host(name.as_str());
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found
                .filter(|found| policy.allows(found.ip()))
                .filter(|found| !is_local || found.ip().is_loopback())
                .collect();
            if allowed.is_empty() {
                return Err(Box::new(ForbiddenAddress) as _);
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        // Address, allowed with private ones, allowed without.
        let cases = [
            ("93.184.216.34", true, true),
            ("2606:2800:220:1::1", true, true),
            ("127.0.0.1", true, false),
            ("127.8.9.1", true, false),
            ("::1", true, false),
            ("10.0.0.1", true, false),
            ("172.16.0.1", true, false),
            ("172.32.0.1", true, true),
            ("192.168.1.1", true, false),
            ("100.64.0.1", true, false),
            ("100.128.0.1", true, true),
            ("198.18.0.1", true, false),
            ("fd00::1", true, false),
            ("::ffff:10.0.0.1", true, false),
            ("::ffff:8.8.8.8", true, true),
            ("64:ff9b::a00:1", true, false),
            ("169.254.169.254", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("64:ff9b::a9fe:a9fe", false, false),
            ("fe80::1", false, false),
            ("0.0.0.0", false, false),
            ("::", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
            ("240.0.0.1", false, false),
            ("ff02::1", false, false),
            ("192.0.2.1", false, false),
            ("2001:db8::1", false, false),
            ("::a00:1", false, false),
        ];
        for (address, allowed, strictly) in cases {
            let parsed = address.parse().unwrap();
            assert_eq!(PrivateAddresses::Allow.allows(parsed), allowed, "{address}");
            assert_eq!(
                PrivateAddresses::Refuse.allows(parsed),
                strictly,
                "{address}"
            );
        }
    }
}
