"""astronomer-cosmos: loads the manifest as the graph that it renders into a DAG."""

from common import ours, read_by, task
from cosmos.config import ExecutionConfig, ProjectConfig, RenderConfig
from cosmos.constants import LoadMode
from cosmos.dbt.graph import DbtGraph


def graph(path, select):
    found = DbtGraph(
        project=ProjectConfig(manifest_path=path, project_name="bistro"),
        render_config=RenderConfig(load_method=LoadMode.DBT_MANIFEST, select=select),
        execution_config=ExecutionConfig(dbt_project_path=task["project"]),
    )
    found.load_from_dbt_manifest()
    return found


def reads(path, manifest):
    nodes = graph(path, []).nodes
    for key, parents in ours(manifest).items():
        found = nodes[key].depends_on
        assert sorted(found) == sorted(parents), f"{key} is seen behind {found}"
    for key, parents in ours(manifest).items():
        name = manifest["exposures"][key]["name"]
        found = set(graph(path, [f"1+exposure:{name}"]).filtered_nodes)
        assert found == {key, *parents}, f"{key} selects {sorted(found)}"
        # Once is enough: loading takes a while.
        break


read_by("astronomer-cosmos", reads)
