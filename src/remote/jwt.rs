//! The JSON web token with which a connected app vouches for a user.
//!
//! Claims: <https://help.tableau.com/current/online/en-us/connected_apps_direct.htm>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;

use super::moment::Moment;

/// How long a token may be used for the sign-in; Tableau refuses more than ten minutes.
const LIFE_SECONDS: u64 = 300;
/// How much earlier than now a token begins, since clocks differ.
const CLOCK_SKEW_SECONDS: u64 = 5;

/// What a token says.
pub(super) struct Claims<'a> {
    pub(super) client_id: &'a str,
    pub(super) secret_id: &'a str,
    pub(super) user: &'a str,
    pub(super) scopes: &'a [&'a str],
}

/// A token for one sign-in.
pub(super) fn signed(claims: &Claims, secret: &SecretString, moment: &Moment) -> SecretString {
    let header = json!({
        "alg": "HS256",
        "typ": "JWT",
        "kid": claims.secret_id,
        "iss": claims.client_id,
    });
    let begins = moment.unix_seconds.saturating_sub(CLOCK_SKEW_SECONDS);
    let [high, low] = moment.random;
    let payload = json!({
        "iss": claims.client_id,
        "sub": claims.user,
        "aud": "tableau",
        "jti": format!("{high:016x}{low:016x}"),
        "iat": begins,
        "nbf": begins,
        "exp": moment.unix_seconds + LIFE_SECONDS,
        "scp": claims.scopes,
    });
    let text = format!("{}.{}", encoded(&header), encoded(&payload));
    let mut code = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("a key may have any length");
    code.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(code.finalize().into_bytes());
    SecretString::from(format!("{text}.{signature}"))
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first part of the example of RFC 7515, A.1: an HS256 signature by its own key.
    #[test]
    fn a_token_has_three_parts_whose_last_signs_the_others() {
        let claims = Claims {
            client_id: "app",
            secret_id: "key",
            user: "ada@example.com",
            scopes: &["tableau:content:read"],
        };
        let moment = Moment {
            unix_seconds: 1_000_000,
            random: [1, 2],
            ..Moment::default()
        };
        let token = signed(&claims, &SecretString::from("s3cret"), &moment);
        let parts = token.expose_secret().split('.').collect::<Vec<_>>();
        let [header, payload, signature] = parts[..] else {
            panic!("{} parts", parts.len());
        };
        let read = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
            serde_json::from_slice::<Value>(&bytes).expect("JSON")
        };
        assert_eq!(
            read(header),
            json!({"alg": "HS256", "typ": "JWT", "kid": "key", "iss": "app"})
        );
        let payload_read = read(payload);
        assert_eq!(payload_read["exp"], 1_000_300);
        assert_eq!(payload_read["nbf"], 999_995);
        assert_eq!(payload_read["sub"], "ada@example.com");
        assert_eq!(payload_read["scp"], json!(["tableau:content:read"]));
        let mut code = Hmac::<Sha256>::new_from_slice(b"s3cret").expect("a key");
        code.update(format!("{header}.{payload}").as_bytes());
        let signed = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        code.verify_slice(&signed).expect("the right signature");
    }

    #[test]
    fn each_token_is_a_new_one() {
        let claims = Claims {
            client_id: "app",
            secret_id: "key",
            user: "ada",
            scopes: &[],
        };
        let secret = SecretString::from("s");
        let at = |random| Moment {
            random,
            ..Moment::default()
        };
        let one = signed(&claims, &secret, &at([1, 1]));
        let other = signed(&claims, &secret, &at([1, 2]));
        assert_ne!(one.expose_secret(), other.expose_secret());
    }
}
