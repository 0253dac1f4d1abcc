//! DNSSEC: a small internet whose root is signed with a key of this test.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hickory_resolver::proto::dnssec::crypto::EcdsaSigningKey;
use hickory_resolver::proto::dnssec::rdata::sig::SigInput;
use hickory_resolver::proto::dnssec::rdata::{DNSKEY, DNSSECRData, NSEC, RRSIG};
use hickory_resolver::proto::dnssec::{Algorithm, DnssecSigner, SigningKey, TBS};
use hickory_resolver::proto::op::{Message, OpCode};
use hickory_resolver::proto::rr::rdata::tlsa::{CertUsage, Matching, Selector};
use hickory_resolver::proto::rr::rdata::{A, CNAME, MX, NS, SOA, TLSA, TXT};
use hickory_resolver::proto::rr::{DNSClass, Name, RData, Record, RecordType};
use net::{HttpClient, MailHostsError, NameError, Resolver, StsPolicies, mail_hosts};
use records::TlsPolicy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

const TTL: u32 = 60;

/// A name server for everything. What lies under `plain.` is delegated without a key; what lies under `bent.`
/// should be signed and is not; the rest is signed by the root.
struct Internet {
    address: SocketAddr,
    folder: tempfile::TempDir,
    _tasks: JoinSet<()>,
}

struct Root {
    signer: DnssecSigner,
    records: Vec<Record>,
}

fn name(text: &str) -> Name {
    Name::from_str(text).unwrap()
}

fn record(owner: &str, data: RData) -> Record {
    Record::from_rdata(name(owner), TTL, data)
}

impl Internet {
    async fn start(records: Vec<Record>) -> Internet {
        let key = EcdsaSigningKey::generate_pkcs8(Algorithm::ECDSAP256SHA256).unwrap();
        let key = EcdsaSigningKey::from_pkcs8(&key, Algorithm::ECDSAP256SHA256).unwrap();
        // Zone key and secure entry point.
        let dnskey = DNSKEY::with_flags(257, key.to_public_key().unwrap());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("keys"), format!(". {TTL} IN DNSKEY {dnskey}\n")).unwrap();
        let month = Duration::from_secs(30 * 86400);
        let signer = DnssecSigner::new(dnskey.clone(), Box::new(key), Name::root(), month);
        let mut records = records;
        records.push(record(".", RData::DNSSEC(DNSSECRData::DNSKEY(dnskey))));
        let root = Arc::new(Root { signer, records });
        let (udp, tcp, address) = loop {
            let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = tcp.local_addr().unwrap();
            if let Ok(udp) = UdpSocket::bind(address).await {
                break (udp, tcp, address);
            }
        };
        let mut tasks = JoinSet::new();
        let answering = root.clone();
        tasks.spawn(async move {
            let mut packet = vec![0; 4096];
            loop {
                let Ok((length, peer)) = udp.recv_from(&mut packet).await else { continue };
                let _ = udp.send_to(&answering.answer(&packet[..length]), peer).await;
            }
        });
        tasks.spawn(async move {
            while let Ok((mut stream, _)) = tcp.accept().await {
                while let Ok(length) = stream.read_u16().await {
                    let mut packet = vec![0; usize::from(length)];
                    stream.read_exact(&mut packet).await.unwrap();
                    let answer = root.answer(&packet);
                    stream.write_u16(answer.len() as u16).await.unwrap();
                    stream.write_all(&answer).await.unwrap();
                }
            }
        });
        Internet { address, folder, _tasks: tasks }
    }

    fn resolver(&self) -> Resolver {
        Resolver::anchored(self.address, self.folder.path().join("keys")).unwrap()
    }
}

impl Root {
    fn answer(&self, packet: &[u8]) -> Vec<u8> {
        let asked = Message::from_vec(packet).unwrap();
        let query = asked.queries[0].clone();
        let mut answer = Message::response(asked.metadata.id, OpCode::Query);
        answer.add_query(query.clone());
        answer.metadata.recursion_available = true;
        if let Some(edns) = asked.edns {
            answer.set_edns(edns);
        }
        let (owner, kind) = (query.name().clone(), query.query_type());
        let below = |zone: &str| name(zone).zone_of(&owner);
        let delegated = below("plain.") && !(kind == RecordType::DS && owner == name("plain."));
        let at = |owner: &Name, kind| -> Vec<Record> {
            let found = self.records.iter();
            found.filter(|record| record.name == *owner && record.record_type() == kind).cloned().collect()
        };
        let mut target = owner.clone();
        let aliases = at(&owner, RecordType::CNAME);
        if let Some(RData::CNAME(alias)) = aliases.first().map(|record| &record.data) {
            target = alias.0.clone();
        }
        let found = at(&target, kind);
        let signed = !delegated && !below("bent.");
        for rrset in [aliases, found] {
            answer.add_answers(if signed { self.sign(rrset) } else { rrset });
        }
        if answer.answers.is_empty() {
            let soa = RData::SOA(SOA::new(Name::root(), Name::root(), 1, 60, 60, 60, 1));
            let zone = if delegated { "plain." } else { "." };
            let soa = vec![record(zone, soa)];
            answer.authorities.extend(if signed { self.sign(soa) } else { soa });
            if signed {
                // The name is there, and has nothing of that kind: the delegation has only its NS.
                let kinds =
                    if owner == name("plain.") { vec![RecordType::NS] } else { vec![RecordType::HINFO] };
                let next = name("zzz.");
                let denial = DNSSECRData::NSEC(NSEC::new_cover_self(next, kinds));
                let denial = Record::from_rdata(owner, TTL, RData::DNSSEC(denial));
                answer.authorities.extend(self.sign(vec![denial]));
            }
        }
        answer.to_vec().unwrap()
    }

    fn sign(&self, rrset: Vec<Record>) -> Vec<Record> {
        let Some(first) = rrset.first() else { return rrset };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as u32;
        let input = SigInput {
            type_covered: first.record_type(),
            algorithm: Algorithm::ECDSAP256SHA256,
            num_labels: first.name.num_labels(),
            original_ttl: TTL,
            sig_expiration: (now + 86400).into(),
            sig_inception: (now - 3600).into(),
            key_tag: self.signer.calculate_key_tag().unwrap(),
            signer_name: Name::root(),
        };
        let owner = first.name.clone();
        let signed = TBS::from_input(&owner, DNSClass::IN, &input, rrset.iter()).unwrap();
        let signature = RRSIG::from_sig(input, self.signer.sign(&signed).unwrap());
        let signature = Record::from_rdata(owner, TTL, RData::DNSSEC(DNSSECRData::RRSIG(signature)));
        rrset.into_iter().chain([signature]).collect()
    }
}

fn records() -> Vec<Record> {
    let a = |owner: &str| record(owner, RData::A(A::new(127, 0, 0, 1)));
    let mx = |owner: &str, host: &str| record(owner, RData::MX(MX::new(10, name(host))));
    let tlsa = TLSA::new(CertUsage::DaneEe, Selector::Spki, Matching::Sha256, vec![7; 32]);
    vec![
        a("mail.letter."),
        a("bare.letter."),
        record("alias.letter.", RData::CNAME(CNAME(name("mail.letter.")))),
        record("letter.", RData::TXT(TXT::new(vec!["signed".into()]))),
        mx("letter.", "mail.letter."),
        mx("bare.letter.", "bare.letter."),
        mx("aliased.letter.", "alias.letter."),
        mx("mixed.letter.", "mail.plain."),
        record("_25._tcp.mail.letter.", RData::TLSA(tlsa.clone())),
        record("plain.", RData::NS(NS(name("ns.plain.")))),
        a("mail.plain."),
        mx("plain.", "mail.plain."),
        record("_25._tcp.mail.plain.", RData::TLSA(tlsa)),
        a("mail.bent."),
        mx("bent.", "mail.bent."),
    ]
}

#[tokio::test]
async fn what_is_signed_down_from_the_root_is_secure_and_what_is_delegated_without_a_key_is_not() {
    let internet = Internet::start(records()).await;
    let resolver = internet.resolver();
    assert!(resolver.validates().await);
    let home: IpAddr = "127.0.0.1".parse().unwrap();
    for name in ["mail.letter", "alias.letter"] {
        let answer = resolver.addresses(name).await.unwrap();
        assert_eq!(
            (answer.value, answer.secure, answer.canonical.as_str()),
            (vec![home], true, "mail.letter")
        );
    }
    assert!(resolver.txt("letter").await.unwrap().secure);
    let answer = resolver.addresses("mail.plain").await.unwrap();
    assert_eq!((answer.value, answer.secure), (vec![home], false));
    assert_eq!(resolver.txt("mail.letter").await.unwrap_err(), NameError::NoRecords("mail.letter".into()));
    assert_eq!(resolver.txt("mail.plain").await.unwrap_err(), NameError::NoRecords("mail.plain".into()));
}

#[tokio::test]
async fn what_should_be_signed_and_is_not_is_no_answer() {
    let internet = Internet::start(records()).await;
    let resolver = internet.resolver();
    for result in [resolver.addresses("mail.bent").await.map(drop), resolver.mx("bent").await.map(drop)] {
        assert!(matches!(result, Err(NameError::Temporary { .. })), "{result:?}");
    }
    // Under another key nothing is proven, and the name server counts as one that knows no DNSSEC.
    let other = Internet::start(Vec::new()).await;
    let resolver = Resolver::anchored(internet.address, other.folder.path().join("keys")).unwrap();
    assert!(!resolver.validates().await);
    assert!(!resolver.addresses("mail.letter").await.unwrap().secure);
}

#[tokio::test]
async fn dane_follows_the_signatures() {
    let internet = Internet::start(records()).await;
    let resolver = internet.resolver();
    let policies = StsPolicies::new(resolver.clone(), HttpClient::new(resolver.clone()));
    let encryption = |domain: &'static str| {
        let (resolver, policies) = (resolver.clone(), policies.clone());
        async move {
            let found = mail_hosts(&resolver, &policies, domain).await.unwrap();
            (found.secure, found.hosts[0].tls.clone())
        }
    };
    assert!(matches!(encryption("letter").await, (true, TlsPolicy::Dane(records)) if records.len() == 1));
    assert!(
        matches!(encryption("aliased.letter").await, (true, TlsPolicy::Dane(records)) if records.len() == 1)
    );
    assert_eq!(encryption("bare.letter").await, (true, TlsPolicy::Opportunistic));
    assert_eq!(encryption("mixed.letter").await, (true, TlsPolicy::Opportunistic));
    assert_eq!(encryption("plain").await, (false, TlsPolicy::Opportunistic));
    let error = mail_hosts(&resolver, &policies, "bent").await.unwrap_err();
    assert!(matches!(error, MailHostsError::Temporary { .. }), "{error:?}");
}
