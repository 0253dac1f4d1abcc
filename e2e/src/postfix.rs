//! A real Postfix of our own: configuration, queue, log and mailbox in a throwaway folder, one port of one address.
//!
//! As [`Postfix::start`] has it, whoever mails to `@mailbox.test` is delivered into one Maildir; anything else is refused
//! at RCPT. Its processes change users as always, so that it must be started by root; the system's own Postfix is neither
//! read nor touched.

use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::mailbox::Mailbox;
use crate::patience::{PATIENCE, until};
use crate::program::free_port;
use crate::supervised::{Supervised, find, last_lines};

/// Whose mail it is.
const DOMAIN: &str = "mailbox.test";
/// `nobody`: virtual(8) delivers as anyone but root.
pub(crate) const OWNER: u32 = 65_534;

/// A running server.
pub struct Postfix {
    // Dropped first: the folder goes when nobody works in it any more.
    _server: Supervised,
    folder: TempDir,
    address: SocketAddrV4,
}

impl Postfix {
    /// Starts one at a free port of 127.0.0.1 that delivers into a mailbox, and waits until it greets.
    pub async fn start() -> Self {
        let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, free_port());
        Self::start_at(address, |folder| settings_of_the_mailbox(&folder.to_string_lossy())).await
    }

    /// Starts one somewhere with further settings for `main.cf`, told its folder, and waits until it greets.
    pub async fn start_at(address: SocketAddrV4, settings: impl FnOnce(&Path) -> String) -> Self {
        let program = find("postfix", "postfix");
        let root = rustix::process::geteuid().is_root();
        assert!(
            root,
            "Postfix must be started by root: run the tests as root, as `cargo xtask test` in a container does"
        );
        let folder = tempfile::Builder::new().prefix("e2e-postfix-").tempdir().expect("a folder for Postfix");
        lay_out(folder.path(), address, &settings(folder.path()));
        let configuration = folder.path().join("configuration");
        let configuration = configuration.to_string_lossy();
        let stop = format!("'{program}' -c '{configuration}' stop");
        let server = Supervised::start(
            &program,
            &["-c", &configuration, "start-fg"],
            &stop,
            &folder.path().join("start.log"),
        );
        let postfix = Postfix { _server: server, folder, address };
        until("Postfix greets", PATIENCE, async || postfix.greets().then_some(())).await;
        postfix
    }

    /// The relay's address for the program.
    pub fn relay(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Where all its mail goes.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::in_folder(self.folder.path().join("mail/all"))
    }

    /// Waits until it has handed on a mail to an address that begins so, and the next server has said 250.
    pub async fn has_sent(&self, to: &str) {
        let to = format!(" to=<{to}");
        until(&format!("Postfix has sent a mail with{to}…"), PATIENCE, async || {
            let log = fs::read_to_string(self.folder.path().join("log/postfix.log")).unwrap_or_default();
            log.lines().any(|line| line.contains(&to) && line.contains(" status=sent (250")).then_some(())
        })
        .await;
    }

    fn greets(&self) -> bool {
        use std::io::Read;
        let Ok(mut socket) = TcpStream::connect(self.address) else { return false };
        let mut start = [0; 4];
        let waits = socket.set_read_timeout(Some(Duration::from_secs(10)));
        waits.is_ok() && socket.read_exact(&mut start).is_ok() && &start == b"220 "
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for log in ["start.log", "log/postfix.log"] {
                eprintln!(
                    "the last lines of Postfix's {log}:\n{}",
                    last_lines(&self.folder.path().join(log), 20)
                );
            }
        }
    }
}

fn lay_out(folder: &Path, address: SocketAddrV4, settings: &str) {
    // Postfix's processes are other users and must pass through.
    fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("our folder is ours");
    for name in ["configuration", "queue", "data", "log", "mail"] {
        fs::create_dir(folder.join(name)).expect("a folder in our folder");
    }
    let (user, group) = numbers("postfix");
    chown(folder.join("data"), Some(user), Some(group)).expect("Postfix owns its data");
    chown(folder.join("mail"), Some(OWNER), Some(OWNER)).expect("the mailbox has its owner");
    let folder_name = folder.to_string_lossy();
    let main_cf = main_cf(&folder_name, *address.ip()) + settings;
    fs::write(folder.join("configuration/main.cf"), main_cf).expect("main.cf can be written");
    fs::write(folder.join("configuration/master.cf"), master_cf(address)).expect("master.cf can be written");
}

fn main_cf(folder: &str, address: Ipv4Addr) -> String {
    format!(
        "compatibility_level = 3.6\n\
         queue_directory = {folder}/queue\n\
         data_directory = {folder}/data\n\
         maillog_file = {folder}/log/postfix.log\n\
         maillog_file_prefixes = {folder}\n\
         mail_owner = postfix\n\
         setgid_group = postdrop\n\
         syslog_name = e2e\n\
         mydestination =\n\
         inet_interfaces = {address}\n\
         inet_protocols = ipv4\n\
         alias_maps =\n\
         local_recipient_maps =\n\
         smtpd_client_connection_count_limit = 0\n"
    )
}

fn settings_of_the_mailbox(folder: &str) -> String {
    format!(
        "myhostname = relay.test\n\
         mynetworks = 127.0.0.0/8\n\
         smtpd_relay_restrictions = reject_unauth_destination\n\
         virtual_mailbox_domains = {DOMAIN}\n\
         virtual_mailbox_base = {folder}/mail\n\
         virtual_mailbox_maps = static:all/\n\
         virtual_uid_maps = static:{OWNER}\n\
         virtual_gid_maps = static:{OWNER}\n\
         disable_dns_lookups = yes\n"
    )
}

/// As `master.cf.dist` has it, without chroot and submission.
fn master_cf(address: SocketAddrV4) -> String {
    format!(
        "{address} inet n - n - - smtpd\n\
         pickup unix n - n 60 1 pickup\n\
         cleanup unix n - n - 0 cleanup\n\
         qmgr unix n - n 300 1 qmgr\n\
         rewrite unix - - n - - trivial-rewrite\n\
         bounce unix - - n - 0 bounce\n\
         defer unix - - n - 0 bounce\n\
         trace unix - - n - 0 bounce\n\
         verify unix - - n - 1 verify\n\
         tlsmgr unix - - n 1000? 1 tlsmgr\n\
         flush unix n - n 1000? 0 flush\n\
         proxymap unix - - n - - proxymap\n\
         proxywrite unix - - n - 1 proxymap\n\
         showq unix n - n - - showq\n\
         error unix - - n - - error\n\
         retry unix - - n - - error\n\
         discard unix - - n - - discard\n\
         smtp unix - - n - - smtp\n\
         lmtp unix - - n - - lmtp\n\
         virtual unix - n n - - virtual\n\
         anvil unix - - n - 1 anvil\n\
         scache unix - - n - 1 scache\n\
         postlog unix-dgram n - n - 1 postlogd\n"
    )
}

/// The numbers of a user and its group.
pub(crate) fn numbers(name: &str) -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
    let found = users.lines().find_map(|line| {
        let mut fields = line.strip_prefix(name)?.strip_prefix(":x:")?.split(':');
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    found.unwrap_or_else(|| panic!("there is no user {name}, which the package of that name makes"))
}
