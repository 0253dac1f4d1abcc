use std::path::Path;

use super::*;

fn with(
    text: &str,
    variables: &'static [(&'static str, &'static str)],
    globals: &Globals,
) -> Result<Settings, String> {
    let told = |failure: Failure| format!("{failure:?}");
    let file = File::read(Path::new("/etc/soucoupe/soucoupe.toml"), text).map_err(told)?;
    let variable =
        |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, text)| (*text).to_owned());
    build(globals, &file, variable).map_err(told)
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\nrate = 5\ndata = \"data\"\n";
    let variables = &[("SOUCOUPE_LISTEN", "127.0.0.1:2")];
    let flags = Globals { listen: Some("127.0.0.1:3".into()), ..Globals::default() };
    let port = |settings: Result<Settings, String>| settings.unwrap().config.listen.port();
    assert_eq!(port(with(file, &[], &Globals::default())), 1);
    assert_eq!(port(with(file, variables, &Globals::default())), 2);
    assert_eq!(port(with(file, variables, &flags)), 3);
    let config = with(file, &[], &Globals::default()).unwrap().config;
    assert_eq!((config.rate, config.data.as_path()), (Some(5), Path::new("/etc/soucoupe/data")));
    assert_eq!(config.base_url, "http://127.0.0.1:1");
    assert_eq!(config.database_url, "sqlite:/etc/soucoupe/data/soucoupe.db");
}

#[test]
fn what_cannot_be_used_is_refused_with_its_place() {
    let file = "/etc/soucoupe/soucoupe.toml";
    for (text, wanted) in [
        (
            "rate = 1\nbase_ulr = \"x\"\n",
            format!("{file}, line 2, column 1: the key \\\"base_ulr\\\" is not known"),
        ),
        ("rate = \"often\"\n", format!("{file}, line 1, column 8: \\\"often\\\" is no whole number")),
        ("rate = [\n", format!("{file}, line ")),
        ("listen = \"here\"\n", format!("{file}, line 1, column 10: \\\"here\\\" is no address and port")),
        ("smtp_url = \"http://a\"\n", format!("{file}, line 1, column 12: the relay's URL begins with")),
        ("base_url = \"https://a/b\"\n", format!("{file}, line 1, column 12: the base address")),
        ("database_url = \"mysql://a:b@c/d\"\n", "mysql://…@c/d".to_owned()),
        ("catcher = \"0.0.0.0:25\"\n", "only from this machine".to_owned()),
        ("dns = \"my router\"\n", "is no address of a name server".to_owned()),
        ("spam_checker = \"127.0.0.1:783\"\n", "is no spam checker".to_owned()),
        ("log = true\n", "must be a text or a number".to_owned()),
    ] {
        let told = with(text, &[], &Globals::default()).unwrap_err();
        assert!(told.contains(&wanted), "{text}: {told}");
    }
    let told = with("", &[("SOUCOUPE_SMTP_CONNECTIONS", "0")], &Globals::default()).unwrap_err();
    assert!(
        told.contains("SOUCOUPE_SMTP_CONNECTIONS: \\\"0\\\" is no whole number from 1 to 1000"),
        "{told}"
    );
}

#[test]
fn what_comes_back_has_its_keys_and_each_service_its_secret() {
    let file = "returns_listen = \"[::]:25\"\nreturns_imap = \"imaps://returns:hidden@mail.example/INBOX\"\n\
                [webhooks]\nses = \"arn:aws:sns:eu-west-3:1:returns\"\npostmark = \"a:b\"\n";
    let variables = &[("SOUCOUPE_WEBHOOK_POSTMARK", "c:d"), ("SOUCOUPE_WEBHOOK_RESEND", "whsec_x")];
    let returns = with(file, variables, &Globals::default()).unwrap().config.returns;
    assert_eq!(returns.listen.map(|listen| listen.port()), Some(25));
    assert_eq!(returns.imap.as_deref(), Some("imaps://returns:hidden@mail.example/INBOX"));
    let secrets: Vec<_> = returns.webhooks.iter().map(|(name, secret)| (&**name, &**secret)).collect();
    assert_eq!(
        secrets,
        [("postmark", "c:d"), ("resend", "whsec_x"), ("ses", "arn:aws:sns:eu-west-3:1:returns")]
    );
    let both = with("returns_certificate = \"a.pem\"\nreturns_key = \"a.key\"\n", &[], &Globals::default());
    assert_eq!(both.unwrap().config.returns.certificate, Some(("a.pem".into(), "a.key".into())));
    for (text, wanted) in [
        ("returns_listen = \"25\"\n", "no address and port"),
        (
            "returns_certificate = \"a.pem\"\n",
            "line 1, column 23: returns_certificate and returns_key belong",
        ),
        ("returns_imap = \"https://returns:hidden@mail.example\"\n", "line 1, column 16"),
        ("webhooks = 1\n", "webhooks is a table"),
        ("[webhooks]\npigeon = \"x\"\n", "\\\"pigeon\\\" is not known"),
        ("[webhooks]\nses = \" \"\n", "an empty secret proves nothing"),
    ] {
        let told = with(text, &[], &Globals::default()).unwrap_err();
        assert!(told.contains(wanted), "{text}: {told}");
        assert!(!told.contains("hidden"), "{told}");
    }
}

#[test]
fn a_catcher_is_the_relay_unless_another_is_named() {
    let settings = with("catcher = \"127.0.0.1:2525\"\n", &[], &Globals::default()).unwrap();
    assert!(settings.config.catcher);
    assert_eq!(settings.config.smtp_url.as_deref(), Some("smtp://127.0.0.1:2525"));
    let other =
        with("catcher = \"127.0.0.1:2525\"\nsmtp_url = \"smtp://a.example\"\n", &[], &Globals::default());
    assert_eq!(other.unwrap().config.smtp_url.as_deref(), Some("smtp://a.example"));
}

#[test]
fn further_routes_are_tables_and_the_relay_stays_the_first_of_them() {
    let file = "smtp_url = \"smtp://a.example\"\n\n[[route]]\nname = \"second\"\nurl = \"smtps://u:p@b.example\"\nweight = 3\n\
        rate = 50\ndaily_cap = 20_000\nwarm_up = \"2026-11-24\"\nsigning = \"both\"\n\n[[route]]\nname = \"own\"\n\
        url = \"direct:?ehlo=mail.letters.example\"\nwarm_up = 2026-11-24\n";
    let config = with(file, &[], &Globals::default()).unwrap().config;
    let all = config.all_routes();
    let names: Vec<_> = all.iter().map(|route| route.name.as_str()).collect();
    assert_eq!(names, ["default", "second", "own"]);
    assert_eq!((all[1].weight, all[1].connections, all[1].rate), (3, 16, Some(50)));
    assert_eq!((all[1].daily_cap, all[1].warm_up), (Some(20_000), Some(20_781)));
    assert_eq!(all[1].signing, instance::Signing::Both);
    assert_eq!((all[2].weight, all[2].connections, all[2].warm_up), (1, 100, Some(20_781)));
}

#[test]
fn each_wrong_value_of_a_route_is_named_with_its_place() {
    let good = "[[route]]\nname = \"b\"\nurl = \"direct:\"\n";
    for (lines, wanted) in [
        ("[[route]]\nname = \"b\"\n", "line 1, column 1: the route has no url"),
        ("[[route]]\nurl = \"direct:\"\n", "line 1, column 1: the route has no name"),
        ("[[route]]\nname = \"B 2\"\nurl = \"direct:\"\n", "line 2, column 8: \\\"B 2\\\" is no name"),
        (
            "[[route]]\nname = \"default\"\nurl = \"direct:\"\n",
            "line 2, column 8: \\\"default\\\" is the name",
        ),
        ("[[route]]\nname = \"b\"\nurl = \"ftp://x\"\n", "line 3, column 7: "),
        ("[[route]]\nname = \"b\"\nurl = \"direct:?prot=1\"\n", "line 3, column 7: "),
        (
            "[[route]]\nname = \"b\"\nurl = \"direct:\"\nwieght = 1\n",
            "line 4, column 1: the key \\\"wieght\\\"",
        ),
        (
            "[[route]]\nname = \"b\"\nurl = \"direct:\"\nweight = -1\n",
            "line 4, column 10: \\\"-1\\\" is no whole",
        ),
        ("[[route]]\nname = \"b\"\nurl = \"direct:\"\nconnections = 0\n", "line 4, column 15: "),
        ("[[route]]\nname = \"b\"\nurl = \"direct:\"\nrate = \"fast\"\n", "line 4, column 8: "),
        ("[[route]]\nname = \"b\"\nurl = \"direct:\"\ndaily_cap = 0\n", "line 4, column 13: "),
        (
            "[[route]]\nname = \"b\"\nurl = \"direct:\"\nwarm_up = \"soon\"\n",
            "line 4, column 11: \\\"soon\\\" is no day",
        ),
        (
            "[[route]]\nname = \"b\"\nurl = \"direct:\"\nwarm_up = true\n",
            "line 4, column 11: the value of warm_up",
        ),
        (
            "[[route]]\nname = \"b\"\nurl = \"smtp://b\"\nsigning = \"me\"\n",
            "line 4, column 11: \\\"me\\\" does not",
        ),
        (
            "[[route]]\nname = \"b\"\nurl = \"direct:\"\nsigning = \"relay\"\n",
            "line 4, column 11: no relay signs",
        ),
        ("route = \"b\"\n", "line 1, column 9: route is a table"),
        (
            "catcher = \"127.0.0.1:2525\"\n[[route]]\nname = \"b\"\nurl = \"direct:\"\n",
            "line 2, column 1: the mail catcher is there",
        ),
    ] {
        let told = with(lines, &[], &Globals::default()).unwrap_err();
        assert!(told.contains("/etc/soucoupe/soucoupe.toml, ") && told.contains(wanted), "{lines}: {told}");
        assert!(told.contains("code: 2"), "{told}");
    }
    let told = with(&format!("{good}{good}"), &[], &Globals::default()).unwrap_err();
    assert!(told.contains("line 5, column 8: there are two routes called"), "{told}");
    let secret = "[[route]]\nname = \"b\"\nurl = \"smtp://a:hunter2@b/x\"\n";
    assert!(!with(secret, &[], &Globals::default()).unwrap_err().contains("hunter2"));
}

#[test]
fn a_name_server_has_its_usual_port_and_a_spam_checker_its_form() {
    for (text, address) in [
        ("127.0.0.53", "127.0.0.53:53"),
        ("127.0.0.1:5353", "127.0.0.1:5353"),
        ("::1", "[::1]:53"),
        ("[::1]", "[::1]:53"),
        ("[::1]:5353", "[::1]:5353"),
    ] {
        let settings = with(&format!("dns = {text:?}\n"), &[], &Globals::default()).unwrap();
        assert_eq!(settings.config.dns.unwrap().to_string(), address);
    }
    let variables = &[("SOUCOUPE_SPAM_CHECKER", "spamd://127.0.0.1:783")];
    let settings = with("", variables, &Globals::default()).unwrap();
    assert_eq!(settings.config.spam_checker.as_deref(), Some("spamd://127.0.0.1:783"));
}
