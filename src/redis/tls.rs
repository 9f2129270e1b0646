use rustls::crypto::{CryptoProvider, ring};

/// Chooses *ring* as the cryptography of rustls, unless the program has chosen.
///
/// rustls panics without a choice, and when two of its features offer one each.
pub(super) fn choose_provider() {
    if CryptoProvider::get_default().is_none() {
        // An error means that another thread has just chosen.
        let _ = ring::default_provider().install_default();
    }
}
