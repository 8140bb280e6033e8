#!/bin/sh
# Saves what autoexpose reads of one Tableau site into a new folder, one page of responses per file.
#
#   export TABLEAU_SERVER_URL=https://10ax.online.tableau.com TABLEAU_SITE_ID=analytics
#   export TABLEAU_PAT_NAME=… TABLEAU_PAT_SECRET=…
#   sh export.sh exports/2026-05-01
#
# With WITH_COLUMNS=1 it also asks for the fields of data sources and sheets, which tell the columns in
# use; pages of 20 (PAGE_SIZE=20) stay below Tableau's limit then.
#
# Needs curl and jq. Secrets stand in no argument, so that no list of processes shows them.
set -eu

folder=${1:?name a folder that does not exist yet}
server=${TABLEAU_SERVER_URL:?set the address of the Tableau server}
: "${TABLEAU_PAT_NAME:?set the name of a personal access token}"
: "${TABLEAU_PAT_SECRET:?set the secret of the personal access token}"
queries=$(dirname "$0")/queries
page_size=${PAGE_SIZE:-100}

mkdir -p "$(dirname "$folder")"
mkdir "$folder"
request=$(mktemp)
token=

with_token() {
  printf 'X-Tableau-Auth: %s\n' "$token" | curl -sSf -H @- "$@"
}

finish() {
  rm -f "$request"
  test -z "$token" || with_token -X POST "$server/api/3.17/auth/signout" || true
}
trap finish EXIT
trap 'exit 1' INT TERM

token=$(jq -n '{credentials: {
    personalAccessTokenName: env.TABLEAU_PAT_NAME,
    personalAccessTokenSecret: env.TABLEAU_PAT_SECRET,
    site: {contentUrl: (env.TABLEAU_SITE_ID // "")}}}' |
  curl -sSf "$server/api/3.17/auth/signin" \
    -H 'Content-Type: application/json' -H 'Accept: application/json' --data @- |
  jq -er .credentials.token)

for query in "$queries"/*.graphql ${WITH_COLUMNS:+"$queries"/columns/*.graphql}; do
  section=$(basename "$query" .graphql)
  number=1
  after=null
  while [ -n "$after" ]; do
    page=$folder/$section-$number.json
    jq -n --rawfile query "$query" --argjson first "$page_size" --argjson after "$after" \
      '{query: $query, variables: {first: $first, after: $after}}' >"$request"
    with_token "$server/api/metadata/graphql" -H 'Content-Type: application/json' \
      --data "@$request" -o "$page"
    # A page with errors stays in its file: autoexpose names them, and what is missing.
    after=$(jq '.data[]? | .pageInfo? | select(.hasNextPage) | .endCursor' "$page")
    number=$((number + 1))
  done
done
