"""Builds the dbt project every night, refreshes the Tableau extracts whose models were built, and
adds the workbooks to its manifest."""

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PROJECT = "/opt/airflow/dbt/shop"
# A connection `tableau`: host, login (name of the token) and password (its secret).
TABLEAU = {
    "TABLEAU_SERVER_URL": "{{ conn.tableau.host }}",
    "TABLEAU_SITE_ID": "analytics",
    "TABLEAU_PAT_NAME": "{{ conn.tableau.login }}",
    "TABLEAU_PAT_SECRET": "{{ conn.tableau.password }}",
}

with DAG(
    dag_id="shop",
    schedule="17 4 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
):
    build = BashOperator(
        task_id="build",
        cwd=PROJECT,
        bash_command="dbt build --target prod",
    )
    # Before the next command of dbt, which writes results of its own. It also runs where a model
    # failed: the extracts of the others are refreshed.
    refresh = BashOperator(
        task_id="refresh",
        cwd=PROJECT,
        bash_command="""
            autoexpose refresh --tableau exports/latest --refresh-state state/refresh.json
        """,
        env=TABLEAU,
        append_env=True,
        trigger_rule="all_done",
    )
    # One task, since the files that its commands leave for each other lie on one worker.
    exposures = BashOperator(
        task_id="exposures",
        cwd=PROJECT,
        bash_command="""
            set -e
            rm -rf exports/latest
            sh tableau/export.sh exports/latest
            dbt docs generate --target prod
            autoexpose patch --tableau exports/latest
        """,
        env=TABLEAU,
        append_env=True,
    )
    build >> refresh >> exposures
    build >> exposures
