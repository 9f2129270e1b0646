use std::thread::sleep;
use std::time::Duration;

use crate::bounded::until;
use crate::server::Server;

const SLOTS: u16 = 16_384;
pub(crate) const USER: &str = "hotcount";

const DOCUMENTED: &str = include_str!("../../src/redis/promise.md");

/// Three nodes, each with a third of the slots.
pub(crate) struct Cluster(pub Vec<Server>);

impl Cluster {
    pub(crate) fn start() -> Self {
        let options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
        let partial = ["--cluster-require-full-coverage", "no"];
        let durable = ["--appendonly", "yes", "--appendfsync", "always"];
        // A user with the documented permissions.
        let lines = DOCUMENTED.lines().filter(|line| line.contains('+'));
        let words = lines.flat_map(|line| line.split([' ', '`', ')']));
        let permissions: Vec<&str> = words.filter(|word| word.starts_with(['+', '~'])).collect();
        let user = ["--user", USER, "on", ">secret"];
        let options = [&options[..], &partial, &durable, &user, &permissions].concat();
        let nodes: Vec<Server> = (0..3).map(|_| Server::with(&options)).collect();
        for (number, node) in (0..3).zip(&nodes) {
            let (first, last) = (number * SLOTS / 3, (number + 1) * SLOTS / 3 - 1);
            let range = [first, last].map(|slot| slot.to_string());
            let () = node.run(&["CLUSTER", "ADDSLOTSRANGE", &range[0], &range[1]]);
            let () = node.run(&["CLUSTER", "SET-CONFIG-EPOCH", &(number + 1).to_string()]);
            if number > 0 {
                let () = node.run(&["CLUSTER", "MEET", "127.0.0.1", &nodes[0].port.to_string()]);
            }
        }
        let cluster = Self(nodes);
        cluster.wait_until_ok();
        cluster
    }

    pub(crate) fn wait_until_ok(&self) {
        let all = format!("cluster_known_nodes:{}", self.0.len());
        for node in &self.0 {
            until("the cluster is complete", || {
                let info: String = node.run(&["CLUSTER", "INFO"]);
                (info.contains(&all) && info.contains("cluster_state:ok")).then_some(())
            });
        }
    }

    /// Adds a replica of a node.
    pub(crate) fn add_replica_of(&mut self, primary: usize) {
        let replica = Server::with(&["--cluster-enabled", "yes", "--appendonly", "yes"]);
        let () = replica.run(&["CLUSTER", "MEET", "127.0.0.1", &self.0[0].port.to_string()]);
        self.0.push(replica);
        self.wait_until_ok();
        let replica = &self.0[3];
        let () = replica.run(&["CLUSTER", "REPLICATE", &self.id(primary)]);
        until("the replica follows", || {
            let info: String = replica.run(&["INFO", "replication"]);
            info.contains("master_link_status:up").then_some(())
        });
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        self.0.iter().map(Server::url).collect()
    }

    /// Moves a slot with its keys from one node to another, as a reshard does.
    pub(crate) fn move_slot(&self, slot: u16, from: usize, to: usize) {
        self.begin_to_move(slot, from, to);
        let target = self.id(to);
        for node in [to, from].into_iter().chain(0..self.0.len()) {
            self.set_slot(node, slot, ["NODE", &target]);
        }
    }

    /// The same up to the last step: clients are asked to look on both nodes.
    pub(crate) fn begin_to_move(&self, slot: u16, from: usize, to: usize) {
        self.set_slot(to, slot, ["IMPORTING", &self.id(from)]);
        self.set_slot(from, slot, ["MIGRATING", &self.id(to)]);
        let (source, port) = (&self.0[from], self.0[to].port.to_string());
        let keys: Vec<String> = source.run(&["CLUSTER", "GETKEYSINSLOT", &slot.to_string(), "100"]);
        sleep(Duration::from_millis(30));
        for key in keys {
            let () = source.run(&["MIGRATE", "127.0.0.1", &port, &key, "0", "5000"]);
        }
        sleep(Duration::from_millis(30));
    }

    fn set_slot(&self, node: usize, slot: u16, words: [&str; 2]) {
        let () = self.0[node].run(&["CLUSTER", "SETSLOT", &slot.to_string(), words[0], words[1]]);
    }

    fn id(&self, node: usize) -> String {
        self.0[node].run(&["CLUSTER", "MYID"])
    }

    /// The slot of a counter.
    pub(crate) fn slot_of(&self, key: &str) -> u16 {
        self.0[0].run(&["CLUSTER", "KEYSLOT", &format!("hotcount:totals:{key}")])
    }

    /// The node that has a counter at first.
    pub(crate) fn first_owner_of(&self, key: &str) -> usize {
        first_owner(self.slot_of(key))
    }
}

/// The node that a slot belongs to at first.
fn first_owner(slot: u16) -> usize {
    (1..=3).map(|number| number * SLOTS / 3).take_while(|end| *end <= slot).count()
}
