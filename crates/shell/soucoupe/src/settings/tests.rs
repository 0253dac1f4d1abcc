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
fn a_catcher_is_the_relay_unless_another_is_named() {
    let settings = with("catcher = \"127.0.0.1:2525\"\n", &[], &Globals::default()).unwrap();
    assert!(settings.config.catcher);
    assert_eq!(settings.config.smtp_url.as_deref(), Some("smtp://127.0.0.1:2525"));
    let other =
        with("catcher = \"127.0.0.1:2525\"\nsmtp_url = \"smtp://a.example\"\n", &[], &Globals::default());
    assert_eq!(other.unwrap().config.smtp_url.as_deref(), Some("smtp://a.example"));
}
