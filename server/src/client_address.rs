//! Who is asking, as far as the network tells: the address that limits are counted by.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

/// The client's address under the trusted-hops rule.
///
/// `Debug` shows the network only: a full address is personal data and stays out of logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// Used where a request came without a connection, as in unit tests. It is no loopback address, so that it
    /// opens nothing.
    const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// The address under `trusted_hops` proxies of ours.
    ///
    /// Each proxy appends the address of whoever connected to it. With one trusted proxy, our peer, the last
    /// entry is therefore the client; with two the last but one; and everything further left was written by the
    /// client and may say anything. A header that is too short or does not parse there gives the peer, which is
    /// strict: all such requests then share one limit.
    fn of(peer: IpAddr, headers: &HeaderMap, trusted_hops: u8) -> Self {
        let claimed = match trusted_hops {
            0 => None,
            hops => forwarded_from_right(headers).nth(usize::from(hops) - 1).and_then(parse_entry),
        };
        Self(claimed.unwrap_or(peer).to_canonical())
    }

    /// What limits are counted by: an IPv4 address, or the /64 of an IPv6 address, as a household or a phone
    /// owns a /64 and could use a new address for each request.
    pub(crate) fn limit_key(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

impl fmt::Debug for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => {
                let [a, b, ..] = address.octets();
                write!(f, "ClientAddress({a}.{b}.…)")
            }
            IpAddr::V6(address) => {
                let [a, b, ..] = address.segments();
                write!(f, "ClientAddress({a:x}:{b:x}:…)")
            }
        }
    }
}

/// The entries of all `X-Forwarded-For` lines, the last one first. A line that is not text counts as one entry
/// that does not parse, so that it cannot shift the others.
fn forwarded_from_right(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or("")).collect();
    lines.into_iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim)
}

/// One entry: an address, with or without a port, as proxies write it.
fn parse_entry(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Layer: works the address out once and puts it into the request's extensions.
pub(crate) async fn note_client_address(
    State(trusted_hops): State<u8>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address =
        peer.map_or(ClientAddress::UNKNOWN, |peer| ClientAddress::of(peer, request.headers(), trusted_hops));
    request.extensions_mut().insert(address);
    next.run(request).await
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self::UNKNOWN))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 7));

    fn address(lines: &[&'static str], hops: u8) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        ClientAddress::of(PEER, &headers, hops).0.to_string()
    }

    #[test]
    fn without_trusted_hops_the_header_is_ignored() {
        assert_eq!(address(&["203.0.113.9"], 0), "10.0.0.7");
    }

    #[test]
    fn with_one_hop_the_last_entry_is_the_client_whatever_the_client_wrote_before_it() {
        assert_eq!(address(&["203.0.113.9"], 1), "203.0.113.9");
        assert_eq!(address(&["127.0.0.1, 1.1.1.1, 203.0.113.9"], 1), "203.0.113.9");
    }

    #[test]
    fn with_two_hops_the_last_but_one_entry_is_the_client() {
        assert_eq!(address(&["1.1.1.1, 203.0.113.9, 192.168.1.2"], 2), "203.0.113.9");
    }

    #[test]
    fn several_header_lines_are_one_list() {
        assert_eq!(address(&["1.1.1.1", "203.0.113.9", "192.168.1.2"], 2), "203.0.113.9");
        assert_eq!(address(&["1.1.1.1, 203.0.113.9", "192.168.1.2"], 2), "203.0.113.9");
    }

    #[test]
    fn a_header_that_is_short_or_malformed_falls_back_to_the_peer() {
        assert_eq!(address(&[], 1), "10.0.0.7");
        assert_eq!(address(&["203.0.113.9"], 2), "10.0.0.7");
        assert_eq!(address(&["unknown"], 1), "10.0.0.7");
        assert_eq!(address(&["203.0.113.9,"], 1), "10.0.0.7");
        assert_eq!(address(&["203.0.113.9, <script>"], 1), "10.0.0.7");
    }

    #[test]
    fn entries_with_a_port_or_brackets_are_read() {
        assert_eq!(address(&["203.0.113.9:4711"], 1), "203.0.113.9");
        assert_eq!(address(&["[2001:db8::1]:4711"], 1), "2001:db8::1");
        assert_eq!(address(&["[2001:db8::1]"], 1), "2001:db8::1");
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_the_ipv4_address() {
        assert_eq!(address(&["::ffff:203.0.113.9"], 1), "203.0.113.9");
    }

    #[test]
    fn ipv6_addresses_of_one_64_share_a_limit() {
        let key = |text: &str| ClientAddress(text.parse().unwrap()).limit_key();
        assert_eq!(key("2001:db8:1:2:aaaa::1"), key("2001:db8:1:2:bbbb::2"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("203.0.113.9"), key("203.0.113.8"));
    }

    #[test]
    fn debug_output_does_not_show_the_whole_address() {
        assert_eq!(format!("{:?}", ClientAddress(PEER)), "ClientAddress(10.0.…)");
    }
}
