//! A name server for tests: a zone written as text, answered on the loopback over UDP and TCP.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

/// RFC 1035 4.2.1: a client that says nothing else takes so much over UDP.
const UDP_PLAIN: usize = 512;
/// No longer chain of aliases is followed.
const ALIASES_MAX: usize = 8;

const A: u16 = 1;
const CNAME: u16 = 5;
const SOA: u16 = 6;
const PTR: u16 = 12;
const MX: u16 = 15;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const OPT: u16 = 41;
const TLSA: u16 = 52;
const ANY: u16 = 255;

const SERVFAIL: u8 = 2;
const NXDOMAIN: u8 = 3;
const REFUSED: u8 = 5;

/// A running name server; it stops when dropped.
///
/// The zone has one record a line, `NAME [TTL] TYPE VALUE`, with A, AAAA, MX, TXT, TLSA, PTR and CNAME:
///
/// ```text
/// letter.example      MX    10 mail.letter.example
/// mail.letter.example A     127.0.0.1
/// letter.example      TXT   "v=spf1 mx -all"
/// _25._tcp.mail.letter.example TLSA 3 1 1 0123…
/// secure letter.example
/// fails broken.example
/// silent slow.example
/// ```
///
/// Without a TTL a record may not be kept, so that [`Names::set`] counts at once. What lies below a name after
/// `secure` is answered as validated (the AD flag), below `fails` with SERVFAIL, below `silent` not at all.
/// Any other name does not exist. `#` begins a comment.
pub struct Names {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct State {
    zone: Zone,
    asked: Vec<String>,
}

#[derive(Default)]
struct Zone {
    records: Vec<Record>,
    secure: Vec<String>,
    fails: Vec<String>,
    silent: Vec<String>,
}

#[derive(Clone)]
struct Record {
    name: String,
    kind: u16,
    ttl: u32,
    /// The wire form of the value.
    value: Vec<u8>,
    /// Of a CNAME.
    target: Option<String>,
}

impl Names {
    /// Starts on a free port of 127.0.0.1.
    pub async fn start(zone: &str) -> Names {
        let (udp, tcp) = bind().await;
        let address = udp.local_addr().expect("a bound socket has an address");
        let state = Arc::new(Mutex::new(State { zone: Zone::parse(zone), asked: Vec::new() }));
        let mut tasks = JoinSet::new();
        tasks.spawn(serve_udp(udp, state.clone()));
        tasks.spawn(serve_tcp(tcp, state.clone()));
        Names { address, state, _tasks: tasks }
    }

    /// Where it listens, on UDP and TCP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the zone.
    pub fn set(&self, zone: &str) {
        lock(&self.state).zone = Zone::parse(zone);
    }

    /// What was asked so far, in order, as `letter.example MX`.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.state).asked.clone()
    }

    /// How often that was asked.
    pub fn times_asked(&self, question: &str) -> usize {
        lock(&self.state).asked.iter().filter(|asked| *asked == question).count()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The same port for both; another one if the second is taken.
async fn bind() -> (UdpSocket, TcpListener) {
    loop {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a test binds a TCP port");
        let address = tcp.local_addr().expect("a bound socket has an address");
        if let Ok(udp) = UdpSocket::bind(address).await {
            return (udp, tcp);
        }
    }
}

async fn serve_udp(socket: UdpSocket, state: Arc<Mutex<State>>) {
    let mut packet = vec![0; 4096];
    loop {
        // An error here is the ICMP echo of an earlier answer that nobody waited for.
        let Ok((length, peer)) = socket.recv_from(&mut packet).await else { continue };
        if let Some(answer) = answer(&packet[..length], &state, true) {
            let _ = socket.send_to(&answer, peer).await;
        }
    }
}

async fn serve_tcp(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        connections.spawn(serve_connection(stream, state.clone()));
    }
}

async fn serve_connection(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Ok(length) = stream.read_u16().await {
        let mut packet = vec![0; usize::from(length)];
        if stream.read_exact(&mut packet).await.is_err() {
            return;
        }
        let Some(answer) = answer(&packet, &state, false) else { return };
        let Ok(length) = u16::try_from(answer.len()) else { return };
        let framed = [&length.to_be_bytes()[..], &answer].concat();
        if stream.write_all(&framed).await.is_err() {
            return;
        }
    }
}

impl Zone {
    fn parse(text: &str) -> Zone {
        let mut zone = Zone::default();
        for line in text.lines() {
            let line = if line.trim_start().starts_with('#') { "" } else { line.trim() };
            if line.is_empty() {
                continue;
            }
            let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let names = match first {
                "secure" => &mut zone.secure,
                "fails" => &mut zone.fails,
                "silent" => &mut zone.silent,
                _ => {
                    zone.records.push(record(first, rest.trim(), line));
                    continue;
                }
            };
            names.push(normal(rest));
        }
        zone
    }

    /// The records for a question, with the aliases that lead there.
    fn find(&self, name: &str, kind: u16) -> Vec<&Record> {
        let mut found = Vec::new();
        let mut name = name.to_owned();
        for _ in 0..ALIASES_MAX {
            let of_name = || self.records.iter().filter(|record| record.name == name);
            let direct: Vec<&Record> =
                of_name().filter(|record| record.kind == kind || kind == ANY).collect();
            if !direct.is_empty() {
                found.extend(direct);
                break;
            }
            let Some(alias) = of_name().find(|record| record.kind == CNAME) else { break };
            found.push(alias);
            name = alias.target.clone().unwrap_or_default();
        }
        found
    }

    fn exists(&self, name: &str) -> bool {
        // A name exists too where only names below it have records (RFC 8020).
        self.records.iter().any(|record| is_below(&record.name, name))
    }
}

fn record(name: &str, rest: &str, line: &str) -> Record {
    let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (ttl, rest) = match first.parse::<u32>() {
        Ok(ttl) => (ttl, after.trim()),
        Err(_) => (0, rest),
    };
    let (kind, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (kind, value, target) = value_of(kind, value.trim())
        .unwrap_or_else(|| panic!("a test's zone has the line {line:?}, which is no record"));
    Record { name: normal(name), kind, ttl, value, target }
}

fn value_of(kind: &str, value: &str) -> Option<(u16, Vec<u8>, Option<String>)> {
    let mut words = value.split_whitespace();
    let (kind, value) = match kind.to_ascii_uppercase().as_str() {
        "A" => match value.parse().ok()? {
            IpAddr::V4(address) => (A, address.octets().to_vec()),
            IpAddr::V6(_) => return None,
        },
        "AAAA" => match value.parse().ok()? {
            IpAddr::V6(address) => (AAAA, address.octets().to_vec()),
            IpAddr::V4(_) => return None,
        },
        "PTR" => (PTR, wire_name(value)),
        "CNAME" => return Some((CNAME, wire_name(value), Some(normal(value)))),
        "MX" => {
            let preference: u16 = words.next()?.parse().ok()?;
            (MX, [&preference.to_be_bytes()[..], &wire_name(words.next()?)].concat())
        }
        "TLSA" => {
            let mut bytes = Vec::new();
            for _ in 0..3 {
                bytes.push(words.next()?.parse().ok()?);
            }
            let digits: String = words.collect();
            for pair in digits.as_bytes().chunks(2) {
                bytes.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
            }
            (TLSA, bytes)
        }
        "TXT" => {
            let bytes = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
            let mut out = Vec::new();
            for string in bytes.as_bytes().chunks(255) {
                out.push(string.len() as u8);
                out.extend_from_slice(string);
            }
            (TXT, out)
        }
        _ => return None,
    };
    Some((kind, value, None))
}

/// The answer to a packet; none where it is not a question, or where the zone is silent.
fn answer(packet: &[u8], state: &Mutex<State>, udp: bool) -> Option<Vec<u8>> {
    let (head, body) = packet.split_at_checked(12)?;
    let is_query = head[2] & 0x80 == 0 && head[4..6] == [0, 1];
    if !is_query {
        return None;
    }
    let (name, length) = read_name(body)?;
    let kind = u16::from_be_bytes([*body.get(length)?, *body.get(length + 1)?]);
    let question = body.get(..length + 4)?;
    let edns = edns_size(packet, 12 + length + 4);
    let mut state = state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    state.asked.push(format!("{name} {}", kind_name(kind)));
    let zone = &state.zone;
    let under = |names: &[String]| names.iter().any(|known| is_below(&name, known));
    if under(&zone.silent) {
        return None;
    }
    let records = zone.find(&name, kind);
    let code = match () {
        () if under(&zone.fails) => SERVFAIL,
        // What is asked of the root is asked to find out whether DNSSEC works: it does not.
        () if name.is_empty() => REFUSED,
        () if records.is_empty() && !zone.exists(&name) => NXDOMAIN,
        () => 0,
    };
    let records = if code == 0 { records } else { Vec::new() };
    let negative = records.is_empty() && (code == 0 || code == NXDOMAIN);
    // RD comes back as it was; RA; AD where the zone is signed.
    let flags = [0x84 | (head[2] & 1), 0x80 | (u8::from(under(&zone.secure)) << 5) | code];
    let build = |records: &[&Record], truncated: bool| {
        let mut out = head[..2].to_vec();
        out.extend([flags[0] | (u8::from(truncated) << 1), flags[1]]);
        let counts = [1, records.len() as u16, u16::from(negative), u16::from(edns.is_some())];
        counts.iter().for_each(|count| out.extend(count.to_be_bytes()));
        out.extend_from_slice(question);
        for record in records {
            write(&mut out, &record.name, record.kind, 1, record.ttl, &record.value);
        }
        if negative {
            let mut soa = [wire_name("ns.invalid"), wire_name("hostmaster.invalid")].concat();
            [1u32, 3600, 600, 86400, 0].iter().for_each(|number| soa.extend(number.to_be_bytes()));
            write(&mut out, name.rsplit('.').next().unwrap_or_default(), SOA, 1, 0, &soa);
        }
        if edns.is_some() {
            write(&mut out, "", OPT, 1232, 0, &[]);
        }
        out
    };
    let whole = build(&records, false);
    let most = edns.unwrap_or(UDP_PLAIN).max(UDP_PLAIN);
    Some(if udp && whole.len() > most { build(&[], true) } else { whole })
}

fn write(out: &mut Vec<u8>, name: &str, kind: u16, class: u16, ttl: u32, value: &[u8]) {
    out.extend(wire_name(name));
    out.extend(kind.to_be_bytes());
    out.extend(class.to_be_bytes());
    out.extend(ttl.to_be_bytes());
    out.extend((value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
}

/// The name of a question, and how many octets it takes. Questions are not compressed.
fn read_name(bytes: &[u8]) -> Option<(String, usize)> {
    let mut labels = Vec::new();
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1;
        if length == 0 {
            return Some((labels.join("."), at));
        }
        if length > 63 {
            return None;
        }
        labels.push(String::from_utf8_lossy(bytes.get(at..at + length)?).to_ascii_lowercase());
        at += length;
    }
}

/// How much the client takes over UDP, where it says so (RFC 6891): the OPT record after the question.
fn edns_size(packet: &[u8], at: usize) -> Option<usize> {
    let [0, kind_high, kind_low, size_high, size_low] = *packet.get(at..at + 5)? else { return None };
    let kind = u16::from_be_bytes([kind_high, kind_low]);
    (kind == OPT).then(|| usize::from(u16::from_be_bytes([size_high, size_low])))
}

fn wire_name(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in normal(name).split('.').filter(|label| !label.is_empty()) {
        out.push(label.len() as u8);
        out.extend_from_slice(label.as_bytes());
    }
    out.push(0);
    out
}

fn normal(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

fn is_below(name: &str, other: &str) -> bool {
    name.strip_suffix(other).is_some_and(|rest| rest.is_empty() || other.is_empty() || rest.ends_with('.'))
}

fn kind_name(kind: u16) -> String {
    let name = match kind {
        A => "A",
        CNAME => "CNAME",
        SOA => "SOA",
        PTR => "PTR",
        MX => "MX",
        TXT => "TXT",
        AAAA => "AAAA",
        TLSA => "TLSA",
        _ => return format!("TYPE{kind}"),
    };
    name.to_owned()
}
