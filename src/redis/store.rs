use std::time::Instant;

#[cfg(feature = "redis-cluster")]
use ::redis::Value;
use ::redis::io::tcp::TcpSettings;
use ::redis::{Client, ConnectionInfo, IntoConnectionInfo, RedisResult};

use super::connection::Connection;
use super::deadline::left;
use super::{Error, IDLE_LIMIT};

/// Where the store is, and how to connect to it: a URL, or the settings of the `redis` crate.
///
/// You rarely name this type: `connect` converts each of these into it.
///
/// | value | for |
/// |---|---|
/// | `&str`, `&String`, `String` | a URL: `redis://user:password@host:6379/0`, `rediss://…` with the feature `redis-tls`, `redis+unix:///path` |
/// | [`redis::ConnectionInfo`](::redis::ConnectionInfo) | TCP settings, the version of the protocol |
/// | [`redis::Client`](::redis::Client) | client certificates: `redis::Client::build_with_tls` |
/// | `redis::cluster::ClusterClient` | several nodes of a cluster (feature `redis-cluster`) |
/// | `redis::sentinel::SentinelClient` | the primary that Sentinel names (feature `redis-sentinel`) |
///
/// With the feature `redis-cluster`, the URL of one node is enough for a cluster. Take a
/// `ClusterClient` to name several, so that one may be down when the program starts, or to give it
/// certificates.
pub struct Store(Kind);

enum Kind {
    Node(Client),
    #[cfg(feature = "redis-cluster")]
    Cluster(::redis::cluster::ClusterClient),
    #[cfg(feature = "redis-sentinel")]
    Sentinel(Box<::redis::sentinel::SentinelClient>),
}

impl Store {
    /// Opens a connection.
    pub(super) fn open(&mut self, deadline: Instant) -> RedisResult<Connection> {
        #[cfg(feature = "redis-tls")]
        if self.may_need_tls() {
            super::tls::choose_provider();
        }
        match &mut self.0 {
            Kind::Node(client) => {
                client.get_connection_with_timeout(left(deadline)?).map(Connection::Node)
            }
            #[cfg(feature = "redis-cluster")]
            Kind::Cluster(client) => {
                let limit = left(deadline)? / 2;
                let config = ::redis::cluster::ClusterConfig::new()
                    .set_connection_timeout(limit)
                    .set_response_timeout(limit);
                let connection = client.get_connection_with_config(config)?;
                Ok(Connection::Cluster(Box::new(connection)))
            }
            #[cfg(feature = "redis-sentinel")]
            Kind::Sentinel(client) => {
                let primary = client.get_client()?;
                primary.get_connection_with_timeout(left(deadline)?).map(Connection::Node)
            }
        }
    }

    #[cfg(feature = "redis-tls")]
    fn may_need_tls(&self) -> bool {
        match &self.0 {
            Kind::Node(client) => {
                let address = client.get_connection_info().addr();
                matches!(address, ::redis::ConnectionAddr::TcpTls { .. })
            }
            // These do not show their addresses.
            #[cfg(any(feature = "redis-cluster", feature = "redis-sentinel"))]
            _ => true,
        }
    }

    /// Goes on as a cluster's client after a node's answers named other nodes.
    #[cfg(feature = "redis-cluster")]
    pub(super) fn follow(&mut self, answers: &[RedisResult<Value>]) -> bool {
        let Kind::Node(client) = &self.0 else { return false };
        let cluster = super::cluster::behind(client.get_connection_info(), answers);
        let is_cluster = cluster.is_some();
        if let Some(cluster) = cluster {
            self.0 = Kind::Cluster(cluster);
        }
        is_cluster
    }
}

impl TryFrom<&str> for Store {
    type Error = Error;

    fn try_from(url: &str) -> Result<Self, Error> {
        url.into_connection_info().map_err(Error::of_url)?.try_into()
    }
}

impl TryFrom<&String> for Store {
    type Error = Error;

    fn try_from(url: &String) -> Result<Self, Error> {
        url.as_str().try_into()
    }
}

impl TryFrom<String> for Store {
    type Error = Error;

    fn try_from(url: String) -> Result<Self, Error> {
        url.as_str().try_into()
    }
}

impl TryFrom<ConnectionInfo> for Store {
    type Error = Error;

    fn try_from(info: ConnectionInfo) -> Result<Self, Error> {
        // The library's name would be one more command for each connection, and one more permission.
        let settings = info.redis_settings().clone().set_skip_set_lib_name();
        let tcp = with_keepalive(info.tcp_settings().clone());
        let info = info.set_redis_settings(settings).set_tcp_settings(tcp);
        Client::open(info).map(Self::from).map_err(Error::of_url)
    }
}

/// Probes of the system tell a router that the connection is used, and the system that it is dead.
fn with_keepalive(tcp: TcpSettings) -> TcpSettings {
    if tcp.keepalive().is_some() {
        return tcp;
    }
    tcp.set_keepalive(socket2::TcpKeepalive::new().with_time(IDLE_LIMIT))
}

impl From<Client> for Store {
    fn from(client: Client) -> Self {
        Self(Kind::Node(client))
    }
}

#[cfg(feature = "redis-cluster")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis-cluster")))]
impl From<::redis::cluster::ClusterClient> for Store {
    fn from(client: ::redis::cluster::ClusterClient) -> Self {
        Self(Kind::Cluster(client))
    }
}

#[cfg(feature = "redis-sentinel")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis-sentinel")))]
impl From<::redis::sentinel::SentinelClient> for Store {
    fn from(client: ::redis::sentinel::SentinelClient) -> Self {
        Self(Kind::Sentinel(Box::new(client)))
    }
}

/// What a conversion that cannot fail needs.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
