//! A plain HTTP client over a socket: no cookies, no script, no redirects followed. What a scanner or a mailbox
//! provider is.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A server that says nothing for so long is missing.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body, put together again where it came in chunks.
    pub body: String,
}

impl Answer {
    /// The first header of that name (small letters).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// GET, which must be answered.
pub fn get(url: &str) -> Answer {
    ask("GET", url, None).unwrap_or_else(|error| panic!("GET {url}: {error}"))
}

/// GET, where it may be that nobody is there yet.
pub fn try_get(url: &str) -> Option<Answer> {
    ask("GET", url, None).ok()
}

/// POST of a form, which must be answered.
pub fn post_form(url: &str, form: &str) -> Answer {
    ask("POST", url, Some(form)).unwrap_or_else(|error| panic!("POST {url}: {error}"))
}

fn ask(method: &str, url: &str, form: Option<&str>) -> io::Result<Answer> {
    let rest = url.strip_prefix("http://").ok_or_else(|| broken("not an http address"))?;
    let (host, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    let path = path.split('#').next().unwrap_or(path);
    let mut socket = TcpStream::connect(host)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: */*\r\n");
    if let Some(form) = form {
        let length = form.len();
        request.push_str(&format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
        ));
    }
    request.push_str("\r\n");
    request.push_str(form.unwrap_or_default());
    socket.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes)?;
    read(&bytes).ok_or_else(|| broken("not an answer of HTTP"))
}

fn read(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = &bytes[end + 4..];
    let body = if chunked { put_together(body)? } else { body.to_vec() };
    Some(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

/// RFC 9112 7.1, without trailers.
fn put_together(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..line]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 2 + size + 2..)?;
    }
}

fn broken(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_chunks_is_put_together() {
        let answer = read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x\r\n0123456789\r\n0\r\n\r\n");
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, "abc0123456789"));
        let answer = read(b"HTTP/1.1 303 See Other\r\nLocation: /x\r\n\r\n").unwrap();
        assert_eq!((answer.status, answer.header("location")), (303, Some("/x")));
        assert!(read(b"220 mail.example ESMTP\r\n").is_none());
    }
}
