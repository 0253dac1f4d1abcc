//! The neighbours of the journeys, alone: when one of these fails, it is not the program's fault.

use e2e::{Browser, Postfix};
use smtp::{Connection, NotDelivered, Route, Timeouts, ungated};

const LETTER: &[u8] = b"From: <ada@gazette.example>\r\nTo: <zoe@mailbox.test>\r\nSubject: Essai\r\n\
                        Message-ID: <1@gazette.example>\r\n\r\nBonjour.\r\n";

#[tokio::test]
async fn postfix_delivers_into_the_mailbox_and_takes_nothing_for_others() {
    let postfix = Postfix::start().await;
    let route = Route::parse(&postfix.relay()).unwrap();
    let mut line = Connection::open(&route, "gazette.example", Timeouts::default()).await.unwrap();
    let taken = line.deliver("b@gazette.example", "zoe@mailbox.test", LETTER, ungated()).await.unwrap();
    assert_eq!(taken.reply.code, 250);
    let refused = line.deliver("b@gazette.example", "zoe@elsewhere.test", LETTER, ungated()).await;
    assert!(matches!(refused, Err(NotDelivered::Refused(_))), "{refused:?}");
    line.quit().await;
    let mails = postfix.mailbox().to("zoe@mailbox.test", 1).await;
    assert_eq!(mails[0].header("Message-ID"), "<1@gazette.example>");
    assert_eq!(mails[0].text().trim(), "Bonjour.");
}

#[tokio::test]
async fn the_browser_opens_a_page_and_fills_a_form() {
    let browser = Browser::open("neighbours").await;
    browser
        .goto("data:text/html,<h1>Soucoupe</h1><form><input name=x><button name=b>go</button></form>")
        .await;
    browser.says("Soucoupe").await;
    browser.fill("[name=x]", "été").await;
    browser.press("button").await;
    browser.picture("page").await;
    browser.close().await;
}
