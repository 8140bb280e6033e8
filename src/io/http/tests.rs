//! What comes over a socket: answers in every form, and those that are broken.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use secrecy::SecretString;

use super::*;

/// The address of a server that takes these connections one after another, and answers each so: with
/// the bytes of each of its calls. What it was asked comes at the end.
fn server(connections: Vec<Vec<Vec<u8>>>) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = listener.local_addr().expect("an address");
    let thread = thread::spawn(move || {
        let mut asked = Vec::new();
        for answers in connections {
            let (mut connection, _) = listener.accept().expect("a connection");
            for answer in answers {
                asked.push(request(&mut connection));
                connection.write_all(&answer).expect("written");
            }
        }
        asked
    });
    (format!("http://{address}"), thread)
}

/// A request up to the end of its head; the ones here have not a body, or a short one behind it.
fn request(connection: &mut impl Read) -> String {
    let mut text = Vec::new();
    let mut piece = [0; 1 << 12];
    while !text.windows(4).any(|end| end == b"\r\n\r\n") {
        let length = connection.read(&mut piece).expect("a request");
        assert!(length > 0, "a request without an end");
        text.extend_from_slice(&piece[..length]);
    }
    String::from_utf8(text).expect("a text")
}

fn call(url: String) -> Call {
    Call {
        purpose: "ask".to_owned(),
        method: Method::Get,
        url,
        token: None,
        body: None,
        timeout: Duration::from_secs(10),
    }
}

/// Connections without a proxy, whatever the variables say.
fn http() -> Http {
    Http::by(RootCerts::PlatformVerifier, None)
}

/// What a call comes to that is answered so.
fn sent(answer: &[u8]) -> Result<Reply, NoReplyKind> {
    let (url, thread) = server(vec![vec![answer.to_vec()]]);
    let outcome = http().send(&call(url)).map_err(|lost| lost.kind);
    thread.join().expect("a server");
    outcome
}

fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    [b"HTTP/1.1 200 OK\r\n", headers.as_bytes(), b"\r\n", body].concat()
}

/// An answer whose length is told.
fn of_length(headers: &str, body: &[u8]) -> Vec<u8> {
    answer(
        &format!("Content-Length: {}\r\n{headers}", body.len()),
        body,
    )
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text).expect("packed");
    packer.finish().expect("packed")
}

#[test]
fn an_answer_comes_in_every_form() {
    let body = |bytes: &[u8]| sent(bytes).map(|reply| reply.body);
    let text = br#"{"a": 1}"#.as_slice();
    assert_eq!(body(&of_length("", text)), Ok(text.to_vec()));
    let chunks = b"4\r\n{\"a\"\r\n4\r\n: 1}\r\n0\r\n\r\n";
    let chunked = answer("Transfer-Encoding: chunked\r\n", chunks);
    assert_eq!(body(&chunked), Ok(text.to_vec()));
    assert_eq!(
        body(&answer("Connection: close\r\n", text)),
        Ok(text.to_vec())
    );
    let zipped = of_length("Content-Encoding: gzip\r\n", &packed(text));
    assert_eq!(body(&zipped), Ok(text.to_vec()));
    let marked = [b"\xef\xbb\xbf", text].concat();
    assert_eq!(body(&of_length("", &marked)), Ok(text.to_vec()));
    assert_eq!(body(&of_length("", b"")), Ok(Vec::new()));
    // What is longer than told is cut here; that it is not whole is seen by who reads it.
    let longer = answer("Content-Length: 4\r\nConnection: close\r\n", text);
    assert_eq!(body(&longer), Ok(text[..4].to_vec()));
}

#[test]
fn an_answer_that_is_broken_is_lost() {
    let text = br#"{"a": 1}"#.as_slice();
    let zipped = packed(text);
    for broken in [
        b"".to_vec(),
        b"HTTP/1.1 200".to_vec(),
        b"Bad gateway\r\n\r\n".to_vec(),
        answer("Content-Length: 100\r\n", text),
        answer("Transfer-Encoding: chunked\r\n", b"4\r\n{\"a\"\r\n"),
        answer("Transfer-Encoding: chunked\r\n", b"nothing\r\n"),
        of_length("Content-Encoding: gzip\r\n", &zipped[..zipped.len() - 9]),
        of_length("Content-Encoding: gzip\r\n", text),
    ] {
        let shown = String::from_utf8_lossy(&broken).into_owned();
        assert_eq!(sent(&broken), Err(NoReplyKind::CutOff), "{shown}");
    }
}

#[test]
fn nobody_and_silence_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let kind = |call: &Call| http().send(call).map_err(|lost| lost.kind);
    let nobody = kind(&call(format!("http://{address}")));
    assert_eq!(nobody, Err(NoReplyKind::NotConnected));
    let silent = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = silent.local_addr().expect("an address");
    let mut waiting = call(format!("http://{address}"));
    waiting.timeout = Duration::from_millis(50);
    assert_eq!(kind(&waiting), Err(NoReplyKind::TimedOut));
}

#[test]
fn headers_are_read_and_nobody_is_followed() {
    let (url, thread) = server(vec![vec![
        b"HTTP/1.1 302 Found\r\nLocation: /there\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
            .to_vec(),
    ]]);
    let mut asked = call(url);
    asked.token = Some(SecretString::from("t0ken"));
    let reply = http().send(&asked).expect("an answer");
    assert_eq!(reply.status, 302);
    assert_eq!(reply.location.as_deref(), Some("/there"));
    assert_eq!(reply.retry_after.as_deref(), Some("7"));
    let requests = thread.join().expect("a server");
    let head = requests[0].to_lowercase();
    assert_eq!(requests.len(), 1);
    assert!(head.contains("x-tableau-auth: t0ken"), "{head}");
    assert!(head.contains("accept-encoding: gzip"), "{head}");
    assert!(head.contains("user-agent: autoexpose/"), "{head}");
}

#[test]
fn a_connection_is_used_again_and_a_closed_one_is_not() {
    let whole = of_length("", b"{}");
    let (url, thread) = server(vec![vec![whole.clone(), whole.clone()], vec![whole]]);
    let http = http();
    for _ in 0..2 {
        http.send(&call(url.clone())).expect("an answer");
    }
    // The server closes the connection after the second answer.
    let third = http.send(&call(url.clone())).or_else(|lost| {
        assert_eq!(lost.kind, NoReplyKind::CutOff);
        http.send(&call(url))
    });
    assert_eq!(third.expect("an answer").body, b"{}");
    assert_eq!(thread.join().expect("a server").len(), 3);
}

#[test]
fn hosts_without_a_proxy_are_written_in_many_ways() {
    let passes = |text: &str, host: &str| {
        let mut builder = Proxy::builder(ureq::ProxyProtocol::Http).host("proxy");
        for pattern in exceptions(text) {
            builder = builder.no_proxy(&pattern);
        }
        let uri = format!("https://{host}/api").parse().expect("an address");
        builder.build().expect("a proxy").is_no_proxy(&uri)
    };
    for text in [
        "tableau.example.com",
        "localhost, tableau.example.com",
        "example.com",
        ".example.com",
        "*.example.com ",
        "tableau.example.com:443",
        "EXAMPLE.com",
        "*",
        "tableau.*",
    ] {
        assert!(passes(text, "tableau.example.com"), "{text}");
    }
    for text in [
        "",
        ",",
        "ample.com",
        "le.example.com",
        "tableau.example.com.evil",
    ] {
        assert!(!passes(text, "tableau.example.com"), "{text}");
    }
    assert!(passes("127.0.0.1", "127.0.0.1"));
    assert!(!passes("127.0.0.1", "10.127.0.0"));
}
