use std::time::Instant;

use ::redis::{Cmd, RedisResult, Value};

use super::deadline::left;

/// An open connection to a node, or to the nodes of a cluster.
pub(super) enum Connection {
    Node(::redis::Connection),
    #[cfg(feature = "redis-cluster")]
    Cluster(Box<::redis::cluster::ClusterConnection>),
}

impl Connection {
    /// Sends all `commands` and returns the answer to each. An error of the whole leaves the
    /// connection in the middle of an answer: drop it.
    pub(super) fn exchange(
        &mut self,
        commands: &[Cmd],
        deadline: Instant,
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        match self {
            Self::Node(node) => {
                let packed: Vec<u8> = commands.iter().flat_map(Cmd::get_packed_command).collect();
                node.set_write_timeout(Some(left(deadline)?))?;
                node.send_packed_command(&packed)?;
                let receive = |_: &Cmd| {
                    node.set_read_timeout(Some(left(deadline)?))?;
                    Ok(node.recv_response()?.extract_error())
                };
                commands.iter().map(receive).collect()
            }
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(cluster) => {
                use ::redis::ConnectionLike;
                // One by one: the pipeline of the client has one error for all its commands.
                let run = |command| left(deadline).and_then(|_| cluster.req_command(command));
                Ok(commands.iter().map(run).collect())
            }
        }
    }
}
