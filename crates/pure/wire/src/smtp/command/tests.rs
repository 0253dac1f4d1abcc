use proptest::prelude::*;

use super::*;

fn written(command: Command<'_>) -> Result<String, UnsafeText> {
    let mut out = Vec::new();
    command.write(&mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn commands_are_written_as_the_rfcs_show_them() {
    let parameters = MailParameters { size: Some(20_480), body: Some(Body::EightBitMime), smtp_utf8: false };
    let check = |command, line: &str| assert_eq!(written(command).unwrap(), line);
    check(Command::Ehlo("letter.example"), "EHLO letter.example\r\n");
    check(Command::Ehlo("[IPv6:::1]"), "EHLO [IPv6:::1]\r\n");
    check(
        Command::Mail { from: "b+1@x.example", parameters },
        "MAIL FROM:<b+1@x.example> SIZE=20480 BODY=8BITMIME\r\n",
    );
    check(Command::Mail { from: "", parameters: MailParameters::default() }, "MAIL FROM:<>\r\n");
    check(Command::Rcpt { to: "\"a> b\"@x.example" }, "RCPT TO:<\"a> b\"@x.example>\r\n");
    check(Command::Bdat { size: 7, last: true }, "BDAT 7 LAST\r\n");
    check(Command::Auth { mechanism: "PLAIN", initial: Some("AGEAYg==") }, "AUTH PLAIN AGEAYg==\r\n");
    check(Command::Auth { mechanism: "LOGIN", initial: None }, "AUTH LOGIN\r\n");
}

#[test]
fn no_text_can_start_another_command() {
    for text in [
        "a@x.example>\r\nRCPT TO:<b",
        "a\n",
        "a\rb",
        "a b@x",
        "a>b@x",
        "<a@x",
        "\"a@x",
        "a\0@x",
        &"a".repeat(300),
    ] {
        assert!(written(Command::Rcpt { to: text }).is_err(), "{text:?}");
        let mail = Command::Mail { from: text, parameters: MailParameters::default() };
        assert!(written(mail).is_err(), "{text:?}");
    }
    for text in ["a\r\nQUIT", "a b", "", "é"] {
        assert!(written(Command::Ehlo(text)).is_err(), "{text:?}");
        assert!(written(Command::Auth { mechanism: "PLAIN", initial: Some("a\nb") }).is_err());
    }
    assert!(written(Command::Rcpt { to: "" }).is_err());
}

#[test]
fn lines_seen_in_the_field_are_read_as_meant() {
    let check = |line: &str, command| assert_eq!(Command::parse(line.as_bytes()), command, "{line:?}");
    let plain = MailParameters::default();
    check("ehlo x", Ok(Command::Ehlo("x")));
    check("MAIL FROM:<>", Ok(Command::Mail { from: "", parameters: plain }));
    check("MAIL FROM:<@x:@y:.x>", Err(CommandError::Syntax));
    check("mail from: <a@x> ", Ok(Command::Mail { from: "a@x", parameters: plain }));
    let sized = MailParameters { size: Some(5), body: Some(Body::SevenBit), smtp_utf8: true };
    check(
        "MAIL FROM:<a@x> size=5 Body=7bit SMTPUTF8 AUTH=<>",
        Ok(Command::Mail { from: "a@x", parameters: sized }),
    );
    check("RCPT TO:<@one,@two:a@x>", Ok(Command::Rcpt { to: "a@x" }));
    check("RCPT TO:<postmaster>", Ok(Command::Rcpt { to: "postmaster" }));
    check("BDAT 12", Ok(Command::Bdat { size: 12, last: false }));
    check("bdat 0 last", Ok(Command::Bdat { size: 0, last: true }));
    check("AUTH PLAIN =", Ok(Command::Auth { mechanism: "PLAIN", initial: Some("") }));
    check("RCPT TO:<>", Err(CommandError::Syntax));
    check("RCPT TO:a@x", Err(CommandError::Syntax));
    check("RCPT TO:<a@x>x", Err(CommandError::Syntax));
    check("RCPT TO:<a@x> NOTIFY=NEVER", Err(CommandError::Parameter));
    check("MAIL FROM:<a@x> BODY=BINARYMIME", Err(CommandError::Parameter));
    check("MAIL FROM:<a@x> SIZE=-1", Err(CommandError::Syntax));
    check("BDAT 99999999999999999999999 LAST", Err(CommandError::Syntax));
    check("BDAT +5", Err(CommandError::Syntax));
    check("DATA now", Err(CommandError::Syntax));
    check("EHLO", Err(CommandError::Syntax));
    check("GET / HTTP/1.1", Err(CommandError::Unknown));
    check("", Err(CommandError::Unknown));
    check("MAIL FROM:<a\rb@x>", Err(CommandError::Syntax));
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(text in "[ -~é\r\n]{0,30}", size in any::<u64>(), last in any::<bool>()) {
        let parameters = MailParameters { size: Some(size), body: None, smtp_utf8: true };
        let commands = [
            Command::Ehlo(&text),
            Command::Mail { from: &text, parameters },
            Command::Rcpt { to: &text },
            Command::Bdat { size, last },
            Command::Auth { mechanism: "PLAIN", initial: Some(&text) },
        ];
        for command in commands {
            let Ok(line) = written(command) else { continue };
            prop_assert_eq!(line.matches('\n').count(), 1);
            let back = Command::parse(line.strip_suffix("\r\n").unwrap().as_bytes());
            // A leading @ is a source route, and a lone "=" the empty response: both are read as such.
            if !text.starts_with('@') && text != "=" {
                prop_assert_eq!(back, Ok(command));
            }
        }
    }

    #[test]
    fn no_line_makes_the_parser_panic(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Command::parse(&line);
    }

    #[test]
    fn nothing_after_a_known_word_makes_the_parser_panic(
        verb in "(MAIL FROM:|RCPT TO:|BDAT |AUTH |EHLO |VRFY )", rest in "\\PC{0,60}",
    ) {
        let _ = Command::parse(format!("{verb}{rest}").as_bytes());
    }
}
