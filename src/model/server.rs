//! The address of a Tableau server, with which every link to a workbook begins.

use url::Url;

use super::display::display_enum;

display_enum! {
    /// Why a text is not the address of a server. Never shows what may be a password.
    pub enum InvalidServer {
        /// It has an `@`: the text before it may be a user name and password.
        HasUser => "the address must not contain a user name or password";
        /// It is not an http or https address; perhaps it is only the host of this one.
        NotHttp(meant: Option<String>) => "not an http(s) address";
        /// The address of this server is followed by a path, a query or a fragment.
        HasPath(server: String) => "it has a path after the host name";
    }
}

impl InvalidServer {
    /// What to give instead.
    pub fn help(&self) -> String {
        match self {
            Self::NotHttp(Some(meant)) => format!("did you mean `{meant}`?"),
            Self::HasPath(server) => format!("give `{server}`, and the site separately"),
            Self::HasUser | Self::NotHttp(None) => {
                "give the server's address, such as https://10ax.online.tableau.com".to_owned()
            }
        }
    }
}

/// A server's address as scheme, host and port, such as `https://10ax.online.tableau.com`.
///
/// # Errors
/// A text that is not an http or https address, has a user name, or has a path after the host.
pub fn origin(text: &str) -> Result<String, InvalidServer> {
    let text = text.trim();
    if text.contains('@') {
        return Err(InvalidServer::HasUser);
    }
    let Some(url) = web_address(text) else {
        return Err(InvalidServer::NotHttp(with_scheme(text)));
    };
    let origin = url.origin().ascii_serialization();
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(InvalidServer::HasPath(origin));
    }
    Ok(origin)
}

/// What tells servers apart: host and port. The scheme does not, nor does its default port: servers
/// move from http to https. The address may come from a marker, which anybody can have edited.
pub fn identity(server: &str) -> String {
    let server = server.trim().to_lowercase();
    let host = server
        .split_once("://")
        .map_or(server.as_str(), |(_, host)| host);
    let host = host.trim_end_matches('/');
    let without_port = [":80", ":443"]
        .into_iter()
        .find_map(|port| host.strip_suffix(port));
    without_port
        .unwrap_or(host)
        .trim_end_matches('.')
        .to_owned()
}

/// The address that a text may be the host of.
fn with_scheme(host: &str) -> Option<String> {
    let may_be_host = host.contains('.') && !host.contains("//");
    let url = web_address(&format!("https://{host}")).filter(|_| may_be_host)?;
    Some(url.origin().ascii_serialization())
}

/// An http or https address whose host has no unusual characters, with all slashes.
fn web_address(text: &str) -> Option<Url> {
    let has_scheme = ["http://", "https://"].iter().any(|scheme| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let url = Url::parse(text).ok().filter(|_| has_scheme)?;
    let is_usual = |letter: char| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter);
    let has_usual_host = url
        .host_str()
        .is_some_and(|host| host.chars().all(is_usual));
    (matches!(url.scheme(), "http" | "https") && has_usual_host).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, reason: &str, help: &str) {
        let refused = origin(text).expect_err(text);
        assert!(
            refused.to_string().contains(reason) && refused.help().contains(help),
            "{text}: {refused}; {}",
            refused.help()
        );
    }

    #[test]
    fn addresses_get_one_spelling() {
        let same = |text: &str, expected: &str| assert_eq!(origin(text), Ok(expected.to_owned()));
        same(
            "https://10ax.online.tableau.com",
            "https://10ax.online.tableau.com",
        );
        same(" https://T.example.com:443/ ", "https://t.example.com");
        same("http://tableau:8000", "http://tableau:8000");
        same("https://[::1]:8443", "https://[::1]:8443");
        same("https://größe.example", "https://xn--gre-6ka8i.example");
    }

    #[test]
    fn scheme_default_port_and_case_do_not_tell_servers_apart() {
        for same in [
            "https://t.example.com",
            "http://t.example.com",
            "http://T.Example.com:80/",
            "https://t.example.com:443//",
            "http://t.example.com:443",
            " https://t.example.com. ",
            "T.example.com",
        ] {
            assert_eq!(identity(same), "t.example.com", "{same}");
        }
        assert_eq!(identity("http://t.example.com:8000"), "t.example.com:8000");
        assert_eq!(identity("https://[::80]"), "[::80]");
        assert_eq!(identity("https://[::1]:443"), "[::1]");
    }

    #[test]
    fn others_are_refused_with_what_to_give() {
        refused(
            "10ax.online.tableau.com",
            "not an http",
            "did you mean `https://10ax.online.tableau.com`?",
        );
        refused(
            "tableau.example.com:8443/",
            "not an http",
            "did you mean `https://tableau.example.com:8443`?",
        );
        refused(
            "https://t.example.com/#/site/x/home",
            "path after",
            "give `https://t.example.com`",
        );
        refused(
            "https://t.example.com/?x",
            "path after",
            "give `https://t.example.com`",
        );
        for text in [
            "",
            "5",
            "not a url",
            "ftp://x",
            "javascript:alert(1)//",
            "https://a)b",
            "https://",
        ] {
            refused(text, "not an http", "such as https://10ax");
        }
    }

    #[test]
    fn secrets_are_not_repeated() {
        let secrets = [
            "https://user:hush@t.example.com",
            "user:hush@t",
            "https://hush/@t",
            "https://u:h#hush@t",
        ];
        for text in secrets {
            let refused = origin(text).expect_err(text);
            assert_eq!(refused, InvalidServer::HasUser, "{text}");
            assert!(!format!("{refused}{}", refused.help()).contains("hush"));
        }
    }
}
