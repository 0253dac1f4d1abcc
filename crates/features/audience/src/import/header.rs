//! Which column is what, by its name: ours, those of the services people come from, in French and in English.

/// Columns of a file, by their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) email: usize,
    pub(super) first_name: Option<usize>,
    pub(super) last_name: Option<usize>,
    pub(super) full_name: Option<usize>,
    pub(super) language: Option<usize>,
    pub(super) time_zone: Option<usize>,
    pub(super) tags: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) source: Option<usize>,
    /// Since when, the best column first.
    pub(super) since: Vec<usize>,
    /// When and from where the reader said yes.
    pub(super) proof_at: Option<usize>,
    pub(super) proof_network: Option<usize>,
    /// Yes there means gone.
    pub(super) gone: Vec<usize>,
    /// No there means gone.
    pub(super) here: Vec<usize>,
    /// Anything there, a date mostly, means gone.
    pub(super) gone_at: Vec<usize>,
    /// Names of columns that mean nothing to us.
    pub(super) ignored: Vec<String>,
}

const EMAIL: &[&str] = &[
    "email",
    "emailaddress",
    "mail",
    "mailaddress",
    "emails",
    "emailadresse",
    "adressemail",
    "adresseemail",
    "adressedemessagerie",
    "adresseelectronique",
    "adressecourriel",
    "courriel",
    "adresse",
    "address",
    "subscriberemail",
    "useremail",
    "memberemail",
    "contactemail",
    "primaryemail",
    "email1",
    "email1value",
    "correoelectronico",
    "emailprincipal",
];
const FIRST: &[&str] =
    &["firstname", "first", "fname", "givenname", "prenom", "forename", "vorname", "prenoms"];
const LAST: &[&str] = &["lastname", "last", "lname", "surname", "familyname", "nomdefamille", "nachname"];
const FULL: &[&str] =
    &["name", "fullname", "nomcomplet", "displayname", "prenometnom", "prenomnom", "nometprenom"];
const LANGUAGE: &[&str] = &["language", "lang", "langue", "locale", "preferredlanguage"];
const TIME_ZONE: &[&str] = &["timezone", "tz", "fuseauhoraire", "fuseau", "zonehoraire"];
const TAGS: &[&str] = &["tags", "tag", "labels", "etiquettes", "motscles", "libelles"];
const STATUS: &[&str] = &[
    "status",
    "state",
    "statut",
    "etat",
    "subscribertype",
    "subscriberstatus",
    "emailstatus",
    "subscriptionstatus",
];
const SOURCE: &[&str] = &["source"];
const SINCE: &[&str] = &[
    "since",
    "depuis",
    "subscribedat",
    "subscriptiondate",
    "subscribedon",
    "confirmtime",
    "optintime",
    "createdat",
    "creationdate",
    "datecreation",
    "datedinscription",
    "dateinscription",
    "dateadded",
    "signupdate",
    "joinedat",
    "inscritle",
    "adddate",
];
const PROOF_AT: &[&str] = &["confirmtime", "confirmedat", "optintime", "optindate"];
const PROOF_NETWORK: &[&str] = &["confirmip", "optinip", "ipaddress", "ip", "signupip"];
const GONE: &[&str] = &[
    "emaildisabled",
    "unsubscribed",
    "optout",
    "optedout",
    "desabonne",
    "desinscrit",
    "blocklisted",
    "blacklisted",
    "blocked",
    "emailblacklisted",
    "bounced",
    "complained",
    "stop",
];
const HERE: &[&str] =
    &["subscribedtoemails", "subscribed", "optin", "optedin", "abonne", "inscrit", "abonnement"];
const GONE_AT: &[&str] = &[
    "unsubscribedat",
    "unsubtime",
    "unsubscriptiondate",
    "unsubscribedon",
    "unsubscribedate",
    "cleantime",
    "deletedat",
    "datedesinscription",
    "datededesinscription",
    "desinscritle",
    "desabonnele",
    "optouttime",
];
/// What our own error files add; not a column that was ignored.
const OURS: &[&str] = &["line", "reason", "ligne", "raison"];

impl Columns {
    /// Reads the names of a header. `None` when none of them is the address.
    pub(super) fn of(header: &[String]) -> Option<Columns> {
        let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let one = |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
        let all = |known: &[&str]| -> Vec<usize> {
            known.iter().filter_map(|known| names.iter().position(|name| name == known)).collect()
        };
        let first_name = one(FIRST);
        // "Nom" beside "prénom" is the family's, alone it is the whole name.
        let nom = one(&["nom"]);
        let (last_name, full_name) = match (one(LAST), first_name) {
            (None, Some(_)) => (nom, one(FULL)),
            (last, _) => (last, one(FULL).or(nom)),
        };
        let mut columns = Columns {
            email: one(EMAIL)?,
            first_name,
            last_name,
            full_name: full_name.filter(|_| first_name.is_none()),
            language: one(LANGUAGE),
            time_zone: one(TIME_ZONE),
            tags: one(TAGS),
            status: one(STATUS),
            source: one(SOURCE),
            since: all(SINCE),
            proof_at: one(PROOF_AT),
            proof_network: one(PROOF_NETWORK),
            gone: all(GONE),
            here: all(HERE),
            gone_at: all(GONE_AT),
            ignored: Vec::new(),
        };
        columns.ignored = columns.unused(header, &names);
        Some(columns)
    }

    fn unused(&self, header: &[String], names: &[String]) -> Vec<String> {
        let single = [
            Some(self.email),
            self.first_name,
            self.last_name,
            self.full_name,
            self.language,
            self.time_zone,
            self.tags,
            self.status,
            self.source,
            self.proof_at,
            self.proof_network,
        ];
        let used: Vec<usize> = single
            .into_iter()
            .flatten()
            .chain([&self.since, &self.gone, &self.here, &self.gone_at].into_iter().flatten().copied())
            .collect();
        let meant =
            |at: usize| used.contains(&at) || names[at].is_empty() || OURS.contains(&names[at].as_str());
        (0..header.len()).filter(|at| !meant(*at)).map(|at| header[at].trim().to_owned()).collect()
    }
}

/// A name without case, accents, spaces and signs: `E-mail Address` and `email_address` are one.
pub(super) fn plain(name: &str) -> String {
    let bare = |letter: char| match letter {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    name.chars().flat_map(char::to_lowercase).map(bare).filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Option<Columns> {
        Columns::of(&header.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_address_is_found_in_the_files_of_every_service() {
        for (header, at) in [
            ("email,first_name,last_name,language,state,since,source,tags", Some(0)),
            ("id,email,name,note,subscribed_to_emails,created_at,labels", Some(1)),
            ("Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,TAGS", Some(0)),
            ("E-Mail-Adresse,Vorname,Nachname", Some(0)),
            ("Prénom,Nom,Adresse e-mail", Some(2)),
            ("Nom;x,Courriel", Some(1)),
            ("uuid,email,name,attributes,status", Some(1)),
            ("id,token,email_id,subscriber__email,event_type", Some(3)),
            ("prénom,nom,téléphone", None),
            ("ada@letters.example", None),
        ] {
            assert_eq!(columns(header).map(|columns| columns.email), at, "{header}");
        }
    }

    #[test]
    fn nom_is_a_family_name_beside_a_first_name_and_a_whole_name_alone() {
        let both = columns("email,prénom,nom").unwrap();
        assert_eq!((both.first_name, both.last_name, both.full_name), (Some(1), Some(2), None));
        let alone = columns("email,nom").unwrap();
        assert_eq!((alone.first_name, alone.last_name, alone.full_name), (None, None, Some(1)));
    }

    #[test]
    fn what_means_nothing_to_us_is_named() {
        let columns = columns("Email Address,Shoe Size,LEID,UNSUB_TIME,line").unwrap();
        assert_eq!(columns.ignored, ["Shoe Size", "LEID"]);
        assert_eq!(columns.gone_at, [3]);
    }
}
