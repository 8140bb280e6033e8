//! The address of a Tableau server, from which every link to a workbook starts.

use url::Url;

/// Why a text is no server's address, and what to give instead.
///
/// Neither repeats what may be a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoServer {
    /// What is wrong with it.
    pub reason: &'static str,
    /// What to give.
    pub help: String,
}

/// A server's address as scheme, host and port, as in `https://10ax.online.tableau.com`.
///
/// # Errors
/// A text that is no http or https address, holds a user name, or goes on behind the host.
pub fn origin(text: &str) -> Result<String, NoServer> {
    let wrong = |reason, help: String| Err(NoServer { reason, help });
    let usual = || "give the server's address, as https://10ax.online.tableau.com".to_owned();
    let text = text.trim();
    // Whatever a reader takes for a user name and a password; nothing of it may be shown.
    if text.contains('@') {
        return wrong(
            "a user name or password does not belong into the address",
            usual(),
        );
    }
    let Some(url) = web_address(text) else {
        let may_be_host = text.contains('.') && !text.contains("//");
        let with_scheme = web_address(&format!("https://{text}")).filter(|_| may_be_host);
        let help = with_scheme.map_or_else(usual, |url| {
            format!("did you mean `{}`?", url.origin().ascii_serialization())
        });
        return wrong("it is no http or https address", help);
    };
    let origin = url.origin().ascii_serialization();
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return wrong(
            "it goes on behind the server's name",
            format!("give `{origin}`, and the site on its own"),
        );
    }
    Ok(origin)
}

/// An address of the web with a host of usual letters.
fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
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
        let NoServer {
            reason: found,
            help: helped,
        } = origin(text).expect_err(text);
        assert!(
            found.contains(reason) && helped.contains(help),
            "{text}: {found}; {helped}"
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
    fn others_are_refused_with_what_to_give() {
        refused(
            "10ax.online.tableau.com",
            "no http",
            "did you mean `https://10ax.online.tableau.com`?",
        );
        refused(
            "tableau.example.com:8443/",
            "no http",
            "did you mean `https://tableau.example.com:8443`?",
        );
        refused(
            "https://t.example.com/#/site/x/home",
            "goes on",
            "give `https://t.example.com`",
        );
        refused(
            "https://t.example.com/?x",
            "goes on",
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
            refused(text, "no http", "as https://10ax");
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
            let NoServer { reason, help } = origin(text).expect_err(text);
            assert!(reason.contains("user name"), "{reason}");
            assert!(
                !format!("{reason}{help}").contains("hush"),
                "{reason} {help}"
            );
        }
    }
}
