"""The models of the dbt project, and assets that refresh the Tableau extracts whose models were
built, and add the workbooks to the manifest."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from dagster import AssetExecutionContext, Definitions, asset
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

PROJECT = DbtProject(project_dir=Path(__file__).parent / "shop", target="prod")
PROJECT.prepare_if_dev()


def run(context: AssetExecutionContext, command: list[str]) -> None:
    folder = PROJECT.project_dir
    ran = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    context.log.info(ran.stdout)
    if ran.returncode != 0:
        raise RuntimeError(ran.stderr)


@dbt_assets(manifest=PROJECT.manifest_path)
def models(context: AssetExecutionContext, dbt: DbtCliResource) -> Iterator[object]:
    # Dagster lets every command of dbt write into a folder of its own, unless it is told one.
    target = Path(PROJECT.project_dir) / "target"
    yield from dbt.cli(["build"], context=context, target_path=target).stream()


@asset(deps=[models])
def extracts(context: AssetExecutionContext) -> None:
    # Before the next command of dbt, which writes results of its own. Where a model failed, Dagster
    # does not come here: the extracts of the others wait for the next build.
    exports, state = "exports/latest", "state/refresh.json"
    run(context, ["autoexpose", "refresh", "--tableau", exports, "--refresh-state", state])


@asset(deps=[extracts])
def exposures(context: AssetExecutionContext, dbt: DbtCliResource) -> None:
    target = Path(PROJECT.project_dir) / "target"
    dbt.cli(["docs", "generate"], target_path=target).wait()
    run(context, ["autoexpose", "patch", "--tableau", "exports/latest"])


definitions = Definitions(
    assets=[models, extracts, exposures],
    resources={"dbt": DbtCliResource(project_dir=PROJECT)},
)
