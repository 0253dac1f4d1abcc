//! Certificates and TLS settings, for both ends: rustls over aws-lc-rs, TLS 1.2 and 1.3.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file of certificates that could not be read.
    #[error("the certificate file {path:?} could not be read")]
    File {
        /// The file of the route's `ca` option.
        path: PathBuf,
        /// What the reader said.
        source: pem::Error,
    },
    /// A PEM text that is none.
    #[error("the certificate or its key is not in PEM form")]
    Pem(#[source] pem::Error),
    /// A file without certificates.
    #[error("the certificate file {0:?} holds no certificate")]
    NoCertificate(PathBuf),
    /// The system has no root certificates, so that no server could be trusted.
    #[error("this system has no root certificates (on Debian: package ca-certificates)")]
    NoRoots,
    /// Refused by rustls.
    #[error("the TLS settings were refused")]
    Rustls(#[from] rustls::Error),
}

/// Settings of a client that trusts the system's roots and those in the file `ca`. Reads files.
pub fn client_config(ca: Option<&Path>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca {
        let file = |source| TlsError::File { path: path.to_owned(), source };
        let before = roots.len();
        for certificate in CertificateDer::pem_file_iter(path).map_err(file)? {
            roots.add(certificate.map_err(file)?)?;
        }
        if roots.len() == before {
            return Err(TlsError::NoCertificate(path.to_owned()));
        }
    }
    if roots.is_empty() {
        return Err(TlsError::NoRoots);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Settings of a server that shows this certificate (chain) with this key, both in PEM.
pub fn server_config(certificates: &[u8], key: &[u8]) -> Result<Arc<ServerConfig>, TlsError> {
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(certificates).collect::<Result<_, _>>().map_err(TlsError::Pem)?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(TlsError::Pem)?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Arc::new(config))
}
