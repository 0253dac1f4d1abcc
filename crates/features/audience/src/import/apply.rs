//! A batch of lines against what is known: who is added, who stays out, and the few statements that write it.

use std::collections::{HashMap, HashSet};

use instance::Instance;
use policy::subscription::{Actor, SubscriptionEvent, SubscriptionState, next};
use policy::suppressions::Reason;
use serde::Serialize;
use store::{Statement, StoreError, Value, params};

use super::line::{Line, Standing};
use super::report::Report;
use super::scan::Given;
use super::{ImportError, Options};
use crate::model::state;
use crate::queries::import as queries;

/// What is known about an address of the batch.
#[derive(Clone, Default)]
struct Known {
    id: Option<i64>,
    first_name: bool,
    last_name: bool,
    language: bool,
    time_zone: bool,
    state: Option<SubscriptionState>,
    tags: HashSet<String>,
}

#[derive(Serialize)]
struct NewSubscription<'a> {
    k: &'a str,
    s: i64,
    t: i64,
    o: &'a str,
}

#[derive(Serialize)]
struct NewTag<'a> {
    k: &'a str,
    g: &'a str,
}

#[derive(Serialize)]
struct NewConsent<'a> {
    k: &'a str,
    n: Option<&'a str>,
    a: i64,
}

/// What a batch leads to.
#[derive(Default)]
struct Writes<'a> {
    departures: Vec<Vec<Value>>,
    readers: Vec<Vec<Value>>,
    fills: Vec<Vec<Value>>,
    subscriptions: Vec<NewSubscription<'a>>,
    tags: Vec<NewTag<'a>>,
    consents: Vec<NewConsent<'a>>,
    ends: Vec<&'a str>,
}

/// An import under way.
pub(super) struct Importer<'a> {
    instance: &'a Instance,
    publication_id: i64,
    options: &'a Options,
    now: i64,
    /// What earlier batches of a dry run would have written: whether the address has left.
    dreamt: HashMap<u64, bool>,
    pub(super) report: Report,
}

impl<'a> Importer<'a> {
    pub(super) fn new(instance: &'a Instance, publication_id: i64, options: &'a Options) -> Self {
        let report = Report { dry_run: options.dry_run, ..Report::default() };
        let now = instance.now_us();
        Importer { instance, publication_id, options, now, dreamt: HashMap::new(), report }
    }

    pub(super) async fn batch(&mut self, lines: Vec<Given>) -> Result<(), ImportError> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut known = self.known(&lines).await?;
        let mut blocked = self.blocked(&lines).await?;
        let mut writes = Writes::default();
        for given in &lines {
            self.report.lines += 1;
            self.decide(given, &mut known, &mut blocked, &mut writes);
        }
        if !self.options.dry_run {
            self.write(writes).await?;
        }
        Ok(())
    }

    async fn known(&self, lines: &[Given]) -> Result<HashMap<String, Known>, ImportError> {
        let keys: Vec<&str> = lines.iter().map(|given| given.key.as_str()).collect();
        let rows =
            self.instance.store.read(queries::KNOWN, params![json(&keys), self.publication_id]).await?;
        let mut known = HashMap::with_capacity(rows.len());
        let mut ids = HashMap::new();
        for row in rows {
            let (key, id) = (row.text(0)?, row.int(1)?);
            let entry = Known {
                id: Some(id),
                first_name: !row.is_null(2),
                last_name: !row.is_null(3),
                language: !row.is_null(4),
                state: row.opt_int(5)?.map(state).transpose()?,
                time_zone: !row.is_null(6),
                tags: HashSet::new(),
            };
            ids.insert(id, key.clone());
            known.insert(key, entry);
        }
        if !ids.is_empty() && lines.iter().any(|given| !given.line.tags.is_empty()) {
            let list = json(&ids.keys().collect::<Vec<_>>());
            for row in
                self.instance.store.read(queries::KNOWN_TAGS, params![list, self.publication_id]).await?
            {
                if let Some(entry) = ids.get(&row.int(0)?).and_then(|key| known.get_mut(key)) {
                    entry.tags.insert(row.text(1)?);
                }
            }
        }
        Ok(known)
    }

    async fn blocked(&self, lines: &[Given]) -> Result<HashSet<[u8; 16]>, StoreError> {
        let mut blocked = HashSet::new();
        let hashes: Vec<[u8; 16]> = lines.iter().map(|given| given.hash).collect();
        for some in hashes.chunks(queries::HASHES) {
            let (sql, values) = queries::blocked(self.publication_id, some);
            let statement = Statement::composed("audience.blocked", sql, values);
            for row in self.instance.store.read_statement(statement).await? {
                if let Ok(hash) = <[u8; 16]>::try_from(row.bytes(0)?) {
                    blocked.insert(hash);
                }
            }
        }
        Ok(blocked)
    }

    /// One line: counted, and what it leads to noted. What it changes is known to the lines after it.
    fn decide<'l>(
        &mut self,
        given: &'l Given,
        known: &mut HashMap<String, Known>,
        blocked: &mut HashSet<[u8; 16]>,
        writes: &mut Writes<'l>,
    ) {
        let entry = known.entry(given.key.clone()).or_default();
        let short = u64::from_be_bytes(std::array::from_fn(|at| given.hash[at]));
        match self.dreamt.get(&short) {
            Some(true) => _ = blocked.insert(given.hash),
            Some(false) if entry.state.is_none() => entry.state = Some(SubscriptionState::Active),
            _ => {}
        }
        let is_blocked = blocked.contains(&given.hash);
        if matches!(given.line.standing, Standing::OptedOut | Standing::Ended) {
            self.depart(given, entry, is_blocked, writes);
            blocked.insert(given.hash);
            self.dream(short, true);
            return;
        }
        let step = next(entry.state, SubscriptionEvent::Import, Actor::Author, is_blocked);
        match (entry.state, step) {
            (_, Err(_)) | (Some(SubscriptionState::Ended), Ok(_)) => self.report.suppressed += 1,
            (Some(_), Ok(_)) if is_blocked => self.report.suppressed += 1,
            (None, Ok(_)) => {
                self.add(given, entry, writes);
                self.dream(short, false);
            }
            (Some(_), Ok(_)) => {
                if self.fill(given, entry, writes) {
                    self.report.updated += 1;
                } else {
                    self.report.already += 1;
                }
            }
        }
    }

    fn dream(&mut self, short: u64, left: bool) {
        if self.options.dry_run {
            self.dreamt.insert(short, left);
        }
    }

    /// A departure is kept as a suppression. An address that is not known stays unknown, unless it left one of our
    /// own publications: then its subscription is kept as ended, as it was there.
    fn depart<'l>(&mut self, given: &'l Given, entry: &mut Known, is_blocked: bool, writes: &mut Writes<'l>) {
        let lives = entry.state.is_some_and(|state| state != SubscriptionState::Ended);
        if is_blocked && !lives {
            self.report.already += 1;
            return;
        }
        self.report.opted_out += 1;
        if given.line.standing == Standing::Ended && entry.state.is_none() && !is_blocked {
            self.subscribe(given, entry, SubscriptionState::Ended, writes);
        }
        if lives {
            writes.ends.push(&given.key);
        }
        entry.state = entry.state.map(|_| SubscriptionState::Ended);
        let reason = Reason::Imported;
        let scope = reason.reach(self.publication_id).number();
        writes.departures.push(params![given.hash, scope, reason.name(), self.now]);
    }

    fn add<'l>(&mut self, given: &'l Given, entry: &mut Known, writes: &mut Writes<'l>) {
        let state = match given.line.standing {
            Standing::Pending => SubscriptionState::Pending,
            Standing::Paused => SubscriptionState::Paused,
            Standing::Active | Standing::Ended | Standing::OptedOut => SubscriptionState::Active,
        };
        self.report.added += 1;
        if state == SubscriptionState::Pending {
            self.report.pending += 1;
        }
        self.subscribe(given, entry, state, writes);
        if let Some((at, network)) = &given.line.proof {
            let (k, a) = (given.key.as_str(), (*at).min(self.now));
            writes.consents.push(NewConsent { k, n: network.as_deref(), a });
        }
    }

    fn subscribe<'l>(
        &self,
        given: &'l Given,
        entry: &mut Known,
        state: SubscriptionState,
        writes: &mut Writes<'l>,
    ) {
        let line = &given.line;
        if entry.id.is_none() {
            writes.readers.push(self.reader(given));
            (entry.first_name, entry.last_name) = (line.first_name.is_some(), line.last_name.is_some());
            entry.language = line.language.is_some();
            entry.time_zone = line.time_zone.is_some();
        }
        self.fill(given, entry, writes);
        entry.state = Some(state);
        let since = line.since.unwrap_or(self.now).min(self.now);
        let source = line.source.as_deref().unwrap_or("import");
        writes.subscriptions.push(NewSubscription { k: &given.key, s: state.number(), t: since, o: source });
    }

    fn reader(&self, Given { line, key, hash }: &Given) -> Vec<Value> {
        params![
            line.email.as_str(),
            key,
            *hash,
            line.email.domain(),
            line.first_name.clone(),
            line.last_name.clone(),
            line.language.clone(),
            self.now,
            line.time_zone.clone(),
        ]
    }

    /// Fills what is empty and adds tags. False when the file knew nothing new.
    fn fill<'l>(&self, given: &'l Given, entry: &mut Known, writes: &mut Writes<'l>) -> bool {
        let Line { first_name, last_name, language, time_zone, tags, .. } = &given.line;
        let new = (first_name.is_some() && !entry.first_name)
            || (last_name.is_some() && !entry.last_name)
            || (language.is_some() && !entry.language)
            || (time_zone.is_some() && !entry.time_zone);
        // A second line of an address that this batch adds has no number yet; its names are those of the first.
        if let Some(id) = entry.id
            && new
        {
            let names = [first_name, last_name, language, time_zone].map(Clone::clone);
            let [first_name, last_name, language, time_zone] = names;
            writes.fills.push(params![id, first_name, last_name, language, time_zone]);
            entry.first_name |= given.line.first_name.is_some();
            entry.last_name |= given.line.last_name.is_some();
            entry.language |= given.line.language.is_some();
            entry.time_zone |= given.line.time_zone.is_some();
        }
        let mut tagged = false;
        for tag in tags {
            if entry.tags.insert(tag.clone()) {
                tagged = true;
                writes.tags.push(NewTag { k: &given.key, g: tag });
            }
        }
        (new && entry.id.is_some()) || tagged
    }

    /// Departures first: should the program die here, nobody is mailed who has left.
    async fn write(&self, writes: Writes<'_>) -> Result<(), StoreError> {
        let store = &self.instance.store;
        for (query, sets) in [
            (queries::ADD_SUPPRESSION, writes.departures),
            (queries::ADD_READER, writes.readers),
            (queries::FILL_READER, writes.fills),
        ] {
            if !sets.is_empty() {
                store.write_many(query, sets).await?;
            }
        }
        let (publication, now) = (self.publication_id, self.now);
        let mut statements = Vec::new();
        if !writes.subscriptions.is_empty() {
            let values = params![publication, now, json(&writes.subscriptions)];
            statements.push(queries::ADD_SUBSCRIPTIONS.with(values));
        }
        if !writes.tags.is_empty() {
            statements.push(queries::ADD_TAGS.with(params![publication, json(&writes.tags)]));
        }
        if !writes.consents.is_empty() {
            let values = params![publication, &self.options.source, json(&writes.consents)];
            statements.push(queries::KEEP_CONSENTS.with(values));
        }
        if !writes.ends.is_empty() {
            statements.push(queries::END_SUBSCRIPTIONS.with(params![publication, now, json(&writes.ends)]));
        }
        if !statements.is_empty() {
            store.transaction(statements).await?;
        }
        Ok(())
    }
}

fn json<T: Serialize>(items: &[T]) -> String {
    // Texts and numbers always have a JSON form.
    serde_json::to_string(items).unwrap_or_else(|_| "[]".to_owned())
}
