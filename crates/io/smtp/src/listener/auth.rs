//! AUTH (RFC 4954): PLAIN (RFC 4616) and LOGIN.

use data_encoding::BASE64;

use super::Mailroom;
use super::line::{End, Heard};
use super::session::Session;

/// RFC 4954 4: the longest response.
const RESPONSE_MAX: usize = 12_288;

impl<M: Mailroom> Session<M> {
    pub(super) async fn sign_in(&mut self, mechanism: &str, initial: Option<&str>) -> Result<(), End> {
        if !self.options.capabilities(self.encrypted, self.local).offers_auth("PLAIN") {
            return self.not_offered();
        }
        if !self.greeted || self.signed_in || self.begun {
            return self.refuse(503, (5, 5, 1), "Not now");
        }
        let credentials = if mechanism.eq_ignore_ascii_case("PLAIN") {
            let response = match initial {
                Some(initial) => decode(initial.as_bytes()),
                None => self.ask(b"334 \r\n").await?,
            };
            response.and_then(|response| plain(&response))
        } else if mechanism.eq_ignore_ascii_case("LOGIN") {
            let user = match initial {
                Some(initial) => decode(initial.as_bytes()),
                // "Username:" and "Password:" in base64.
                None => self.ask(b"334 VXNlcm5hbWU6\r\n").await?,
            };
            match user {
                Some(user) => self.ask(b"334 UGFzc3dvcmQ6\r\n").await?.map(|password| (user, password)),
                None => None,
            }
        } else {
            return self.refuse(504, (5, 5, 4), "This mechanism is not offered");
        };
        let Some((user, password)) = credentials else {
            return self.refuse(501, (5, 5, 2), "The response cannot be read");
        };
        if !self.mailroom.authenticate(&mut self.visit, &user, &password).await {
            return self.refuse(535, (5, 7, 8), "Wrong user name or password");
        }
        self.signed_in = true;
        self.line.say(b"235 2.7.0 Welcome\r\n");
        Ok(())
    }

    /// A challenge and its response, decoded; nothing if it was called off with `*` or is no text.
    async fn ask(&mut self, challenge: &[u8]) -> Result<Option<String>, End> {
        self.line.say(challenge);
        let mut line = Vec::new();
        match self.line.next(&mut line, RESPONSE_MAX, self.options.limits.silence).await? {
            Heard::Line => Ok(decode(&line)),
            Heard::BareLineFeed => Ok(None),
        }
    }
}

fn decode(response: &[u8]) -> Option<String> {
    String::from_utf8(BASE64.decode(response).ok()?).ok()
}

/// RFC 4616 2: authorisation identity (ours is always the same), NUL, name, NUL, password.
fn plain(response: &str) -> Option<(String, String)> {
    let mut parts = response.split('\0');
    let (_, user, password) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| (user.to_owned(), password.to_owned()))
}
