//! Sends calls to Tableau over HTTP. What they are and what answers mean is decided elsewhere
//! ([`crate::remote`]).
//!
//! Redirects are not followed here: a client that does would send the token of the session along, to
//! whatever host it is sent to.

use std::io::ErrorKind;
use std::time::Duration;

use secrecy::ExposeSecret;
use ureq::config::AutoHeaderValue;
use ureq::http::{HeaderValue, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Error, Proxy};

use super::content::Content;
use super::reason;
use crate::model::Failure;
use crate::remote::{Body, Call, Method, NoReply, NoReplyKind, Reply};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// The longest answer that is read, unpacked: a page of 1000 workbooks is about 1.5 MB.
const MOST_BYTES: u64 = 512 << 20;
/// The header with the token of a session.
const TOKEN: &str = "X-Tableau-Auth";
/// The variables for a proxy, as `ureq` reads them.
const PROXY: [&str; 6] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];
/// The variables for hosts without a proxy.
const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];
const USER_AGENT: &str = concat!("autoexpose/", env!("CARGO_PKG_VERSION"));

/// Connections to a server, which are kept open between calls.
#[derive(Clone)]
pub struct Http(Agent);

impl Http {
    /// Connections that trust what the system trusts, and the certificates of `bundles`: PEM files with
    /// their names.
    ///
    /// # Errors
    /// A bundle without certificates, or a variable for a proxy that is not the address of one.
    pub fn new(bundles: &[(String, Content)]) -> Result<Self, Failure> {
        let trusted = if bundles.is_empty() {
            RootCerts::PlatformVerifier
        } else {
            let mut trusted = of_system();
            for (name, pem) in bundles {
                trusted.extend(certificates(name, pem)?);
            }
            RootCerts::from(trusted)
        };
        Ok(Self::by(trusted, proxy()?))
    }

    fn by(trusted: RootCerts, proxy: Option<Proxy>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .timeout_connect(Some(CONNECT))
            .tls_config(TlsConfig::builder().root_certs(trusted).build())
            .user_agent(AutoHeaderValue::from(USER_AGENT))
            .build();
        Self(config.new_agent())
    }

    /// Sends a call, and waits for the whole answer.
    ///
    /// # Errors
    /// There is not a whole answer.
    pub fn send(&self, call: &Call) -> Result<Reply, NoReply> {
        self.try_send(call).map_err(|error| no_reply(&error))
    }

    fn try_send(&self, call: &Call) -> Result<Reply, Error> {
        const JSON: &str = "application/json";
        let token = call.token.as_ref().map(|token| {
            let mut value = HeaderValue::from_str(token.expose_secret())?;
            value.set_sensitive(true);
            Ok::<_, ureq::http::Error>(value)
        });
        let token = token.transpose()?;
        let body = match &call.body {
            None => "",
            Some(Body::Plain(text)) => text,
            Some(Body::Secret(text)) => text.expose_secret(),
        };
        let mut response = match call.method {
            Method::Get => {
                let mut request = self.0.get(&call.url).header("Accept", JSON);
                request = request.config().timeout_global(Some(call.timeout)).build();
                if let Some(token) = token {
                    request = request.header(TOKEN, token);
                }
                request.call()?
            }
            Method::Post => {
                let mut request = self.0.post(&call.url).header("Accept", JSON);
                request = request.header("Content-Type", JSON);
                request = request.config().timeout_global(Some(call.timeout)).build();
                if let Some(token) = token {
                    request = request.header(TOKEN, token);
                }
                request.send(body)?
            }
        };
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().ok()?.to_owned())
        };
        Ok(Reply {
            status: response.status().as_u16(),
            retry_after: header("Retry-After"),
            location: header("Location"),
            body: {
                let body = response.body_mut().with_config().limit(MOST_BYTES);
                without_mark(body.read_to_vec()?)
            },
        })
    }
}

/// A body without the byte order mark that some servers on Windows begin texts with. It is not a part of
/// the JSON (<https://www.rfc-editor.org/rfc/rfc8259.html#section-8.1>).
fn without_mark(mut body: Vec<u8>) -> Vec<u8> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if body.starts_with(MARK) {
        body.drain(..MARK.len());
    }
    body
}

/// The proxy of the environment. One that is written wrong is not the same as none.
fn proxy() -> Result<Option<Proxy>, Failure> {
    let proxy = Proxy::try_from_env();
    match (&proxy, set_variables().next()) {
        (None, Some(name)) => {
            let message = "this is not the address of a proxy";
            Err(Failure::new(format!("variable {name}"), message)
                .help("write it like http://proxy.example.com:3128, or unset it"))
        }
        _ => Ok(proxy.map(with_exceptions)),
    }
}

/// A proxy that is passed by for the hosts of NO_PROXY.
fn with_exceptions(proxy: Proxy) -> Proxy {
    let text = NO_PROXY.iter().find_map(|name| std::env::var(name).ok());
    let exceptions = exceptions(&text.unwrap_or_default());
    if exceptions.is_empty() {
        return proxy;
    }
    let mut builder = Proxy::builder(proxy.protocol())
        .host(proxy.host())
        .port(proxy.port())
        .resolve_target(proxy.resolve_target());
    if let Some(name) = proxy.username() {
        builder = builder.username(name);
    }
    if let Some(password) = proxy.password() {
        builder = builder.password(password);
    }
    for exception in exceptions {
        builder = builder.no_proxy(&exception);
    }
    builder.build().unwrap_or(proxy)
}

/// The patterns of `ureq` for the hosts of NO_PROXY, as curl and Python read these: a name stands for all
/// below it as well, with or without a dot before it; blanks and ports are left out.
fn exceptions(text: &str) -> Vec<String> {
    let mut patterns = Vec::new();
    for entry in text.split(',').map(str::trim) {
        let host = match entry.rsplit_once(':') {
            Some((host, port)) if port.parse::<u16>().is_ok() && !host.contains(':') => host,
            _ => entry,
        };
        let name = host.trim_start_matches('*').trim_start_matches('.');
        if host == "*" || host.ends_with(['*', '.']) {
            patterns.push(host.to_owned());
        } else if !name.is_empty() {
            patterns.extend([name.to_owned(), format!(".{name}")]);
        }
    }
    patterns
}

/// The proxy through which calls to a server go, as host and port, and the variable that names it; `None`
/// if they go straight there.
///
/// # Errors
/// A variable for a proxy is not the address of one.
pub fn proxy_to(server: &str) -> Result<Option<(String, String)>, Failure> {
    let Some(proxy) = proxy()? else {
        return Ok(None);
    };
    let is_passed_by = |server: Uri| proxy.is_no_proxy(&server);
    if server.parse().is_ok_and(is_passed_by) {
        return Ok(None);
    }
    let variable = set_variables().next().unwrap_or_default();
    let address = format!("{}:{}", proxy.host(), proxy.port());
    Ok(Some((address, variable.to_owned())))
}

/// The variables for a proxy that are set, as they are looked for.
fn set_variables() -> impl Iterator<Item = &'static str> {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    PROXY.into_iter().filter(set)
}

/// The certificates that the system trusts, also by the variables SSL_CERT_FILE and SSL_CERT_DIR. What
/// cannot be read of them is not trusted.
fn of_system() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs().certs.into_iter();
    let found = found.map(|found| Certificate::from_der(&found).to_owned());
    found.collect()
}

fn certificates(name: &str, pem: &[u8]) -> Result<Vec<Certificate<'static>>, Failure> {
    let items = parse_pem(pem).collect::<Result<Vec<_>, _>>();
    let items = items.map_err(|error| Failure::new(name, format!("not a PEM file: {error}")))?;
    let certificates = items.into_iter().filter_map(|item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    let certificates = certificates.collect::<Vec<_>>();
    if certificates.is_empty() {
        let failure = Failure::new(name, "this file has not a single certificate");
        return Err(failure.help("it should have lines `-----BEGIN CERTIFICATE-----`"));
    }
    Ok(certificates)
}

fn no_reply(error: &Error) -> NoReply {
    let kind = match error {
        Error::HostNotFound => NoReplyKind::UnknownHost,
        Error::ConnectionFailed => NoReplyKind::NotConnected,
        Error::Timeout(_) => NoReplyKind::TimedOut,
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) => NoReplyKind::Tls,
        Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => NoReplyKind::Proxy,
        Error::BodyExceedsLimit(_) => NoReplyKind::TooLarge,
        Error::Protocol(_) | Error::Decompress(..) => NoReplyKind::CutOff,
        Error::Io(error) if is_of_names(error) => NoReplyKind::UnknownHost,
        Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable => NoReplyKind::NotConnected,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => NoReplyKind::TimedOut,
            ErrorKind::InvalidData if is_of_tls(error) => NoReplyKind::Tls,
            _ => NoReplyKind::CutOff,
        },
        _ => NoReplyKind::Other,
    };
    let words = match error {
        Error::Io(error) => reason(error),
        _ => error.to_string(),
    };
    let text = match kind {
        NoReplyKind::UnknownHost => "the name of the host is not known".to_owned(),
        NoReplyKind::NotConnected => format!("nobody answers there: {words}"),
        NoReplyKind::TimedOut => format!("it took too long: {words}"),
        NoReplyKind::Tls => format!("the connection is not trusted: {words}"),
        _ => words,
    };
    NoReply { kind, text }
}

/// Whether the name of a host is not known, for which the standard library has not a kind. A name that
/// cannot be looked up at the moment is not meant.
fn is_of_names(error: &std::io::Error) -> bool {
    let text = error.to_string();
    text.contains("failed to lookup address") && !text.contains("emporary")
}

/// Whether an error of reading comes from the encryption.
fn is_of_tls(error: &std::io::Error) -> bool {
    let inner = error.get_ref().map(ToString::to_string);
    inner.is_some_and(|text| {
        let text = text.to_lowercase();
        ["certificate", "handshake", "tls", "peer"]
            .iter()
            .any(|word| text.contains(word))
    })
}

#[cfg(test)]
mod tests;
