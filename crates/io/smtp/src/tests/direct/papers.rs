//! Certificates for tests, made by OpenSSL.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The server of the tests.
pub(super) const HOST: &str = "mx.letter.example";
/// Another one.
pub(super) const OTHER: &str = "mx.other.example";

/// What a server shows.
#[derive(Clone)]
pub(super) struct Papers {
    /// Its own certificate, in DER.
    pub(super) certificate: Vec<u8>,
    /// Its own and those above it, in PEM.
    pub(super) chain: Vec<u8>,
    /// Its key, in PEM.
    pub(super) key: Vec<u8>,
}

pub(super) struct AllPapers {
    /// An authority, as a file for its friends, in PEM and in DER.
    pub(super) authority_file: PathBuf,
    pub(super) authority_pem: Vec<u8>,
    pub(super) authority: Vec<u8>,
    /// Issued by it for [`HOST`].
    pub(super) good: Papers,
    /// Issued by it for [`OTHER`].
    pub(super) other_name: Papers,
    /// For [`HOST`], by nobody.
    pub(super) stranger: Papers,
}

pub(super) fn papers() -> &'static AllPapers {
    static PAPERS: OnceLock<AllPapers> = OnceLock::new();
    PAPERS.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("soucoupe-smtp-papers-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        make(&folder, "authority", "Authority", "basicConstraints=critical,CA:TRUE", false);
        let authority_file = folder.join("authority.pem");
        let authority_pem = std::fs::read(&authority_file).unwrap();
        let authority = der(&authority_pem);
        let issued = |name: &str, host: &str, by_authority: bool| {
            make(&folder, name, name, &format!("subjectAltName=DNS:{host}"), by_authority);
            let own = std::fs::read(folder.join(format!("{name}.pem"))).unwrap();
            let key = std::fs::read(folder.join(format!("{name}.key"))).unwrap();
            let certificate = der(&own);
            let chain = if by_authority { [own, authority_pem.clone()].concat() } else { own };
            Papers { certificate, chain, key }
        };
        AllPapers {
            good: issued("good", HOST, true),
            other_name: issued("other", OTHER, true),
            stranger: issued("stranger", HOST, false),
            authority_file,
            authority_pem,
            authority,
        }
    })
}

fn der(pem: &[u8]) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem).unwrap().to_vec()
}

fn make(folder: &Path, name: &str, subject: &str, extension: &str, by_authority: bool) {
    let mut openssl = Command::new("openssl");
    openssl
        .current_dir(folder)
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", &format!("/CN={subject}"), "-addext", extension])
        .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")])
        .stderr(Stdio::null());
    if extension.starts_with("subjectAltName") {
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    }
    if by_authority {
        openssl.args(["-CA", "authority.pem", "-CAkey", "authority.key"]);
    }
    assert!(openssl.status().unwrap().success());
}
