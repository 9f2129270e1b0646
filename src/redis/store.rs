#[cfg(any(feature = "redis-cluster", feature = "redis-sentinel"))]
use ::redis::IntoConnectionInfo;
use ::redis::{Client, ConnectionInfo};
#[cfg(feature = "redis-sentinel")]
use ::redis::{ConnectionAddr, ErrorKind};

use super::client::client;
#[cfg(any(feature = "redis-cluster", feature = "redis-sentinel"))]
use super::client::clients;
use super::error::Error;
use super::route::Route;
#[cfg(feature = "redis-sentinel")]
use super::sentinels::Sentinels;

/// Where the store is, and how to connect to it: a URL, or the settings of the `redis` crate.
///
/// You rarely name this type: `connect` converts each of these into it.
///
/// | value | for |
/// |---|---|
/// | `&str`, `&String`, `String` | a URL: `redis://user:password@host:6379/0`, `rediss://…` with the feature `redis-tls`, `redis+unix:///path` |
/// | [`redis::ConnectionInfo`] | TCP settings, the version of the protocol |
/// | [`redis::Client`] | client certificates: `redis::Client::build_with_tls` |
///
/// With the feature `redis-cluster`, each of them may also name one node of a cluster. The other
/// nodes are reached in the same way, with the same certificates.
pub struct Store(pub(super) Vec<Route>);

impl Store {
    /// The cluster that `nodes` belong to (feature `redis-cluster`).
    ///
    /// One node is enough. Name several, so that one may be down when the program starts.
    ///
    /// # Errors
    ///
    /// [`Error::Url`] and [`Error::NoTls`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use hotcount::redis::{Publisher, Store};
    ///
    /// let cluster = Store::cluster(["redis://10.0.0.1:6379/", "redis://10.0.0.2:6379/"])?;
    /// let publisher = Publisher::connect(cluster, "web")?;
    /// # Ok::<(), hotcount::redis::Error>(())
    /// ```
    #[cfg(feature = "redis-cluster")]
    #[cfg_attr(docsrs, doc(cfg(feature = "redis-cluster")))]
    pub fn cluster<T: IntoConnectionInfo>(
        nodes: impl IntoIterator<Item = T>,
    ) -> Result<Self, Error> {
        Ok(Self(clients(nodes)?.into_iter().map(Route::Direct).collect()))
    }

    /// The primary that `sentinels` name (feature `redis-sentinel`).
    ///
    /// `primary` says how to connect to it. Its host is the name under which the Sentinels know it,
    /// and its port is not used. The Sentinels are asked for each new connection. A Sentinel that
    /// hangs costs up to half of [`TIMEOUT`](super::TIMEOUT) once: then another one is asked first.
    /// So it is after a Sentinel has named a server that does not answer as a primary.
    ///
    /// # Errors
    ///
    /// [`Error::Url`], also if `primary` is the path of a socket, and [`Error::NoTls`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use hotcount::redis::{Publisher, Store};
    ///
    /// let sentinels = ["redis://10.0.0.1:26379/", "redis://10.0.0.2:26379/"];
    /// let store = Store::behind_sentinels(sentinels, "redis://:password@mymaster/")?;
    /// let publisher = Publisher::connect(store, "web")?;
    /// # Ok::<(), hotcount::redis::Error>(())
    /// ```
    #[cfg(feature = "redis-sentinel")]
    #[cfg_attr(docsrs, doc(cfg(feature = "redis-sentinel")))]
    pub fn behind_sentinels<T: IntoConnectionInfo>(
        sentinels: impl IntoIterator<Item = T>,
        primary: impl IntoConnectionInfo,
    ) -> Result<Self, Error> {
        let primary = client(primary)?.get_connection_info().clone();
        if let ConnectionAddr::Unix(_) = primary.addr() {
            let path = "Sentinels know a primary by its name, not by a path: redis://mymaster/";
            return Err(Error::of_url((ErrorKind::InvalidClientConfig, path).into()));
        }
        let sentinels = Sentinels::new(clients(sentinels)?, primary);
        Ok(Self(vec![Route::Sentinels(sentinels)]))
    }
}

impl TryFrom<&str> for Store {
    type Error = Error;

    fn try_from(url: &str) -> Result<Self, Error> {
        client(url).map(Self::from)
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
        client(info).map(Self::from)
    }
}

impl From<Client> for Store {
    fn from(client: Client) -> Self {
        Self(vec![Route::Direct(client)])
    }
}

/// For `connect` with a `Store`, a conversion that cannot fail.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
