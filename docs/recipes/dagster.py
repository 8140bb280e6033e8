"""The models of the dbt project, and an asset that adds the Tableau workbooks to its manifest."""

import subprocess
from pathlib import Path

from dagster import AssetExecutionContext, Definitions, asset
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

PROJECT = DbtProject(project_dir=Path(__file__).parent / "shop", target="prod")
PROJECT.prepare_if_dev()


@dbt_assets(manifest=PROJECT.manifest_path)
def models(context: AssetExecutionContext, dbt: DbtCliResource):
    yield from dbt.cli(["build"], context=context).stream()


@asset(deps=[models])
def exposures(context: AssetExecutionContext, dbt: DbtCliResource) -> None:
    # Dagster lets every command of dbt write into a folder of its own, unless it is told one.
    target = Path(PROJECT.project_dir) / "target"
    dbt.cli(["docs", "generate"], target_path=target).wait()
    patched = subprocess.run(
        ["autoexpose", "patch", "--tableau", "exports/latest"],
        cwd=PROJECT.project_dir,
        capture_output=True,
        text=True,
    )
    context.log.info(patched.stdout)
    if patched.returncode != 0:
        raise RuntimeError(patched.stderr)


definitions = Definitions(
    assets=[models, exposures],
    resources={"dbt": DbtCliResource(project_dir=PROJECT)},
)
