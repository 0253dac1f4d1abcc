//! Certificates that no authority vouches for: any, or those that the DNS names (RFC 7672).

use std::fmt;
use std::sync::Arc;

use records::tlsa::{self, Match, Tlsa};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use super::TlsError;

/// What is said about a certificate that the DNS does not name. Both ways of printing say it: TLS prints errors of
/// others in the way that is for programmers.
#[derive(thiserror::Error)]
#[error("no TLSA record names the server's certificate")]
struct Unnamed;

impl fmt::Debug for Unnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Judges the certificates of a mail server.
#[derive(Debug)]
pub(super) struct Verifier {
    /// None where any certificate will do.
    named: Option<Named>,
    algorithms: WebPkiSupportedAlgorithms,
}

#[derive(Debug)]
struct Named {
    records: Vec<Tlsa>,
    names: Vec<ServerName<'static>>,
}

impl Verifier {
    /// Takes any certificate: encryption without knowing with whom is better than none (RFC 7435).
    pub(super) fn anything() -> Self {
        Self::new(None)
    }

    /// Takes the certificates that the records name.
    pub(super) fn dane(records: Vec<Tlsa>, names: Vec<ServerName<'static>>) -> Self {
        Self::new(Some(Named { records, names }))
    }

    fn new(named: Option<Named>) -> Self {
        Self { named, algorithms: aws_lc_rs::default_provider().signature_verification_algorithms }
    }

    /// RFC 7672 3.1.2: the chain leads up to the authority, in time, and the certificate is for one of the names.
    fn below_authority(
        &self,
        authority: &CertificateDer<'_>,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        names: &[ServerName<'static>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned())?;
        let own = ParsedCertificate::try_from(own)?;
        verify_server_cert_signed_by_trust_anchor(&own, &roots, between, now, self.algorithms.all)?;
        let mut result = Err(Error::InvalidCertificate(CertificateError::NotValidForName));
        for name in names {
            result = verify_server_name(&own, name);
            if result.is_ok() {
                break;
            }
        }
        result
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(named) = &self.named else { return Ok(ServerCertVerified::assertion()) };
        let chain: Vec<&CertificateDer<'_>> = std::iter::once(own).chain(between).collect();
        match tlsa::judge(&named.records, &chain) {
            Match::Certificate | Match::Unusable => {}
            Match::Authority(place) => {
                self.below_authority(chain[place], own, between, &named.names, now)?;
            }
            Match::Nothing => {
                let unnamed = OtherError(Arc::new(Unnamed));
                return Err(Error::InvalidCertificate(CertificateError::Other(unnamed)));
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // Whoever takes any certificate learns nothing from a proof that it belongs to the server; and the proof
        // of some old certificates cannot even be read.
        if self.named.is_none() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.named.is_none() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Settings of a client with this verifier.
pub(super) fn config(verifier: Verifier) -> Result<Arc<ClientConfig>, TlsError> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}
