//! A real Postfix of our own: configuration, queue, log and mailbox in a throwaway folder, one port of 127.0.0.1.
//!
//! Whoever mails to `@mailbox.test` is delivered into one Maildir; anything else is refused at RCPT. Its processes
//! change users as always, so that it must be started by root; the system's own Postfix is neither read nor touched.

use std::fs::{self, Permissions};
use std::net::TcpStream;
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
const OWNER: u32 = 65_534;

/// A running server.
pub struct Postfix {
    // Dropped first: the folder goes when nobody works in it any more.
    _server: Supervised,
    folder: TempDir,
    port: u16,
}

impl Postfix {
    /// Starts one and waits until it greets.
    pub async fn start() -> Self {
        let program = find("postfix", "postfix");
        let root = rustix::process::geteuid().is_root();
        assert!(
            root,
            "Postfix must be started by root: run the tests as root, as `cargo xtask test` in a container does"
        );
        let folder = tempfile::Builder::new().prefix("e2e-postfix-").tempdir().expect("a folder for Postfix");
        let port = free_port();
        lay_out(folder.path(), port);
        let configuration = folder.path().join("configuration");
        let configuration = configuration.to_string_lossy();
        let stop = format!("'{program}' -c '{configuration}' stop");
        let server = Supervised::start(
            &program,
            &["-c", &configuration, "start-fg"],
            &stop,
            &folder.path().join("start.log"),
        );
        let postfix = Postfix { _server: server, folder, port };
        until("Postfix greets", PATIENCE, async || postfix.greets().then_some(())).await;
        postfix
    }

    /// The relay's address for the program.
    pub fn relay(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Where all its mail goes.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::in_folder(self.folder.path().join("mail/all"))
    }

    fn greets(&self) -> bool {
        use std::io::Read;
        let Ok(mut socket) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
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

fn lay_out(folder: &Path, port: u16) {
    // Postfix's processes are other users and must pass through.
    fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("our folder is ours");
    for name in ["configuration", "queue", "data", "log", "mail"] {
        fs::create_dir(folder.join(name)).expect("a folder in our folder");
    }
    let (user, group) = numbers("postfix");
    chown(folder.join("data"), Some(user), Some(group)).expect("Postfix owns its data");
    chown(folder.join("mail"), Some(OWNER), Some(OWNER)).expect("the mailbox has its owner");
    let folder_name = folder.to_string_lossy();
    fs::write(folder.join("configuration/main.cf"), main_cf(&folder_name)).expect("main.cf can be written");
    fs::write(folder.join("configuration/master.cf"), master_cf(port)).expect("master.cf can be written");
}

fn main_cf(folder: &str) -> String {
    format!(
        "compatibility_level = 3.6\n\
         queue_directory = {folder}/queue\n\
         data_directory = {folder}/data\n\
         maillog_file = {folder}/log/postfix.log\n\
         maillog_file_prefixes = {folder}\n\
         mail_owner = postfix\n\
         setgid_group = postdrop\n\
         syslog_name = e2e\n\
         myhostname = relay.test\n\
         mydestination =\n\
         inet_interfaces = 127.0.0.1\n\
         inet_protocols = ipv4\n\
         mynetworks = 127.0.0.0/8\n\
         alias_maps =\n\
         local_recipient_maps =\n\
         smtpd_relay_restrictions = reject_unauth_destination\n\
         smtpd_client_connection_count_limit = 0\n\
         virtual_mailbox_domains = {DOMAIN}\n\
         virtual_mailbox_base = {folder}/mail\n\
         virtual_mailbox_maps = static:all/\n\
         virtual_uid_maps = static:{OWNER}\n\
         virtual_gid_maps = static:{OWNER}\n\
         disable_dns_lookups = yes\n"
    )
}

/// As `master.cf.dist` has it, without chroot, submission and delivery elsewhere.
fn master_cf(port: u16) -> String {
    format!(
        "127.0.0.1:{port} inet n - n - - smtpd\n\
         pickup unix n - n 60 1 pickup\n\
         cleanup unix n - n - 0 cleanup\n\
         qmgr unix n - n 300 1 qmgr\n\
         rewrite unix - - n - - trivial-rewrite\n\
         bounce unix - - n - 0 bounce\n\
         defer unix - - n - 0 bounce\n\
         trace unix - - n - 0 bounce\n\
         verify unix - - n - 1 verify\n\
         flush unix n - n 1000? 0 flush\n\
         proxymap unix - - n - - proxymap\n\
         proxywrite unix - - n - 1 proxymap\n\
         showq unix n - n - - showq\n\
         error unix - - n - - error\n\
         retry unix - - n - - error\n\
         discard unix - - n - - discard\n\
         virtual unix - n n - - virtual\n\
         anvil unix - - n - 1 anvil\n\
         scache unix - - n - 1 scache\n\
         postlog unix-dgram n - n - 1 postlogd\n"
    )
}

/// The numbers of a user and its group.
fn numbers(name: &str) -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
    let found = users.lines().find_map(|line| {
        let mut fields = line.strip_prefix(name)?.strip_prefix(":x:")?.split(':');
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    found.unwrap_or_else(|| panic!("there is no user {name}, which the package of that name makes"))
}
