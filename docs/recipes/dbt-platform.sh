#!/bin/sh
# Fetches the manifest of the last successful run of a job of the dbt platform (dbt Cloud).
#
#   export DBT_CLOUD_HOST=cloud.getdbt.com DBT_CLOUD_ACCOUNT_ID=1234 DBT_CLOUD_JOB_ID=5678
#   export DBT_CLOUD_TOKEN=…        # a service token that may read the account's runs
#   sh dbt-platform.sh target/manifest.json
#
# Needs curl and jq. The token stands in no argument, so that no list of processes shows it.
set -eu

file=${1:?name the file for the manifest}
: "${DBT_CLOUD_TOKEN:?set a service token}"
account=https://${DBT_CLOUD_HOST:?set the access URL}/api/v2/accounts/${DBT_CLOUD_ACCOUNT_ID:?set the account}
# Status 10 is success.
query="job_definition_id=${DBT_CLOUD_JOB_ID:?set the job}&status=10&order_by=-finished_at&limit=1"

get() {
  printf 'Authorization: Token %s\n' "$DBT_CLOUD_TOKEN" | curl -sSf --location -H @- "$@"
}

run=$(get "$account/runs/?$query" | jq -er '.data[0].id')
mkdir -p "$(dirname "$file")"
get "$account/runs/$run/artifacts/manifest.json" -o "$file"
