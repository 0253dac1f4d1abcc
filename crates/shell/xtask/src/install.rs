//! What the tests need from the system: says what is missing and why, and installs it where it can.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::commands::{find, output, run, we_are_root};
use crate::postgres;

/// A Debian package, why we need it, how we see that it is there, and the service it brings.
struct Need {
    package: &'static str,
    why: &'static str,
    is_there: fn() -> bool,
    service: Option<&'static str>,
}

const NEEDS: &[Need] = &[
    Need {
        package: "postgresql",
        why: "every test of store and of the slices runs on PostgreSQL as on SQLite",
        is_there: || postgres::programs().is_ok(),
        service: Some("postgresql"),
    },
    Need {
        package: "postfix",
        why: "an edition travels through a real mail server into a real mailbox",
        is_there: || find("postfix").is_some(),
        service: Some("postfix"),
    },
    Need {
        package: "chromium",
        why: "a reader subscribes in a real browser",
        is_there: || find("chromium").is_some(),
        service: None,
    },
    Need {
        package: "chromium-driver",
        why: "it moves that browser",
        is_there: || find("chromedriver").is_some(),
        service: None,
    },
    Need {
        package: "opendkim",
        why: "a judge that is not ours looks at our signatures after two real mail servers",
        is_there: || find("opendkim").is_some(),
        service: Some("opendkim"),
    },
    Need {
        package: "opendmarc",
        why: "a judge that is not ours looks at SPF and DMARC",
        is_there: || find("opendmarc").is_some(),
        service: Some("opendmarc"),
    },
    Need {
        package: "dbconfig-no-thanks",
        why: "OpenDMARC brings a database of its own otherwise",
        is_there: || find("opendmarc").is_some(),
        service: None,
    },
    Need {
        package: "python3-dkim",
        why: "a second judge of signatures, for mails as they lie in the mailbox",
        is_there: || find("dkimverify").is_some(),
        service: None,
    },
    Need {
        package: "dovecot-imapd",
        why: "mailboxes that are polled stand behind a real IMAP server",
        is_there: || Path::new("/usr/lib/dovecot/imap").exists(),
        service: Some("dovecot"),
    },
    Need {
        package: "dovecot-lmtpd",
        why: "it takes what the real mail server delivers into those mailboxes",
        is_there: || Path::new("/usr/lib/dovecot/lmtp").exists(),
        service: None,
    },
    Need {
        package: "dnsmasq-base",
        why: "it answers for the names of the real mail servers, in a network of their own",
        is_there: || find("dnsmasq").is_some(),
        service: None,
    },
    Need {
        package: "iproute2",
        why: "it gives that network its addresses",
        is_there: || find("ip").is_some(),
        service: None,
    },
    Need {
        package: "openssl",
        why: "it makes the certificates of servers that are spoken to encrypted",
        is_there: || find("openssl").is_some(),
        service: None,
    },
    Need {
        package: "strace",
        why: "writes to the disk fail on purpose, and are written down for the test of a power loss",
        is_there: || find("strace").is_some(),
        service: None,
    },
    Need {
        package: "valgrind",
        why: "it counts the instructions of the way of a mail",
        is_there: || find("valgrind").is_some(),
        service: None,
    },
];

/// What `cargo xtask bench instructions` needs on top.
const COUNTING: &[Need] = &[Need {
    package: "valgrind",
    why: "it counts the instructions of each step of a mail",
    is_there: || find("valgrind").is_some(),
    service: None,
}];

/// What the tests need: installs what is missing with apt-get; an error with what to install when that is not possible
/// here.
pub(crate) fn ensure() -> Result<()> {
    ensure_all(NEEDS)
}

/// What counting instructions needs, in the same way.
pub(crate) fn ensure_counting() -> Result<()> {
    ensure_all(COUNTING)
}

fn ensure_all(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        let all: Vec<&str> = needs.iter().map(|need| need.package).collect();
        eprintln!("{} are there: nothing to install.", all.join(", "));
        return Ok(());
    }
    for need in &missing {
        eprintln!("{} is missing: {}.", need.package, need.why);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if find("apt-get").is_none() {
        bail!(
            "there is no apt-get here; install what Debian calls {} by your system's own means, then run this again",
            packages.join(", ")
        );
    }
    if !we_are_root() {
        bail!(
            "only root may install; run `sudo apt-get install --no-install-recommends {}`, then run this again",
            packages.join(" ")
        );
    }
    // What ran before keeps running; what only the installation starts is stopped again.
    let quiet: Vec<&str> =
        missing.iter().filter_map(|need| need.service).filter(|service| !is_running(service)).collect();
    install(&packages)?;
    for service in quiet.into_iter().filter(|service| is_running(service)) {
        eprintln!("The installation started {service}; stopping it, tests start their own.");
        run(Command::new("service").args([service, "stop"]))?;
    }
    if let Some(need) = missing.iter().find(|need| !(need.is_there)()) {
        bail!("{} is installed, but what we need of it is not there ({})", need.package, need.why);
    }
    Ok(())
}

fn install(packages: &[&str]) -> Result<()> {
    eprintln!("Installing {}.", packages.join(", "));
    run(apt().args(["-qq", "update"])).context("the lists of packages could not be fetched")?;
    if packages.contains(&"postfix") {
        // Otherwise its installation asks what this machine is, and configures it.
        answer_ahead("postfix postfix/main_mailer_type select No configuration\n")?;
    }
    let mut command = apt();
    command.args(["-qq", "-y", "--no-install-recommends", "install"]).args(packages);
    run(&mut command).with_context(|| format!("install {} by hand, then run this again", packages.join(", ")))
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    command
}

fn answer_ahead(answer: &str) -> Result<()> {
    let mut child = Command::new("debconf-set-selections")
        .stdin(Stdio::piped())
        .spawn()
        .context("debconf-set-selections could not be started")?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(answer.as_bytes()).context("debconf-set-selections does not listen")?;
    }
    let status = child.wait().context("debconf-set-selections is lost")?;
    if !status.success() {
        bail!("debconf-set-selections ended with {status}");
    }
    Ok(())
}

/// Postfix's script says "is not running" and calls that a success, so its words count too.
fn is_running(service: &str) -> bool {
    output(Command::new("service").args([service, "status"])).is_ok_and(|said| !said.contains("not running"))
}
