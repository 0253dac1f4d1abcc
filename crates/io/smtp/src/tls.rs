//! Certificates and TLS settings, for both ends: rustls over aws-lc-rs, TLS 1.2 and 1.3.

mod verify;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use records::tlsa::Tlsa;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
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

/// What connections straight to mail servers trust. Cloning shares what was read.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    ca: Option<PathBuf>,
    authorities: Arc<OnceLock<Arc<ClientConfig>>>,
    anything: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl Trust {
    /// The system's roots, and those in a PEM file.
    pub fn new(ca: Option<PathBuf>) -> Self {
        Self { ca, ..Self::default() }
    }

    /// Settings that ask for a certificate of a known authority. Reads files the first time.
    pub(crate) async fn authorities(&self) -> Result<Arc<ClientConfig>, TlsError> {
        if let Some(config) = self.authorities.get() {
            return Ok(config.clone());
        }
        let ca = self.ca.clone();
        let read = tokio::task::spawn_blocking(move || client_config(ca.as_deref())).await;
        // The task only fails when the runtime is shutting down.
        let config = read.map_err(|_| TlsError::NoRoots)??;
        Ok(self.authorities.get_or_init(|| config).clone())
    }

    /// Settings that take any certificate.
    pub(crate) fn anything(&self) -> Result<Arc<ClientConfig>, TlsError> {
        if let Some(config) = self.anything.get() {
            return Ok(config.clone());
        }
        let config = verify::config(verify::Verifier::anything())?;
        Ok(self.anything.get_or_init(|| config).clone())
    }

    /// Settings that ask for a certificate that one of the records names; any certificate where none is usable
    /// (RFC 7672 2.2). `names` are those that it may be for, where a record names an authority.
    pub(crate) fn dane(
        &self,
        records: &[Tlsa],
        names: Vec<ServerName<'static>>,
    ) -> Result<Arc<ClientConfig>, TlsError> {
        if !records.iter().any(Tlsa::is_usable) {
            return self.anything();
        }
        verify::config(verify::Verifier::dane(records.to_vec(), names))
    }
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
