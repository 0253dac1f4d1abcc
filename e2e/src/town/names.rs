//! The names of the town: dnsmasq, which answers for everything and asks nobody.

use std::fs;
use std::net::Ipv4Addr;

use tempfile::TempDir;
use tokio::net::UdpSocket;

use super::{EXCHANGE, LISTENER, RELAY};
use crate::patience::{PATIENCE, until};
use crate::supervised::{Supervised, find};

/// A running name server.
pub struct Names {
    _server: Supervised,
    _folder: TempDir,
}

impl Names {
    /// Starts one with the town's own names and these records, and waits until it answers.
    pub async fn start(address: Ipv4Addr, records: &[String]) -> Self {
        let folder = tempfile::Builder::new().prefix("e2e-names-").tempdir().expect("a folder for names");
        let mut settings = format!(
            "listen-address={address}\nbind-interfaces\nno-resolv\nno-hosts\nlocal=/#/\nkeep-in-foreground\n\
             user=root\npid-file=\n\
             host-record=relay.test,{RELAY}\n\
             host-record=mx.mailbox.test,{EXCHANGE}\n\
             host-record=in.gazette.example,{LISTENER}\n\
             mx-host=mailbox.test,mx.mailbox.test,10\n"
        );
        for record in records {
            settings.extend(setting(record).map(|line| line + "\n"));
        }
        let file = folder.path().join("dnsmasq.conf");
        fs::write(&file, settings).expect("a file in our folder");
        let server = Supervised::start(
            &find("dnsmasq", "dnsmasq-base"),
            &[&format!("--conf-file={}", file.display())],
            "kill $pid",
            &folder.path().join("log"),
        );
        until("the name server answers", PATIENCE, async || answers(address).await).await;
        Names { _server: server, _folder: folder }
    }
}

/// A line of a zone file as dnsmasq has it; nothing for a comment.
fn setting(record: &str) -> Option<String> {
    let record = record.trim();
    if record.is_empty() || record.starts_with(';') {
        return None;
    }
    let (name, rest) = record.split_once(". IN ").unwrap_or_else(|| panic!("not a record: {record}"));
    if let Some(value) = rest.strip_prefix("MX ") {
        let (preference, host) = value.split_once(' ').expect("an MX has a preference and a host");
        return Some(format!("mx-host={name},{},{preference}", host.trim_end_matches('.')));
    }
    let strings = rest.strip_prefix("TXT ").unwrap_or_else(|| panic!("neither MX nor TXT: {record}"));
    Some(format!("txt-record={name},{}", strings.replace("\" \"", "\",\"")))
}

/// Asks for the root's name servers: any answer will do.
async fn answers(address: Ipv4Addr) -> Option<()> {
    let socket = UdpSocket::bind((address, 0)).await.ok()?;
    socket.connect((address, 53)).await.ok()?;
    socket.send(&[0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]).await.ok()?;
    let mut answer = [0; 512];
    let wait = tokio::time::timeout(std::time::Duration::from_millis(200), socket.recv(&mut answer));
    wait.await.ok()?.ok().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::setting;

    #[test]
    fn lines_of_a_zone_file_become_settings() {
        assert_eq!(setting("; a word"), None);
        assert_eq!(
            setting("k._domainkey.x.example. IN TXT \"v=DKIM1; p=ab\" \"cd\"").as_deref(),
            Some("txt-record=k._domainkey.x.example,\"v=DKIM1; p=ab\",\"cd\"")
        );
        assert_eq!(
            setting("x.example. IN MX 10 in.x.example.").as_deref(),
            Some("mx-host=x.example,in.x.example,10")
        );
    }
}
