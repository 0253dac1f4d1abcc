//! A network of a test's own: mail servers on port 25, a resolver, an `/etc/resolv.conf`, and nobody else.
//!
//! The test starts itself again in namespaces of its own (mounts, network, processes), so that real servers stand at
//! real ports of real-looking addresses, and nothing of the machine is touched. When the inner test ends, or the outer
//! one is killed, the kernel ends every process in there.

use std::fs;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::supervised::find;

/// Tells the inner test that it is inside, and which network was outside.
const OUTSIDE: &str = "SOUCOUPE_E2E_OUTSIDE";

/// Runs `work` of the test of that name with the addresses as its only network, and the resolver at the last of them.
pub fn alone(test: &str, addresses: &[&str], work: impl Future<Output = ()>) {
    match std::env::var(OUTSIDE) {
        Ok(outside) => inside(&outside, addresses, work),
        Err(_) => outside(test),
    }
}

fn outside(test: &str) {
    assert!(
        rustix::process::geteuid().is_root(),
        "a network of its own needs root: run the tests as root, as `cargo xtask test` in a container does"
    );
    let (unshare, this) =
        (find("unshare", "util-linux"), std::env::current_exe().expect("a test has a program"));
    let mut child = Command::new(unshare)
        .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--"])
        .arg(this)
        .args(["--exact", test, "--nocapture"])
        .env(OUTSIDE, network())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("unshare can be started");
    // Its other end closes when we are gone, whatever ends us.
    let held = child.stdin.take();
    let output = child.wait_with_output().expect("the inner test is ours");
    drop(held);
    let words = [output.stdout, output.stderr].concat();
    let words = String::from_utf8_lossy(&words);
    print!("{words}");
    assert!(output.status.success(), "{test} ended with {} in its own network", output.status);
    assert!(words.contains("1 passed"), "there is no test {test}");
}

fn inside(outside: &str, addresses: &[&str], work: impl Future<Output = ()>) {
    assert_ne!(outside, network(), "this is the machine's own network, which is left alone");
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    let ip = find("ip", "iproute2");
    run(&ip, &["link", "set", "lo", "up"]);
    for address in addresses {
        run(&ip, &["address", "add", &format!("{address}/32"), "dev", "lo"]);
    }
    let folder = tempfile::tempdir().expect("a folder for a test");
    let names = folder.path().join("resolv.conf");
    let resolver = addresses.last().expect("a network has an address");
    fs::write(&names, format!("nameserver {resolver}\n")).expect("a file in our folder");
    run(&find("mount", "mount"), &["--bind", &names.to_string_lossy(), "/etc/resolv.conf"]);
    tokio::runtime::Runtime::new().expect("a runtime can be started").block_on(work);
}

/// Inside: lets whoever speaks to an address without choosing their own do so from another one.
pub fn speak_to(address: Ipv4Addr, from: Ipv4Addr) {
    assert!(std::env::var_os(OUTSIDE).is_some(), "only in a network of its own");
    let (address, from) = (format!("{address}/32"), from.to_string());
    let ip = find("ip", "iproute2");
    run(&ip, &["route", "change", "local", &address, "dev", "lo", "table", "local", "src", &from]);
}

fn network() -> String {
    let link = fs::read_link(Path::new("/proc/self/ns/net")).expect("Linux says which network this is");
    link.to_string_lossy().into_owned()
}

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status().expect("it can be started");
    assert!(status.success(), "{program} {} ended with {status}", arguments.join(" "));
}
