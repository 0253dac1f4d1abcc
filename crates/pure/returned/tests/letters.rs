//! What a reader wrote, apart from what they quote and how they sign.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use returned::Reply;

fn reply(body: &str) -> Reply {
    let raw = format!(
        "From: Ada <ada@b.example>\nSubject: Re: Le phare\nContent-Type: text/plain; charset=utf-8\n\n{body}"
    );
    returned::read(raw.as_bytes()).reply.unwrap()
}

#[test]
fn quotes_are_split_off_in_the_manner_of_every_mailer() {
    for introduction in [
        "On Mon, 16 Nov 2026 at 08:30, La Gazette <gazette@l.example> wrote:\n> Bonjour.",
        "On 16 Nov 2026, at 08:30, La Gazette <gazette@l.example> wrote:\n\n> Bonjour.",
        "On Monday, November 16th, 2026 at 8:30 AM, La Gazette\n<gazette@l.example> wrote:\n\n> Bonjour.",
        "Le lun. 16 nov. 2026 à 08:30, La Gazette <gazette@l.example> a écrit :\n\n> Bonjour.",
        "Le 16/11/2026 à 08:30, La Gazette a écrit :\n> Bonjour.",
        "Am Mo., 16. Nov. 2026 um 08:30 Uhr schrieb La Gazette <gazette@l.example>:\n\n> Bonjour.",
        "Am 16.11.26 um 08:30 schrieb La Gazette:\n> Bonjour.",
        "El lun, 16 nov 2026 a las 8:30, La Gazette (<gazette@l.example>) escribió:\n\n> Bonjour.",
        "Il giorno lun 16 nov 2026 alle ore 08:30 La Gazette <gazette@l.example> ha scritto:\n> Bonjour.",
        "Em seg., 16 de nov. de 2026 às 08:30, La Gazette <gazette@l.example> escreveu:\n> Bonjour.",
        "Op ma 16 nov 2026 om 08:30 schreef La Gazette <gazette@l.example>:\n> Bonjour.",
        "W dniu 16.11.2026 o 08:30, La Gazette pisze:\n> Bonjour.",
        "16.11.2026, 08:30, \"La Gazette\" <gazette@l.example> пишет:\n> Bonjour.",
        "2026年11月16日(月) 8:30 La Gazette <gazette@l.example>:\n> Bonjour.",
        "-----Original Message-----\nFrom: La Gazette <gazette@l.example>\nSent: Monday\nTo: Ada\nSubject: Le phare\n\nBonjour.",
        "-------- Message d'origine --------\nDe : La Gazette\nDate : 16/11/2026\n\nBonjour.",
        "De : La Gazette <gazette@l.example>\nEnvoyé : lundi 16 novembre 2026 08:30\nÀ : Ada\nObjet : Le phare\n\nBonjour.",
        "________________________________\nVon: La Gazette\nGesendet: Montag\nAn: Ada\nBetreff: Le phare\n\nBonjour.",
        "De: La Gazette\nEnviado el: lunes\nPara: Ada\nAsunto: Le phare\n\nBonjour.",
        "------- Original Message -------\nOn Monday, November 16th, 2026 at 08:30, La Gazette wrote:\n\nBonjour.",
        "> Bonjour.",
    ] {
        let reply = reply(&format!("Merci beaucoup !\n\n{introduction}\n"));
        assert_eq!(reply.text, "Merci beaucoup !", "{introduction}");
        assert!(reply.quoted.contains("Bonjour."), "{introduction}: {reply:?}");
    }
}

#[test]
fn answers_between_the_quotes_are_the_readers_own() {
    let reply = reply(
        "On 16 Nov 2026, Gazette <g@l.example> wrote:\n> Do you like it?\nYes.\n\n> And you?\nMe too.\n",
    );
    assert_eq!(reply.text, "Yes.\n\nMe too.");
    assert_eq!(reply.quoted.lines().count(), 3);
}

#[test]
fn what_only_looks_like_a_quote_stays() {
    let body = "On Monday I read your letter; my aunt wrote:\nit is true.\n\nFrom: me, with love.\nLe phare, on l'a écrit : ensemble.";
    assert_eq!(reply(body).text, body);
}

#[test]
fn signatures_are_split_off() {
    for signature in [
        "-- \nAda\n06 00 00 00 00",
        "Sent from my iPhone",
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Get Outlook for Android",
        "Envoyé depuis l'application Mail Orange",
        "iPhoneから送信",
    ] {
        let reply = reply(&format!(
            "Bravo.\n\n{signature}\n\nLe 16/11/2026 à 08:30, La Gazette a écrit :\n> Bonjour.\n"
        ));
        assert_eq!(reply.text, "Bravo.", "{signature}");
        assert!(
            signature.ends_with(reply.signature.as_str()) && !reply.signature.is_empty(),
            "{signature}: {reply:?}"
        );
    }
}

#[test]
fn a_mail_in_html_alone_is_read_as_text() {
    let raw = "From: ada@b.example\nSubject: Re: x\nContent-Type: text/html; charset=iso-8859-1\n\
        Content-Transfer-Encoding: quoted-printable\n\n<html><head><style>p{color:red}</style></head><body><div dir=3D\"ltr\">J'ai ador=E9 \
        <b>&eacute;norm&eacute;ment</b>.<br></div><br><div class=3D\"gmail_quote\"><div class=3D\"gmail_attr\">Le lun. 16 nov. \
        2026 =E0 08:30, La Gazette &lt;<a href=3D\"mailto:g@l.example\">g@l.example</a>&gt; a =E9crit&nbsp;:<br></div>\
        <blockquote class=3D\"gmail_quote\"><div>Bonjour.</div></blockquote></div></body></html>";
    let reply = returned::read(raw.as_bytes()).reply.unwrap();
    assert_eq!(reply.text, "J'ai adoré énormément.");
    assert!(reply.quoted.contains("> Bonjour."), "{reply:?}");
}

#[test]
fn files_are_counted_and_proofs_are_not() {
    let raw = "From: ada@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; \
        boundary=a\n\n--a\nContent-Type: text/plain\n\nVoici la photo, regardez bien.\n--a\nContent-Type: text/html\n\n<p>Voici</p>\n--a--\n--m\n\
        Content-Type: image/jpeg; name=photo.jpg\nContent-Transfer-Encoding: base64\n\n/9j/\n--m\nContent-Type: application/pdf\n\
        Content-Disposition: attachment; filename=a.pdf\n\nx\n--m\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nx\n--m--\n";
    let reply = returned::read(raw.as_bytes()).reply.unwrap();
    assert_eq!(reply.text, "Voici la photo, regardez bien.");
    assert_eq!(reply.attachments, 2);
}
