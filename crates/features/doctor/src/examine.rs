//! Looking at everything at once.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Signing};
use publications::Publication;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::bag::{Bag, Silence};
use crate::model::{Area, DoctorError, Finding, Level, Report, Visit};
use crate::{domain, machine, return_path, route, sample};

/// What a check gives: what it found, or what kept it from looking.
pub(crate) type Outcome = Result<Vec<Finding>, Silence>;

type Check = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// The checks of a visit, in the order in which their findings are told.
#[derive(Default)]
struct Round(Vec<(Area, String, &'static str, Check)>);

impl Round {
    fn add(
        &mut self,
        area: Area,
        about: &str,
        name: &'static str,
        check: impl Future<Output = Outcome> + Send + 'static,
    ) {
        self.0.push((area, about.to_owned(), name, Box::pin(check)));
    }

    /// All checks side by side, each with its own limit. One that fails says so and takes no other with it.
    async fn made(self, patience: Duration) -> Report {
        let mut running = JoinSet::new();
        for (place, (area, about, name, check)) in self.0.into_iter().enumerate() {
            running.spawn(async move {
                let findings = match timeout(patience, check).await {
                    Ok(Ok(findings)) => findings,
                    Ok(Err(silence)) => vec![silence.finding(area, &about, name)],
                    Err(_) => vec![Silence::Slow.finding(area, &about, name)],
                };
                (place, findings)
            });
        }
        let mut findings: Vec<(usize, Vec<Finding>)> = Vec::new();
        while let Some(ended) = running.join_next().await {
            match ended {
                Ok(found) => findings.push(found),
                Err(error) => tracing::error!(%error, "a check of the doctor broke off"),
            }
        }
        findings.sort_by_key(|(place, _)| *place);
        Report { findings: findings.into_iter().flat_map(|(_, findings)| findings).collect() }
    }
}

/// Looks at an instance. It asks the database, the network and the relays, and changes nothing.
pub async fn examine(instance: &Instance, visit: &Visit) -> Result<Report, DoctorError> {
    let bag = Bag::open(instance, visit.offline);
    examine_with(Arc::new(bag), visit).await
}

/// The same with tools that were chosen.
pub(crate) async fn examine_with(bag: Arc<Bag>, visit: &Visit) -> Result<Report, DoctorError> {
    let instance = &bag.instance;
    let letters = chosen(instance, visit).await?;
    let mut round = Round::default();
    of_the_machine(&bag, &mut round);
    let routes = Arc::new(route::ways(instance));
    if routes.is_empty() {
        round.add(Area::Route, "", "connection", async {
            Ok(vec![Finding::new(Area::Route, "", "connection", Level::Bad, "no-relay")])
        });
    }
    for way in routes.iter() {
        round.add(Area::Route, &way.name, "connection", route::look(Arc::clone(&bag), way.clone()));
    }
    let senders: BTreeSet<String> =
        letters.iter().map(|letter| letter.from.address.domain().to_ascii_lowercase()).collect();
    for sender in &senders {
        of_a_domain(&bag, &routes, sender, &mut round);
    }
    let back = instance.config.mail_domain().to_ascii_lowercase();
    if !senders.contains(&back) {
        let spf = domain::spf::look(Arc::clone(&bag), Arc::clone(&routes), Area::ReturnPath, back.clone());
        round.add(Area::ReturnPath, &back, "spf", spf);
    }
    round.add(Area::ReturnPath, &back, "way_back", return_path::way_back(Arc::clone(&bag)));
    round.add(Area::ReturnPath, &back, "tls_rpt", return_path::tls_rpt(Arc::clone(&bag)));
    round.add(Area::ReturnPath, &back, "mta_sts", return_path::mta_sts(Arc::clone(&bag)));
    for publication in letters {
        of_a_letter(&bag, publication, &mut round).await?;
    }
    Ok(round.made(bag.patience.check).await)
}

async fn chosen(instance: &Instance, visit: &Visit) -> Result<Vec<Publication>, DoctorError> {
    let mut all = publications::all(instance).await?;
    if let Some(slug) = &visit.publication {
        all.retain(|publication| publication.slug.as_str() == slug);
        if all.is_empty() {
            return Err(DoctorError::Unknown(slug.clone()));
        }
    }
    Ok(all)
}

fn of_the_machine(bag: &Arc<Bag>, round: &mut Round) {
    let bag = || Arc::clone(bag);
    round.add(Area::Machine, "", "database", machine::database(bag()));
    round.add(Area::Machine, "", "folder", machine::folder(bag()));
    round.add(Area::Machine, "", "disk", machine::disk(bag()));
    round.add(Area::Machine, "", "clock", machine::clock(bag()));
    round.add(Area::Machine, "", "address", machine::address(bag()));
    round.add(Area::Machine, "", "people", machine::people(bag()));
}

fn of_a_domain(bag: &Arc<Bag>, routes: &Arc<Vec<route::Way>>, name: &str, round: &mut Round) {
    let bag = || Arc::clone(bag);
    let routes = || Arc::clone(routes);
    let spf = domain::spf::look(bag(), routes(), Area::Domain, name.to_owned());
    round.add(Area::Domain, name, "spf", spf);
    round.add(Area::Domain, name, "dkim", domain::dkim::look(bag(), routes(), name.to_owned()));
    round.add(Area::Domain, name, "dmarc", domain::dmarc::look(bag(), routes(), name.to_owned()));
    round.add(Area::Domain, name, "bimi", domain::bimi::look(bag(), name.to_owned()));
}

async fn of_a_letter(bag: &Arc<Bag>, publication: Publication, round: &mut Round) -> Result<(), DoctorError> {
    let signs = route::ways(&bag.instance).iter().any(|way| way.signing != Signing::Relay);
    let slug = publication.slug.to_string();
    let sample = Arc::new(sample::sample(&bag.instance, &publication, signs).await?);
    let about = slug.clone();
    round.add(Area::Letter, &slug, "postal", async move { Ok(sample::postal(&publication, &about)) });
    let (headers, name) = (Arc::clone(&sample), slug.clone());
    round.add(Area::Letter, &slug, "headers", async move { Ok(sample::headers::look(&headers, &name)) });
    let (size, name) = (Arc::clone(&sample), slug.clone());
    round.add(Area::Letter, &slug, "size", async move { Ok(sample::size(&size, &name)) });
    let links = sample::links::look(Arc::clone(bag), Arc::clone(&sample), slug.clone());
    round.add(Area::Letter, &slug, "links", links);
    round.add(Area::Letter, &slug, "spam", sample::spam::look(Arc::clone(bag), sample, slug.clone()));
    Ok(())
}
