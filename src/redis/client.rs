//! The clients of the `redis` crate: how they are made, and how they connect.

use std::time::{Duration, Instant};

#[cfg(any(feature = "redis-cluster", feature = "redis-sentinel"))]
use ::redis::ErrorKind;
use ::redis::io::tcp::TcpSettings;
use ::redis::{
    Client, Connection, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisResult,
};

use super::deadline::left;
use super::error::Error;

/// How long a connection is kept without use. Load balancers and NATs drop an idle one after 60 s
/// or more, without closing it.
pub(super) const IDLE_LIMIT: Duration = Duration::from_secs(30);

/// A client with the settings that a store of this module needs.
pub(super) fn client(info: impl IntoConnectionInfo) -> Result<Client, Error> {
    let info = info.into_connection_info().map_err(Error::of_url)?;
    // The library's name would be one more command for each connection, and one more permission.
    let settings = info.redis_settings().clone().set_skip_set_lib_name();
    let tcp = with_keepalive(info.tcp_settings().clone());
    let info = info.set_redis_settings(settings).set_tcp_settings(tcp);
    Client::open(info).map_err(Error::of_url)
}

/// The clients of one or more nodes.
#[cfg(any(feature = "redis-cluster", feature = "redis-sentinel"))]
pub(super) fn clients<T: IntoConnectionInfo>(
    nodes: impl IntoIterator<Item = T>,
) -> Result<Vec<Client>, Error> {
    let clients: Vec<Client> = nodes.into_iter().map(client).collect::<Result<_, _>>()?;
    if clients.is_empty() {
        let none = (ErrorKind::InvalidClientConfig, "none is given");
        return Err(Error::of_url(none.into()));
    }
    Ok(clients)
}

/// Turns on the probes of TCP. They show routers that the connection is in use, and show the system
/// that it is dead.
fn with_keepalive(tcp: TcpSettings) -> TcpSettings {
    if tcp.keepalive().is_some() {
        return tcp;
    }
    tcp.set_keepalive(socket2::TcpKeepalive::new().with_time(IDLE_LIMIT))
}

/// Opens a connection.
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
