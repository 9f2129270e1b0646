use std::time::Instant;

use ::redis::{Client, Connection, ConnectionAddr, ConnectionInfo, RedisResult};

use super::deadline::left;

/// How to connect to a node of the store.
pub(super) enum Route {
    Direct(Client),
    #[cfg(feature = "redis-sentinel")]
    Sentinels(super::sentinels::Sentinels),
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

    /// After it led to a server that is not the primary: the next connection goes another way, if
    /// there is one.
    pub(super) fn distrust(&mut self) {
        #[cfg(feature = "redis-sentinel")]
        if let Self::Sentinels(sentinels) = self {
            sentinels.rotate();
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

pub(super) fn connect(client: &Client, deadline: Instant) -> RedisResult<Connection> {
    #[cfg(feature = "redis-tls")]
    if matches!(client.get_connection_info().addr(), ConnectionAddr::TcpTls { .. }) {
        super::tls::choose_provider();
    }
    client.get_connection_with_timeout(left(deadline)?)
}

/// The settings of `info` with another address.
pub(super) fn at(info: &ConnectionInfo, host: &str, port: u16) -> ConnectionInfo {
    let host = host.to_owned();
    let address = match info.addr() {
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            let (insecure, tls_params) = (*insecure, tls_params.clone());
            ConnectionAddr::TcpTls { host, port, insecure, tls_params }
        }
        _ => ConnectionAddr::Tcp(host, port),
    };
    info.clone().set_addr(address)
}
