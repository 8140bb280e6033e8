//! The half that asks Tableau.

use std::time::Duration;

use crate::cli::args::DoctorArgs;
use crate::cli::fetch::pump::Pump;
use crate::cli::fetch::{connections, secrets, told};
use crate::doctor::tableau::{self, Given};
use crate::doctor::{Check, Finding};
use crate::io::http::proxy_to;
use crate::io::reason;
use crate::io::write;
use crate::model::{Failure, SiteId};
use crate::remote::{Consultation, Examine};

/// What Tableau tells, if its server is known.
pub(super) fn findings(args: &DoctorArgs, site: &SiteId) -> Vec<Finding> {
    if args.offline {
        return tableau::nothing_asked("`--offline` is given", None);
    }
    let Some(server) = site.server.clone() else {
        let cure = "give it with `--server https://…`, in the variable TABLEAU_SERVER_URL, or as `tableau.server` in autoexpose.yml";
        return tableau::nothing_asked("the server is not known", Some(cure));
    };
    let proxy = match proxy_to(&server) {
        Ok(proxy) => proxy,
        Err(failure) => return tableau::in_vain(Check::Proxy, &failure),
    };
    let http = match connections(&args.connect) {
        Ok(http) => http,
        Err(failure) => return tableau::in_vain(Check::Certificates, &failure),
    };
    let (credentials, sign_in) = match secrets::find_any(&args.connect) {
        Ok(Some(found)) => (Some(found.value), Ok(found.origin)),
        Ok(None) => (None, Err((secrets::nothing(), false))),
        Err(failure) => (None, Err((failure, true))),
    };
    if let (true, Ok(origin)) = (args.verbose, &sign_in) {
        told::credentials(origin);
    }
    let site = site.content_url.clone().unwrap_or_default();
    let examine = Examine::new(Consultation {
        server: server.clone(),
        site: site.clone(),
        credentials,
        time_limit: Duration::from_secs(u64::from(args.connect.timeout) * 60),
        allows_http: args.connect.allow_http,
    });
    write::watch_signals();
    let pump = Pump::new(http, args.verbose, args.quiet);
    // It writes nothing of what it hears.
    let heard = match pump.run(examine, &mut std::io::sink()) {
        Ok(heard) => heard,
        Err(error) => {
            return tableau::in_vain(Check::Server, &Failure::new(server, reason(&error)));
        }
    };
    tableau::findings(
        &heard,
        &Given {
            server,
            site,
            proxy,
            sign_in,
        },
    )
}
