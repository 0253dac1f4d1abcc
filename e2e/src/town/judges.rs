//! Who judges mail when it arrives: OpenDKIM and OpenDMARC, as filters of the receiving server. And dkimpy, afterwards.

use std::fs::{self, Permissions};
use std::io::Write;
use std::net::Ipv4Addr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::patience::{PATIENCE, until};
use crate::postfix::numbers;
use crate::supervised::{Supervised, find, last_lines};

/// The name under which they write down what they found.
const SIGNED_BY: &str = "mx.mailbox.test";

/// Running filters.
pub struct Judges {
    _dkim: Supervised,
    _dmarc: Supervised,
    folder: TempDir,
}

impl Judges {
    /// Starts both and waits for their sockets.
    pub async fn start(names: Ipv4Addr) -> Self {
        let folder = tempfile::Builder::new().prefix("e2e-judges-").tempdir().expect("a folder for judges");
        let path = folder.path();
        fs::set_permissions(path, Permissions::from_mode(0o755)).expect("our folder is ours");
        // Nobody's mail is exempt from being judged.
        let nobody = path.join("nobody");
        fs::write(&nobody, "203.0.113.255\n").expect("a file in our folder");
        let dkim = start(path, "opendkim", "-x", |room| {
            format!(
                "Mode v\nSocket local:{room}/socket\nUserID opendkim:opendkim\nUMask 000\nBackground no\n\
                 Nameservers {names}\nAuthservID {SIGNED_BY}\nAlwaysAddARHeader yes\n\
                 InternalHosts refile:{nobody}\nExternalIgnoreList refile:{nobody}\n",
                nobody = nobody.display()
            )
        });
        // It judges SPF itself, for the envelope's sender, and looks for the other's verdict on the signature.
        let dmarc = start(path, "opendmarc", "-c", |room| {
            format!(
                "Socket local:{room}/socket\nUserID opendmarc:opendmarc\nUMask 000\nBackground false\n\
                 Syslog false\nAuthservID {SIGNED_BY}\nTrustedAuthservIDs {SIGNED_BY}\nIgnoreHosts {nobody}\n\
                 SPFIgnoreResults true\nSPFSelfValidate true\nRejectFailures false\n\
                 PublicSuffixList /usr/share/publicsuffix/public_suffix_list.dat\n",
                nobody = nobody.display()
            )
        });
        let judges = Judges { _dkim: dkim, _dmarc: dmarc, folder };
        let sockets = ["opendkim", "opendmarc"].map(|name| judges.folder.path().join(name).join("socket"));
        until("OpenDKIM and OpenDMARC listen", PATIENCE, async || {
            sockets.iter().all(|socket| socket.exists()).then_some(())
        })
        .await;
        judges
    }

    /// For Postfix, in the order in which they look.
    pub(crate) fn milters(&self) -> String {
        let folder = self.folder.path().display();
        format!("unix:{folder}/opendkim/socket unix:{folder}/opendmarc/socket")
    }
}

impl Drop for Judges {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for name in ["opendkim", "opendmarc"] {
                let log = self.folder.path().join(format!("{name}.log"));
                eprintln!("the last words of {name}:\n{}", last_lines(&log, 20));
            }
        }
    }
}

fn start(folder: &Path, name: &str, option: &str, settings: impl FnOnce(&str) -> String) -> Supervised {
    let program = find(name, name);
    let room = folder.join(name);
    fs::create_dir(&room).expect("a folder in our folder");
    let (user, group) = numbers(name);
    chown(&room, Some(user), Some(group)).expect("each has a folder of its own");
    let file = folder.join(format!("{name}.conf"));
    fs::write(&file, settings(&room.to_string_lossy())).expect("a file in our folder");
    let file = file.to_string_lossy();
    Supervised::start(&program, &["-f", option, &file], "kill $pid", &folder.join(format!("{name}.log")))
}

/// What dkimpy says of a mail: whether its signature is good, by the key in DNS.
pub fn dkim_verifies(mail: &[u8]) -> bool {
    let mut verifier = Command::new(find("dkimverify", "python3-dkim"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("dkimverify can be started");
    verifier.stdin.take().expect("it reads").write_all(mail).expect("it reads all of it");
    let said = verifier.wait_with_output().expect("it is ours");
    let (words, complaint) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    if said.status.success() && words.contains("signature ok") {
        return true;
    }
    // A wrong hash is an exception to it.
    let no = words.contains("signature verification failed") || complaint.contains("ValidationError");
    assert!(no, "dkimverify does not say what it found: {words}{complaint}");
    false
}
