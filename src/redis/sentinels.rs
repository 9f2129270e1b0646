use std::time::Instant;

use ::redis::{Client, Connection, ConnectionAddr, ConnectionInfo, ErrorKind, RedisResult};

use super::client::{at, connect};
use super::deadline::{halfway, left};

/// Sentinels, and how to connect to the primary that they know by name.
pub(super) struct Sentinels {
    sentinels: Vec<Client>,
    /// The host is the name by which the Sentinels know the primary.
    primary: ConnectionInfo,
}

impl Sentinels {
    pub(super) fn new(sentinels: Vec<Client>, primary: ConnectionInfo) -> Self {
        Self { sentinels, primary }
    }

    /// Connects to the primary. Asks one Sentinel after the other, until one names a primary that can
    /// be reached.
    ///
    /// The `redis` crate has a client for Sentinels too, but that one waits for them without end.
    pub(super) fn open(&mut self, deadline: Instant) -> RedisResult<Connection> {
        let mut connection = Err((ErrorKind::InvalidClientConfig, "no Sentinels are given").into());
        for _ in 0..self.sentinels.len() {
            connection =
                self.ask_first(halfway(deadline)).and_then(|primary| connect(&primary, deadline));
            if connection.is_ok() {
                break;
            }
            self.rotate();
        }
        connection
    }

    /// The next call begins with another Sentinel.
    pub(super) fn rotate(&mut self) {
        self.sentinels.rotate_left(1);
    }

    /// The primary that the first Sentinel names.
    fn ask_first(&self, deadline: Instant) -> RedisResult<Client> {
        let name = match self.primary.addr() {
            ConnectionAddr::Tcp(name, _) | ConnectionAddr::TcpTls { host: name, .. } => name,
            _ => "",
        };
        let mut sentinel = connect(&self.sentinels[0], deadline)?;
        sentinel.set_write_timeout(Some(left(deadline)?))?;
        sentinel.set_read_timeout(Some(left(deadline)?))?;
        let mut command = ::redis::cmd("SENTINEL");
        let named: Option<(String, u16)> =
            command.arg("GET-MASTER-ADDR-BY-NAME").arg(name).query(&mut sentinel)?;
        let unknown = "the Sentinel knows no primary of this name";
        let (host, port) =
            named.ok_or((ErrorKind::MasterNameNotFoundBySentinel, unknown, name.to_owned()))?;
        Client::open(at(&self.primary, &host, port))
    }
}
