use std::collections::BTreeSet;
use std::iter::once;

use ::redis::cluster::ClusterClient;
use ::redis::{ConnectionAddr, ConnectionInfo, RedisResult, Value};

/// The client of the cluster that `node` belongs to, if its answers name other nodes.
///
/// The client begins with any of the nodes named, so `node` may be down later.
pub(super) fn behind(
    node: &ConnectionInfo,
    answers: &[RedisResult<Value>],
) -> Option<ClusterClient> {
    let named = answers.iter().filter_map(|answer| answer.as_ref().err()?.redirect_node());
    let named: BTreeSet<&str> = named.map(|(address, _)| address).collect();
    if named.is_empty() {
        return None;
    }
    let others = named.into_iter().filter_map(|address| at(node, address));
    ClusterClient::builder(once(node.clone()).chain(others))
        .tcp_settings(node.tcp_settings().clone())
        // A node that is down must not delay the keys of the others for long.
        .retries(3)
        .max_retry_wait(100)
        .build()
        .ok()
}

/// The same way to connect, to another address.
fn at(node: &ConnectionInfo, address: &str) -> Option<ConnectionInfo> {
    let (host, port) = address.rsplit_once(':')?;
    let (host, port) = (host.to_owned(), port.parse().ok()?);
    let address = match node.addr() {
        _ if host.is_empty() => return None,
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            let (insecure, tls_params) = (*insecure, tls_params.clone());
            ConnectionAddr::TcpTls { host, port, insecure, tls_params }
        }
        _ => ConnectionAddr::Tcp(host, port),
    };
    Some(node.clone().set_addr(address))
}
