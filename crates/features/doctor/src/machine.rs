//! The machine: its database, its folder, its disk, its clock, its address, and who is there.

mod clock;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use instance::Process;

use crate::bag::{Bag, Silence, is_private};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};

/// The clock of the disk may be another machine's; more than this and links expire at odd times.
const CLOCKS_APART: Duration = Duration::from_secs(5);
/// 2026-01-01: the program was not built before; an earlier clock has lost its battery.
const BUILT_AFTER: u64 = 1_767_225_600;
/// Less free space than this share of the disk is worth a word…
const SPACE_WARN: u128 = 10;
/// …and less than this stops the ledger soon.
const SPACE_BAD: u128 = 2;
/// A share of a very large disk is still room for years: above so many bytes nothing is said…
const ROOM_WARN: u64 = 20 << 30;
/// …and above so many nothing is grave.
const ROOM_BAD: u64 = 1 << 30;
/// What the program that serves calls itself on the list of processes.
const SERVER: &str = "serve";

fn finding(name: &'static str, level: Level, what: &'static str) -> Finding {
    Finding::new(Area::Machine, "", name, level, what)
}

/// Whether the engine finds its own files sound, and which schema they have.
pub(crate) async fn database(bag: Arc<Bag>) -> Outcome {
    let store = &bag.instance.store;
    let faults = store.faults().await.map_err(|error| Silence::Fault(error.to_string()))?;
    if !faults.is_empty() {
        let told = |fault: String| finding("database", Level::Bad, "database-fault").with("fault", fault);
        return Ok(faults.into_iter().map(told).collect());
    }
    let schema = store.schema().await.map_err(|error| Silence::Fault(error.to_string()))?;
    let engine = store.engine().to_string();
    Ok(vec![
        finding("database", Level::Ok, "database").with("engine", engine).with("schema", schema.to_string()),
    ])
}

/// Whether the folder can be written, and by nobody else read.
pub(crate) async fn folder(bag: Arc<Bag>) -> Outcome {
    let data = bag.instance.config.data.clone();
    let place = data.display().to_string();
    let probe =
        data.join(format!(".doctor-{}-{:x}", std::process::id(), u32::from_be_bytes(bag.instance.random())));
    let tried = tokio::task::spawn_blocking(move || {
        std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe))?;
        std::fs::metadata(&data).map(|folder| folder.permissions())
    });
    Ok(vec![match tried.await.map_err(|_| Silence::Slow)? {
        Err(error) => finding("folder", Level::Bad, "folder-closed")
            .with("folder", place)
            .with("error", error.to_string()),
        Ok(rights) if is_open(&rights) => finding("folder", Level::Warn, "folder-open").with("folder", place),
        Ok(_) => finding("folder", Level::Ok, "folder").with("folder", place),
    }])
}

/// Keys and addresses stand in it: nobody else of this machine has anything to look for there.
fn is_open(rights: &Permissions) -> bool {
    rights.mode() & 0o077 != 0
}

/// How much room is left where the instance lives.
pub(crate) async fn disk(bag: Arc<Bag>) -> Outcome {
    let data = bag.instance.config.data.clone();
    let place = data.display().to_string();
    let asked = tokio::task::spawn_blocking(move || rustix::fs::statvfs(&data));
    let room = asked.await.map_err(|_| Silence::Slow)?.map_err(|error| Silence::Fault(error.to_string()))?;
    Ok(vec![told_room(
        room.f_bavail.saturating_mul(room.f_frsize),
        room.f_blocks.saturating_mul(room.f_frsize),
        place,
    )])
}

fn told_room(free: u64, whole: u64, place: String) -> Finding {
    let (level, what) =
        match u128::from(free).saturating_mul(100).checked_div(u128::from(whole)).unwrap_or(100) {
            share if share < SPACE_BAD && free < ROOM_BAD => (Level::Bad, "disk-full"),
            share if share < SPACE_WARN && free < ROOM_WARN => (Level::Warn, "disk-low"),
            _ => (Level::Ok, "disk"),
        };
    finding("disk", level, what).with("folder", place).size("free", free).size("whole", whole)
}

/// Whether the machine knows what time it is.
pub(crate) async fn clock(bag: Arc<Bag>) -> Outcome {
    let said = bag.instance.now().strftime("%Y-%m-%d %H:%M UTC").to_string();
    if let Some(wrong) = by_the_disk(&bag).await? {
        return Ok(vec![wrong.with("clock", said)]);
    }
    if bag.is_offline() {
        return Ok(vec![finding("clock", Level::Ok, "clock").with("clock", said)]);
    }
    // A clock that nobody can be compared with is not a wrong clock.
    let apart = match clock::apart(&bag).await {
        Ok(apart) => apart,
        Err(_) => return Ok(vec![finding("clock", Level::Unknown, "clock-alone").with("clock", said)]),
    };
    Ok(vec![clock::told(apart).with("clock", said)])
}

/// Writes a file and looks when the disk thinks that was.
async fn by_the_disk(bag: &Bag) -> Result<Option<Finding>, Silence> {
    let probe = bag.instance.config.data.join(format!(".doctor-{}-clock", std::process::id()));
    let tried = tokio::task::spawn_blocking(move || {
        let written = std::fs::write(&probe, b"").and_then(|()| std::fs::metadata(&probe)?.modified());
        let _ = std::fs::remove_file(&probe);
        written
    });
    // A folder that cannot be written has a finding of its own.
    let Ok(at) = tried.await.map_err(|_| Silence::Slow)? else { return Ok(None) };
    let now = SystemTime::now();
    let apart = at.duration_since(now).or_else(|_| now.duration_since(at)).unwrap_or_default();
    let lost = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() < BUILT_AFTER;
    Ok((lost || apart > CLOCKS_APART).then(|| finding("clock", Level::Bad, "clock-wrong")))
}

/// Whether readers reach the address of the instance, and how.
pub(crate) async fn address(bag: Arc<Bag>) -> Outcome {
    let config = &bag.instance.config;
    let (url, name) = (config.base_url.clone(), config.host().name);
    let literal = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok();
    let local =
        name == "localhost" || name.ends_with(".localhost") || literal.is_some_and(|ip| ip.is_loopback());
    let told =
        |level, what| finding("address", level, what).with("url", url.as_str()).with("host", name.as_str());
    if local {
        return Ok(vec![told(Level::Warn, "address-local")]);
    }
    if !config.secure() {
        return Ok(vec![told(Level::Bad, "address-plain")]);
    }
    if literal.is_some() || bag.is_offline() {
        return Ok(vec![told(Level::Ok, "address")]);
    }
    Ok(vec![match bag.addresses(&name).await {
        // What the program itself does is right; whether the world finds it is not known.
        Err(silence) => silence.finding(Area::Machine, "", "address"),
        Ok(found) if found.is_empty() => told(Level::Bad, "address-lost"),
        Ok(found) if found.iter().all(|ip| is_private(*ip)) => told(Level::Warn, "address-inside")
            .with("address", found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        Ok(found) => told(Level::Ok, "address-found")
            .with("address", found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }])
}

/// Whether the desk has an owner, and whether a server runs.
pub(crate) async fn people(bag: Arc<Bag>) -> Outcome {
    let instance = &bag.instance;
    let owner = match accounts::owner(instance).await.map_err(|error| Silence::Fault(error.to_string()))? {
        Some(owner) => finding("owner", Level::Ok, "owner").with("email", owner.email.to_string()),
        None => finding("owner", Level::Warn, "owner-none"),
    };
    let processes = Process::all(instance).await.map_err(|error| Silence::Fault(error.to_string()))?;
    let now = instance.now_us();
    let served = processes.iter().any(|process| process.kind == SERVER && process.lives(now));
    let server = match served {
        true => finding("server", Level::Ok, "server"),
        false => finding("server", Level::Warn, "server-none"),
    };
    Ok(vec![owner, server])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_low_below_a_tenth_and_full_below_a_fiftieth_unless_it_is_vast() {
        let level = |free, whole| told_room(free, whole, String::new()).level;
        const GB: u64 = 1 << 30;
        for (free, whole, wanted) in [
            (100, 100, Level::Ok),
            (10, 100, Level::Ok),
            (9, 100, Level::Warn),
            (2, 100, Level::Warn),
            (1, 100, Level::Bad),
            (0, 100, Level::Bad),
            (0, 0, Level::Ok),
            (30 * GB, 2_000 * GB, Level::Ok),
            (5 * GB, 500 * GB, Level::Warn),
            (GB / 2, 500 * GB, Level::Bad),
        ] {
            assert_eq!(level(free, whole), wanted, "{free} of {whole}");
        }
    }

    #[test]
    fn a_folder_that_others_may_look_into_is_open() {
        for (mode, open) in [(0o700, false), (0o750, true), (0o755, true), (0o701, true)] {
            assert_eq!(is_open(&Permissions::from_mode(mode)), open, "{mode:o}");
        }
    }
}
