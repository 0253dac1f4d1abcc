//! `bounce classify`: one line for each recipient, without an instance.

mod program;

use program::Program;

const BOUNCE: &str = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: b+1@letters.example\n\
    Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
    This is the mail system at host mx.example.\n\n--b\nContent-Type: message/delivery-status\n\n\
    Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; gone@example.com\nAction: failed\nStatus: 5.1.1\n\
    Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: User unknown\n\n\
    Final-Recipient: rfc822; full@example.com\nAction: failed\nStatus: 5.2.2\n\
    Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\n\n--b--\n";

const LETTER: &str = "From: ada@example.com\nSubject: Bonjour\n\nMerci.\n";

#[tokio::test]
async fn each_recipient_of_a_returned_mail_is_one_line_with_its_keys_in_order() {
    let program = Program::new(None);
    let (bounce, letter) = (program.file("b.eml", BOUNCE), program.file("l.eml", LETTER));
    let out = program.run(&["bounce", "classify", &bounce, &letter]).await.well();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines,
        [
            format!(
                "{{\"file\":\"{bounce}\",\"address\":\"gone@example.com\",\"action\":\"suppress\",\
                 \"reason\":\"user_unknown\",\"status\":\"5.1.1\",\
                 \"reply\":\"550 5.1.1 <gone@example.com>: User unknown\"}}"
            ),
            format!(
                "{{\"file\":\"{bounce}\",\"address\":\"full@example.com\",\"action\":\"soft\",\
                 \"reason\":\"mailbox_full\",\"status\":\"5.2.2\",\"reply\":\"552 5.2.2 Mailbox full\"}}"
            ),
            format!(
                "{{\"file\":\"{letter}\",\"address\":null,\"action\":\"none\",\"reason\":\"letter\",\
                 \"status\":null,\"reply\":null}}"
            ),
        ]
    );
    assert!(!program.path("data").exists(), "it makes no instance");
}

#[tokio::test]
async fn an_mbox_is_several_mails_and_what_cannot_be_read_is_told_after_the_rest() {
    let program = Program::new(None);
    let mbox = format!(
        "From MAILER-DAEMON Mon Nov 16 08:30:00 2026\n{BOUNCE}\nFrom ada@example.com Mon Nov 16 08:31:00 2026\n{LETTER}"
    );
    let mbox = program.file("all.mbox", mbox);
    let folder = program.path("").display().to_string();
    let ran = program.run(&["bounce", "classify", "nowhere.eml", &folder, &mbox]).await;
    assert_eq!(ran.out.lines().count(), 3, "{ran:?}");
    let said = ran.refused(2);
    assert!(
        said.contains("there is no file nowhere.eml") && said.contains("is a folder, not a mail"),
        "{said}"
    );
}

#[tokio::test]
async fn neither_a_bad_configuration_nor_bytes_that_are_no_mail_stop_it() {
    let mut program = Program::new(None);
    program.set("SOUCOUPE_BASE_URL", "no url");
    program.file("soucoupe.toml", "this is no toml [");
    let noise: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let (noise, empty) = (program.file("noise.eml", noise), program.file("empty.eml", ""));
    let out = program.run(&["bounce", "classify", &noise, &empty]).await.well();
    assert_eq!(out.lines().count(), 2);
    assert!(out.lines().all(|line| line.contains("\"action\":\"none\"")), "{out}");
    assert_eq!(program.run(&["bounce", "classify"]).await.code, 2);
}
