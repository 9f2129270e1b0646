use std::collections::{BTreeMap, HashMap};

use ::redis::{ErrorKind, RedisError, ServerErrorKind};

use super::node::Node;
use super::store::Store;

/// The most owners to remember. A key whose owner is not known costs one more exchange.
const OWNERS: usize = 100_000;

/// The nodes of the store: one, or those of a cluster.
///
/// The nodes of a cluster are learned from answers: a node that does not have a key names the one
/// that has it. The `redis` crate has a client for clusters too, but that one waits without end for
/// a node that hangs, and holds up the keys of all other nodes.
pub(super) struct Nodes {
    /// By address. A node that an answer named is removed when it fails. The `given` ones stay.
    all: BTreeMap<String, Node>,
    given: Vec<String>,
    /// The address of the node that has a key.
    owners: HashMap<String, String>,
}

/// The answer of a node that does not have a key.
pub(super) struct Redirect {
    pub address: String,
    /// The key is on its way there: only this command goes there, after `ASKING`.
    pub asking: bool,
}

impl Nodes {
    pub(super) fn new(store: Store) -> Self {
        let routes = store.0.into_iter();
        let all: BTreeMap<_, _> = routes.map(|route| (route.address(), Node::new(route))).collect();
        let given = all.keys().cloned().collect();
        Self { all, given, owners: HashMap::new() }
    }

    /// The address of the node to ask for `key`: its owner, or the node that failed least recently,
    /// a `given` one first. A learned one may have left the cluster.
    pub(super) fn address_for(&self, key: &str) -> String {
        let order = |(address, node): &(&String, &Node)| (node.failed, !self.is_given(address));
        let best = || self.all.iter().min_by_key(order).map(|(address, _)| address);
        self.owners.get(key).or_else(best).cloned().expect("a store has a node")
    }

    fn is_given(&self, address: &str) -> bool {
        self.given.iter().any(|given| given == address)
    }

    pub(super) fn knows(&self, address: &str) -> bool {
        self.all.contains_key(address)
    }

    /// The node at an address that is known.
    pub(super) fn at(&mut self, address: &str) -> &mut Node {
        self.all.get_mut(address).expect("the address is known")
    }

    /// Learns which node has `key`, if the node at `from` answered with a redirect.
    pub(super) fn learn(&mut self, key: &str, from: &str, error: &RedisError) -> Option<Redirect> {
        if !cfg!(feature = "redis-cluster") {
            return None;
        }
        let (named, _) = error.redirect_node()?;
        // Without a host, the node means its own.
        let address = match named.strip_prefix(':') {
            Some(port) => format!("{}:{port}", from.rsplit_once(':')?.0),
            None => named.to_owned(),
        };
        if !self.knows(&address) {
            let route = self.all.get(from)?.route.to(&address)?;
            self.all.insert(address.clone(), Node::new(route));
        }
        let asking = error.kind() == ErrorKind::Server(ServerErrorKind::Ask);
        if !asking {
            if self.owners.len() >= OWNERS {
                self.owners.clear();
            }
            self.owners.insert(key.into(), address.clone());
        }
        Some(Redirect { address, asking })
    }

    /// If the last exchange with a node failed, its keys are asked of other nodes from now on.
    pub(super) fn avoid_if_failed(&mut self, address: &str) {
        if self.at(address).failed.is_none() {
            return;
        }
        self.owners.retain(|_, owner| owner != address);
        if !self.is_given(address) {
            self.all.remove(address);
        }
    }
}
