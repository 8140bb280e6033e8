//! Ways to a server: with a certificate of a company of its own, and through a proxy.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use super::super::fixtures;
use super::Run;
use super::doctor::{self, assert_check};
use super::server::StandIn;
use super::site::Site;
use super::usual;

fn pem(name: &str) -> PathBuf {
    fixtures::root().join("tls").join(name)
}

/// Takes connections until the tests end, each on a thread of its own.
fn listen(serve: impl Fn(TcpStream) + Send + Clone + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(connection));
        }
    });
    address
}

fn address_of(stand_in: &StandIn) -> String {
    stand_in.url().replace("http://", "")
}

/// The address of a stand-in by TLS, with a certificate of the authority of the fixtures.
fn encrypted(stand_in: &StandIn) -> String {
    encrypted_with(stand_in, "server.pem")
}

/// The same with this certificate of the fixtures.
fn encrypted_with(stand_in: &StandIn, certificate: &str) -> String {
    let certificate = CertificateDer::from_pem_file(pem(certificate)).unwrap();
    let key = PrivateKeyDer::from_pem_file(pem("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (config, to) = (Arc::new(config), address_of(stand_in));
    let address = listen(move |connection| {
        let session = ServerConnection::new(Arc::clone(&config)).unwrap();
        // A client that does not trust the certificate ends the connection.
        let _ = unwrap_tls(StreamOwned::new(session, connection), &to);
    });
    format!("https://localhost:{}", address.port())
}

/// Passes on what comes, in both directions by turns.
fn unwrap_tls(mut tls: StreamOwned<ServerConnection, TcpStream>, to: &str) -> io::Result<()> {
    const TURN: Duration = Duration::from_millis(5);
    let mut plain = TcpStream::connect(to)?;
    plain.set_read_timeout(Some(TURN))?;
    tls.sock.set_read_timeout(Some(TURN))?;
    let mut piece = vec![0; 1 << 16];
    let is_silent =
        |error: &io::Error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    loop {
        match tls.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => plain.write_all(&piece[..length])?,
            Err(error) if is_silent(&error) => {}
            Err(error) => return Err(error),
        }
        match plain.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => tls.write_all(&piece[..length])?,
            Err(error) if is_silent(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// A proxy that answers so to each `CONNECT`, and what it was asked for, by whom.
fn proxy(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let address = listen(move |connection| {
        let _ = connect(connection, answer, &noted);
    });
    (format!("http://{address}"), asked)
}

fn connect(connection: TcpStream, answer: &str, asked: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    let mut user = None;
    while reader.read_line(&mut line)? > 2 {
        let header = line.trim().split_once(": ");
        let header = header.filter(|(name, _)| *name == "Proxy-Authorization");
        user = user.or(header.map(|(_, value)| value.to_owned()));
        line.clear();
    }
    let user = user.map(|user| format!(" {user}")).unwrap_or_default();
    asked
        .lock()
        .unwrap()
        .push(format!("{}{user}", first.trim()));
    let mut client = connection;
    write!(client, "HTTP/1.1 {answer}\r\n\r\n")?;
    if !answer.starts_with("200") {
        return Ok(());
    }
    let to = first.split(' ').nth(1).unwrap_or_default();
    let server = TcpStream::connect(to)?;
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    let back = thread::spawn(move || {
        let _ = io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    io::copy(&mut reader, &mut &server)?;
    let _ = server.shutdown(Shutdown::Both);
    let _ = back.join();
    Ok(())
}

#[test]
fn only_certificates_that_are_trusted_are_talked_to() {
    let stand_in = StandIn::start(Site::new(2), usual());
    let url = encrypted(&stand_in);
    Run::at(&url, &[], |command| command).assert_failed("`--ca-bundle`");
    assert_eq!(stand_in.got().len(), 0);
    let authority = pem("ca.pem");
    Run::at(
        &url,
        &["--ca-bundle", authority.to_str().unwrap()],
        |command| command,
    )
    .assert_whole();
    for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] {
        Run::at(&url, &[], |command| command.env(variable, &authority)).assert_whole();
    }
    assert_eq!(stand_in.open_sessions(), 0);
    let key = pem("server.key");
    let run = Run::at(&url, &["--ca-bundle", key.to_str().unwrap()], |command| {
        command
    });
    run.assert_failed("not a single certificate");
}

#[test]
fn a_proxy_is_used_unless_the_host_needs_none() {
    let stand_in = StandIn::start(Site::new(2), usual());
    let url = encrypted(&stand_in);
    let authority = pem("ca.pem");
    let (proxy, asked) = proxy("200 Connection established");
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let run = Run::at(&url, &[], |command| {
            command
                .env("SSL_CERT_FILE", &authority)
                .env(variable, &proxy)
        });
        run.assert_whole();
        let asked = std::mem::take(&mut *asked.lock().unwrap());
        assert!(!asked.is_empty(), "{variable}");
        let host = url.replace("https://", "");
        assert!(
            asked
                .iter()
                .all(|line| line.starts_with(&format!("CONNECT {host} "))),
            "{asked:?}"
        );
    }
    let run = Run::at(&url, &[], |command| {
        let command = command.env("SSL_CERT_FILE", &authority);
        command
            .env("HTTPS_PROXY", &proxy)
            .env("NO_PROXY", "localhost")
    });
    run.assert_whole();
    assert_eq!(asked.lock().unwrap().len(), 0);
}

#[test]
fn a_proxy_that_refuses_is_said() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let url = encrypted(&stand_in);
    let (proxy, _) = proxy("407 Proxy Authentication Required");
    let with_password = proxy.replace("http://", "http://ada:hunter%202@");
    for proxy in [proxy, with_password] {
        let run = Run::at(&url, &["--verbose"], |command| {
            command.env("HTTPS_PROXY", &proxy)
        });
        run.assert_failed("HTTPS_PROXY");
        assert!(!run.stderr().contains("hunter"), "{}", run.stderr());
    }
    let run = Run::at(&url, &[], |command| {
        command.env("HTTPS_PROXY", "::not::an::address")
    });
    run.assert_failed("not the address of a proxy");
    assert_eq!(stand_in.got().len(), 0);
}

/// Each of them is trusted, and still not right.
#[test]
fn a_certificate_that_is_wrong_is_told_from_one_that_is_not_trusted() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let authority = pem("ca.pem");
    for (certificate, why) in [
        ("expired.pem", "is the clock of this machine right?"),
        ("elsewhere.pem", "for which the certificate is made"),
    ] {
        let url = encrypted_with(&stand_in, certificate);
        let run = Run::at(&url, &[], |command| {
            command.env("SSL_CERT_FILE", &authority)
        });
        run.assert_failed(why);
        let run = Run::at(
            &url,
            &["--ca-bundle", authority.to_str().unwrap()],
            |command| command,
        );
        run.assert_failed(why);
    }
    assert_eq!(stand_in.got().len(), 0);
}

#[test]
fn a_proxy_is_told_who_asks() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let url = encrypted(&stand_in);
    let (proxy, asked) = proxy("200 Connection established");
    let proxy = proxy.replace("http://", "http://ada:hunter%202@");
    let run = Run::at(&url, &["--verbose"], |command| {
        let command = command.env("SSL_CERT_FILE", pem("ca.pem"));
        command
            .env("HTTPS_PROXY", &proxy)
            .env("NO_PROXY", "example.com")
    });
    run.assert_whole();
    assert!(!run.stderr().contains("hunter"), "{}", run.stderr());
    let asked = asked.lock().unwrap();
    // `ada:hunter 2`
    let user = "Basic YWRhOmh1bnRlciAy";
    assert!(
        !asked.is_empty() && asked.iter().all(|one| one.ends_with(user)),
        "{asked:?}"
    );
}

/// What `doctor` says of the way to a server.
fn examined(url: &str, change: impl FnOnce(&mut Command) -> &mut Command) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let mut command = doctor::command_at(folder.path(), url);
    let output = change(command.args(["--format", "json"])).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{stderr}"))
}

#[test]
fn doctor_tells_what_stands_on_the_way() {
    let stand_in = StandIn::start(Site::new(3), doctor::well());
    let url = encrypted(&stand_in);
    let authority = pem("ca.pem");
    let answer = examined(&url, |command| command);
    assert_check(&answer, "certificates", "fault", "--ca-bundle");
    assert_check(&answer, "server", "not-known", "certificate is not trusted");
    assert_check(&answer, "sign-in", "not-asked", "does not answer");
    let expired = encrypted_with(&stand_in, "expired.pem");
    let answer = examined(&expired, |command| command.env("SSL_CERT_FILE", &authority));
    assert_check(&answer, "certificates", "fault", "clock");
    assert_eq!(stand_in.got().len(), 0);
    let answer = examined(&url, |command| command.arg("--ca-bundle").arg(&authority));
    assert_check(&answer, "certificates", "ok", "the certificate is trusted");
    assert_check(&answer, "counts", "ok", "3 workbooks");
    assert_check(&answer, "proxy", "ok", "not one variable");
    let (way, asked) = proxy("200 Connection established");
    let through = |command: &mut Command, no_proxy: &str| {
        let command = command.env("SSL_CERT_FILE", &authority);
        command.env("HTTPS_PROXY", &way).env("NO_PROXY", no_proxy);
    };
    let answer = examined(&url, |command| {
        through(command, "");
        command
    });
    assert_check(&answer, "proxy", "note", "as the variable HTTPS_PROXY says");
    assert_check(&answer, "counts", "ok", "3 workbooks");
    assert!(!asked.lock().unwrap().is_empty());
    let before = asked.lock().unwrap().len();
    let answer = examined(&url, |command| {
        through(command, "example.com, localhost");
        command
    });
    assert_check(&answer, "proxy", "ok", "not one variable");
    assert_eq!(asked.lock().unwrap().len(), before);
    let (refusing, _) = proxy("407 Proxy Authentication Required");
    let answer = examined(&url, |command| command.env("HTTPS_PROXY", &refusing));
    assert_check(&answer, "proxy", "fault", "HTTPS_PROXY");
    assert_check(&answer, "server", "not-known", "a proxy stands in the way");
    assert_eq!(stand_in.open_sessions(), 0);
}
