//! Real mailboxes behind a real IMAP server: Dovecot, in a throwaway folder.

use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::patience::{PATIENCE, until};
use crate::postfix::OWNER;
use crate::supervised::{Supervised, find, last_lines};

/// Everybody's password, with what a URL has to encode.
const PASSWORD: &str = "s:e/cret-é@";
const ENCODED: &str = "s%3Ae%2Fcret-%C3%A9%40";

/// A running server.
pub struct Dovecot {
    _server: Supervised,
    folder: TempDir,
}

impl Dovecot {
    /// Starts one that takes mail for these addresses and lets them read it.
    pub async fn start(address: Ipv4Addr, mailboxes: &[&str]) -> Self {
        let program = find("dovecot", "dovecot-imapd");
        let folder = tempfile::Builder::new().prefix("e2e-dovecot-").tempdir().expect("a folder for Dovecot");
        let path = folder.path();
        lay_out(path, address, mailboxes);
        let file = path.join("dovecot.conf");
        let file = file.to_string_lossy();
        let server = Supervised::start(&program, &["-F", "-c", &file], "kill $pid", &path.join("start.log"));
        let dovecot = Dovecot { _server: server, folder };
        until("Dovecot takes and gives mail", PATIENCE, async || {
            let takes = dovecot.lmtp().exists();
            (takes && TcpStream::connect((address, 993)).is_ok()).then_some(())
        })
        .await;
        dovecot
    }

    /// Where it takes mail.
    pub(crate) fn lmtp(&self) -> PathBuf {
        self.folder.path().join("lmtp")
    }

    /// The certificate of `mx.mailbox.test`, and its key.
    pub(crate) fn certificate(&self) -> (PathBuf, PathBuf) {
        (self.folder.path().join("certificate.pem"), self.folder.path().join("key.pem"))
    }

    /// A mailbox as a URL, by one of the schemes and with further options: `?move=Read`.
    pub fn url(&self, scheme: &str, address: &str, rest: &str) -> String {
        let (user, sign) = (address.replace('@', "%40"), if rest.contains('?') { '&' } else { '?' });
        let (certificate, _) = self.certificate();
        format!("{scheme}://{user}:{ENCODED}@mx.mailbox.test{rest}{sign}ca={}", certificate.display())
    }

    /// Puts a mail into a mailbox, as if it had come.
    pub fn put(&self, address: &str, name: &str, mail: &[u8]) {
        let mailbox = self.folder.path().join("mail").join(address);
        for folder in [mailbox.clone(), mailbox.join("tmp"), mailbox.join("new"), mailbox.join("cur")] {
            if !folder.exists() {
                fs::create_dir(&folder).expect("a folder in our folder");
                chown(&folder, Some(OWNER), Some(OWNER)).expect("the mailboxes have their owner");
            }
        }
        // A Maildir's readers see whole files only.
        let (whole, seen) = (mailbox.join("tmp").join(name), mailbox.join("new").join(name));
        fs::write(&whole, mail).expect("a file in our folder");
        chown(&whole, Some(OWNER), Some(OWNER)).expect("the mailboxes have their owner");
        fs::rename(&whole, &seen).expect("a file can be moved in our folder");
    }

    /// Waits until somebody's mailbox has so many mails that nobody has taken; what they are.
    pub async fn mails(&self, address: &str, number: usize) -> Vec<imap::Fetched> {
        self.mails_at(&self.url("imaps", address, ""), number).await
    }

    /// The same for a mailbox by its URL.
    pub async fn mails_at(&self, url: &str, number: usize) -> Vec<imap::Fetched> {
        let mailbox = imap::Mailbox::parse(url).expect("our own URL");
        until(&format!("{number} mails in {mailbox}"), PATIENCE, async || {
            // The folder may not be there yet.
            let mut session = imap::Session::open(&mailbox, imap::Timeouts::default()).await.ok()?;
            let mails = session.fetch_new(100).await.unwrap_or_else(|error| panic!("{mailbox}: {error}"));
            session.close().await;
            (mails.len() >= number).then_some(mails)
        })
        .await
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for log in ["start.log", "log"] {
                let lines = last_lines(&self.folder.path().join(log), 20);
                eprintln!("the last lines of Dovecot's {log}:\n{lines}");
            }
        }
    }
}

fn lay_out(folder: &Path, address: Ipv4Addr, mailboxes: &[&str]) {
    fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("our folder is ours");
    fs::create_dir(folder.join("mail")).expect("a folder in our folder");
    chown(folder.join("mail"), Some(OWNER), Some(OWNER)).expect("the mailboxes have their owner");
    let users: String = mailboxes.iter().map(|address| format!("{address}:::::::\n")).collect();
    fs::write(folder.join("users"), users).expect("a file in our folder");
    certificate(folder, address);
    fs::write(folder.join("dovecot.conf"), settings(&folder.to_string_lossy(), address))
        .expect("a file in our folder");
}

fn settings(folder: &str, address: Ipv4Addr) -> String {
    format!(
        "base_dir = {folder}/run\n\
         state_dir = {folder}/run\n\
         log_path = {folder}/log\n\
         protocols = imap lmtp\n\
         listen = {address}\n\
         ssl = required\n\
         ssl_cert = <{folder}/certificate.pem\n\
         ssl_key = <{folder}/key.pem\n\
         auth_mechanisms = plain login\n\
         mail_max_userip_connections = 100\n\
         mail_location = maildir:{folder}/mail/%u\n\
         mail_uid = {OWNER}\n\
         mail_gid = {OWNER}\n\
         first_valid_uid = 1\n\
         first_valid_gid = 1\n\
         passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}\n\
         userdb {{\n  driver = passwd-file\n  args = username_format=%u {folder}/users\n}}\n\
         service lmtp {{\n  unix_listener {folder}/lmtp {{\n    mode = 0666\n  }}\n}}\n\
         service imap-login {{\n  chroot =\n}}\n\
         service anvil {{\n  chroot =\n}}\n\
         service stats {{\n  chroot =\n}}\n"
    )
}

fn certificate(folder: &Path, address: Ipv4Addr) {
    let names = format!("subjectAltName=DNS:mx.mailbox.test,IP:{address}");
    let status = Command::new(find("openssl", "openssl"))
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
        .args(["-subj", "/CN=mx.mailbox.test", "-addext", &names])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .stderr(Stdio::null())
        .status()
        .expect("openssl can be started");
    assert!(status.success(), "openssl makes a certificate");
}
