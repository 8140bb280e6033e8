"""Shows what Tableau's own client reads from the server whose address is given, as JSON."""

import json
import sys

import tableauserverclient as tsc

WORKBOOKS = """query workbooks($first: Int, $after: String) {
  workbooksConnection(first: $first, after: $after) {
    nodes { luid name } pageInfo { hasNextPage endCursor } totalCount
  }
}
"""


def main() -> None:
    address, name, secret, site = sys.argv[1:]
    server = tsc.Server(address, use_server_version=True)
    credentials = tsc.PersonalAccessTokenAuth(name, secret, site_id=site)
    # A wrong token is refused in the way that the client knows.
    wrong = tsc.PersonalAccessTokenAuth(name, "wrong", site_id=site)
    try:
        server.auth.sign_in(wrong)
    except tsc.FailedSignInError as error:
        refused = error.code
    with server.auth.sign_in(credentials):
        user = server.users.get_by_id(server.user_id)
        answer = server.metadata.query(WORKBOOKS, {"first": 1000})
        titles = answer["data"]["workbooksConnection"]["nodes"]
        try:
            server.workbooks.get_by_id("00000000-0000-4000-8000-000000000000")
        except tsc.ServerResponseError as error:
            missing = error.code
        seen = {
            "version": server.version,
            "product": server.server_info.get().product_version,
            "role": user.site_role,
            "projects": {p.id: [p.name, p.parent_id] for p in tsc.Pager(server.projects)},
            "workbooks": sorted(w.id for w in tsc.Pager(server.workbooks)),
            "titles": {one["luid"]: one["name"] for one in titles},
            "refused": refused,
            "missing": missing,
        }
    print(json.dumps(seen))


main()
