"""Builds the dbt project every night, and adds the Tableau workbooks to its manifest."""

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PROJECT = "/opt/airflow/dbt/shop"

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
        # A connection `tableau`: host, login (name of the token) and password (its secret).
        env={
            "TABLEAU_SERVER_URL": "{{ conn.tableau.host }}",
            "TABLEAU_SITE_ID": "analytics",
            "TABLEAU_PAT_NAME": "{{ conn.tableau.login }}",
            "TABLEAU_PAT_SECRET": "{{ conn.tableau.password }}",
        },
        append_env=True,
    )
    build >> exposures
