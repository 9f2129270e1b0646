//! TLS, with a certificate that the test makes.

use std::fs::read;
use std::path::Path;
use std::process::Command;

use hotcount::AtomicCounter;
use hotcount::redis::{Error, Publisher, Tickets};
use redis::{Client, ClientTlsConfig, TlsCertificates};

use crate::bounded::until;
use crate::fake::{free_listener, port};
use crate::server::Server;
use crate::totals::LONG;

/// A certificate authority and what it signed: `server` for the store, `client` for its clients.
fn make_certificates(directory: &Path) {
    let openssl = |arguments: &str| {
        let made = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(directory)
            .output()
            .expect("openssl is installed: `apt-get install openssl`");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc";
    openssl(&format!(
        "req -x509 {key} -keyout ca.key -out ca.crt -days 2 -subj /CN=test-authority"
    ));
    for name in ["server", "client"] {
        openssl(&format!(
            "req {key} -keyout {name}.key -out {name}.csr -subj /CN={name} -addext \
             subjectAltName=IP:127.0.0.1,DNS:localhost"
        ));
        openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
             -copy_extensions copy -out {name}.crt"
        ));
    }
}

/// A store that wants certificates from its clients, if `client_certificates` is `yes`.
fn server(client_certificates: &str) -> Server {
    let options = format!(
        "--tls-port PORT --tls-cert-file server.crt --tls-key-file server.key --tls-ca-cert-file \
         ca.crt --tls-auth-clients {client_certificates} --appendonly yes"
    );
    Server::with_files(&options.split(' ').collect::<Vec<_>>(), make_certificates)
}

fn url(store: &Server) -> String {
    format!("rediss://localhost:{}/", store.port)
}

/// The client of a program that trusts the test's authority.
fn client(store: &Server, with_certificate: bool) -> Client {
    let file = |name: &str| read(store.dir.join(name)).expect("it was made");
    let certificate =
        || ClientTlsConfig { client_cert: file("client.crt"), client_key: file("client.key") };
    let certificates = TlsCertificates {
        client_tls: with_certificate.then(certificate),
        root_cert: Some(file("ca.crt")),
    };
    Client::build_with_tls(url(store), certificates).expect("they are certificates")
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn counts_and_tickets_go_over_tls() {
    let store = server("no");
    let publisher = Publisher::connect(client(&store, false), "web").expect("it starts");
    publisher.watch("hits", AtomicCounter::from(8));
    publisher.publish().expect("the store is up");
    assert_eq!(publisher.total_within("hits", LONG).expect("the store is up").value(), 8);
    let tickets = Tickets::connect(client(&store, false), "orders", 10).expect("it starts");
    assert_eq!(tickets.next_within(LONG).expect("the store is up"), 1);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_certificate_of_an_unknown_authority_is_refused_by_name() {
    let store = server("no");
    let publisher = Publisher::connect(url(&store), "web").expect("it starts");
    publisher.watch("hits", AtomicCounter::from(8));
    let error = publisher.publish().expect_err("the system does not know the authority");
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_client_shows_its_certificate() {
    let store = server("yes");
    let connect = |with_certificate| {
        let client = client(&store, with_certificate);
        let publisher = Publisher::connect(client, "web").expect("it starts");
        publisher.watch("hits", AtomicCounter::from(8));
        publisher.publish()
    };
    connect(false).expect_err("the store wants a certificate");
    connect(true).expect("the authority has signed it");
}

#[test]
fn a_server_that_is_silent_in_the_handshake_is_given_up() {
    let silent = free_listener();
    let url = format!("rediss://localhost:{}/", port(&silent));
    let publisher = Publisher::connect(url, "web").expect("it starts");
    publisher.watch("hits", AtomicCounter::from(8));
    let error = until("the background thread gives up", || publisher.health().last_error);
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
}
