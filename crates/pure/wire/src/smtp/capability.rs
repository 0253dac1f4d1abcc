//! What a server offers in its answer to EHLO (RFC 5321 4.1.1.1).

use super::Reply;

/// The extensions that a sender of letters can use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Commands may be sent before the answers to earlier ones came (RFC 2920).
    pub pipelining: bool,
    /// BDAT is understood (RFC 3030).
    pub chunking: bool,
    /// The connection can be encrypted (RFC 3207).
    pub starttls: bool,
    /// Bytes over 127 may stand in the body (RFC 6152).
    pub eight_bit_mime: bool,
    /// Addresses may hold non-ASCII characters (RFC 6531).
    pub smtp_utf8: bool,
    /// Answers carry enhanced codes (RFC 2034).
    pub enhanced_status_codes: bool,
    /// SIZE is understood (RFC 1870); the largest message in octets, 0 for no stated limit.
    pub size: Option<u64>,
    /// Names of the ways to sign in (RFC 4954), in capitals.
    pub auth: Vec<String>,
}

impl Capabilities {
    /// Reads the answer to EHLO. The first line is a greeting, each further one a keyword with parameters.
    pub fn from_ehlo(reply: &Reply) -> Self {
        let mut found = Self::default();
        for line in reply.lines.iter().skip(1) {
            // "AUTH=LOGIN PLAIN" is what servers once wrote for clients that knew a draft only.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
            match keyword.as_str() {
                "PIPELINING" => found.pipelining = true,
                "CHUNKING" => found.chunking = true,
                "STARTTLS" => found.starttls = true,
                "8BITMIME" => found.eight_bit_mime = true,
                "SMTPUTF8" => found.smtp_utf8 = true,
                "ENHANCEDSTATUSCODES" => found.enhanced_status_codes = true,
                "SIZE" => found.size = Some(words.next().and_then(|size| size.parse().ok()).unwrap_or(0)),
                "AUTH" => {
                    for mechanism in words.map(str::to_ascii_uppercase) {
                        if !found.auth.contains(&mechanism) {
                            found.auth.push(mechanism);
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Whether the server signs in this way; `mechanism` in capitals.
    pub fn offers_auth(&self, mechanism: &str) -> bool {
        self.auth.iter().any(|offered| offered == mechanism)
    }

    /// The lines of an EHLO answer that offers these, the greeting with the server's name first.
    pub fn to_ehlo(&self, hostname: &str) -> Reply {
        let mut lines = vec![hostname.to_owned()];
        let flags = [
            (self.pipelining, "PIPELINING"),
            (self.chunking, "CHUNKING"),
            (self.starttls, "STARTTLS"),
            (self.eight_bit_mime, "8BITMIME"),
            (self.smtp_utf8, "SMTPUTF8"),
            (self.enhanced_status_codes, "ENHANCEDSTATUSCODES"),
        ];
        lines.extend(flags.iter().filter(|flag| flag.0).map(|flag| flag.1.to_owned()));
        lines.extend(self.size.map(|size| format!("SIZE {size}")));
        if !self.auth.is_empty() {
            lines.push(format!("AUTH {}", self.auth.join(" ")));
        }
        Reply { code: 250, enhanced: None, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReplyReader;
    use super::*;

    fn of(wire: &str) -> Capabilities {
        let (_, reply) = ReplyReader::new().read(wire.as_bytes()).unwrap();
        Capabilities::from_ehlo(&reply.unwrap())
    }

    #[test]
    fn a_postfix_with_everything_is_understood() {
        let found = of("250-mail.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n\
            250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250-AUTH=PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n\
            250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n");
        let all = Capabilities {
            pipelining: true,
            chunking: true,
            starttls: true,
            eight_bit_mime: true,
            smtp_utf8: true,
            enhanced_status_codes: true,
            size: Some(10_240_000),
            auth: vec!["PLAIN".into(), "LOGIN".into()],
        };
        assert_eq!(found, all);
        assert!(found.offers_auth("LOGIN") && !found.offers_auth("CRAM-MD5"));
        assert_eq!(Capabilities::from_ehlo(&all.to_ehlo("here.example")), all);
    }

    #[test]
    fn lower_case_and_bare_keywords_count_and_the_greeting_does_not() {
        let found = of("250-CHUNKING\r\n250-pipelining\r\n250 size\r\n");
        assert_eq!(found, Capabilities { pipelining: true, size: Some(0), ..Capabilities::default() });
    }
}
