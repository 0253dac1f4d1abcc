//! `[[route]]`: further ways out, beside the relay of `smtp_url`.

use instance::{RouteConfig, Signing};
use jiff::civil::Date;

use super::file::Table;
use super::whole;
use crate::failure::Failure;

/// The keys of the table.
pub(super) const KEYS: &[&str] =
    &["name", "url", "weight", "connections", "rate", "daily_cap", "warm_up", "signing"];
/// The name of the relay of `smtp_url`.
const TAKEN: &str = "default";
/// A name stands in the ledger's reports and in addresses of the desk.
const LONGEST_NAME: usize = 40;
/// Connections to a relay: as `smtp_connections` without a word.
const TO_A_RELAY: u16 = 16;
/// Connections to all mail servers of the readers together; each provider has its own, lower, number.
const TO_EVERYBODY: u16 = 100;

/// Reads all of them; what is wrong is told with its place.
pub(super) fn read(tables: &[Table]) -> Result<Vec<RouteConfig>, Failure> {
    let mut routes: Vec<RouteConfig> = Vec::new();
    for table in tables {
        let route = one(table)?;
        if routes.iter().any(|other| other.name == route.name) {
            return Err(refused(table, "name", &format!("there are two routes called {:?}", route.name)));
        }
        routes.push(route);
    }
    Ok(routes)
}

fn one(table: &Table) -> Result<RouteConfig, Failure> {
    let needed = |key: &str| {
        table.given.get(key).ok_or_else(|| Failure::input(format!("{}: the route has no {key}", table.place)))
    };
    let name = needed("name")?.read(name)?;
    let url = needed("url")?.read(super::relay)?;
    let direct = matches!(::routes::Out::parse(&url), Ok(::routes::Out::Direct(_)));
    let number = |key: &str, least: i64, most: i64| {
        table.given.get(key).map(|given| given.read(|text| whole::<u32>(text, least, most))).transpose()
    };
    let connections = number("connections", 1, 1_000)?.and_then(|number| u16::try_from(number).ok());
    Ok(RouteConfig {
        name,
        url,
        weight: number("weight", 0, 1_000_000)?.unwrap_or(1),
        connections: connections.unwrap_or(if direct { TO_EVERYBODY } else { TO_A_RELAY }),
        rate: number("rate", 1, 1_000_000)?,
        daily_cap: number("daily_cap", 1, 1_000_000_000)?,
        warm_up: table.given.get("warm_up").map(|given| given.read(day)).transpose()?,
        signing: match table.given.get("signing") {
            Some(given) => given.read(|text| signing(text, direct))?,
            None => Signing::Ours,
        },
    })
}

fn refused(table: &Table, key: &str, why: &str) -> Failure {
    let place = table.given.get(key).map_or(&table.place, |given| &given.place);
    Failure::input(format!("{place}: {why}"))
}

fn name(text: &str) -> Result<String, String> {
    let fit = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    match text {
        TAKEN => Err(format!("{TAKEN:?} is the name of the relay of smtp_url: choose another")),
        text if !text.is_empty() && text.len() <= LONGEST_NAME && text.chars().all(fit) => {
            Ok(text.to_owned())
        }
        _ => Err(format!(
            "{text:?} is no name of a route: up to {LONGEST_NAME} small letters, digits and hyphens, such as paris-2"
        )),
    }
}

/// Days since 1970 UTC.
fn day(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no day: write 2026-11-24, the first day of the warm-up");
    let date = text.parse::<Date>().map_err(|_| wrong())?;
    // Whole days between two dates: no zone, no hour.
    let since = date.since(Date::constant(1970, 1, 1)).map_err(|_| wrong())?;
    Ok(i64::from(since.get_days()))
}

fn signing(text: &str, direct: bool) -> Result<Signing, String> {
    match text {
        "ours" => Ok(Signing::Ours),
        "relay" | "both" if direct => {
            Err("no relay signs what goes straight to the readers' mail servers: take signing away"
                .to_owned())
        }
        "relay" => Ok(Signing::Relay),
        "both" => Ok(Signing::Both),
        _ => Err(format!("{text:?} does not say who signs: write \"ours\", \"relay\" or \"both\"")),
    }
}
