//! What the tests need from the system: says what is missing and why, and installs it where it can.

use std::io::Write;
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
];

/// Installs what is missing with apt-get; an error with what to install when that is not possible here.
pub(crate) fn ensure() -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        let all: Vec<&str> = NEEDS.iter().map(|need| need.package).collect();
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
