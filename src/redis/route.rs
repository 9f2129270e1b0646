use std::time::Instant;

use ::redis::{Client, Connection, RedisResult};

use super::client::{at, connect};
#[cfg(feature = "redis-sentinel")]
use super::sentinels::Sentinels;

/// How to connect to a node of the store.
pub(super) enum Route {
    Direct(Client),
    #[cfg(feature = "redis-sentinel")]
    Sentinels(Sentinels),
}

impl Route {
    /// Opens a connection.
    pub(super) fn open(&mut self, deadline: Instant) -> RedisResult<Connection> {
        match self {
            Self::Direct(client) => connect(client, deadline),
            #[cfg(feature = "redis-sentinel")]
            Self::Sentinels(sentinels) => sentinels.open(deadline),
        }
    }

    /// After it led to a server that does not work: the next connection goes another way, if there
    /// is one.
    pub(super) fn distrust(&mut self) {
        match self {
            Self::Direct(_) => {}
            #[cfg(feature = "redis-sentinel")]
            Self::Sentinels(sentinels) => sentinels.rotate(),
        }
    }

    /// The address, by which the nodes of a store are known.
    pub(super) fn address(&self) -> String {
        match self {
            Self::Direct(client) => client.get_connection_info().addr().to_string(),
            #[cfg(feature = "redis-sentinel")]
            Self::Sentinels(_) => String::new(),
        }
    }

    /// The same for the node at `address`, given as `host:port`.
    pub(super) fn to(&self, address: &str) -> Option<Self> {
        let client = match self {
            Self::Direct(client) => client,
            #[cfg(feature = "redis-sentinel")]
            Self::Sentinels(_) => return None,
        };
        let (host, port) = address.rsplit_once(':')?;
        let info = at(client.get_connection_info(), host, port.parse().ok()?);
        Client::open(info).ok().map(Self::Direct)
    }
}
