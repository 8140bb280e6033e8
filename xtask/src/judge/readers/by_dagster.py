"""dagster-dbt: makes assets of the manifest, and selects what an exposure reads."""

import re

from common import ours, read_by
from dagster import AssetKey
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.utils import select_unique_ids


class Translator(DagsterDbtTranslator):
    """Dagster itself has no names with `*` in them, and the project has such a source."""

    def get_asset_key(self, dbt_resource_props):
        return AssetKey(re.sub(r"\W", "_", dbt_resource_props["unique_id"]))


def reads(path, manifest):
    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator())
    def _(context):
        """Assets of all that dbt builds."""

    for key, parents in ours(manifest).items():
        name = manifest["exposures"][key]["name"]
        selected = select_unique_ids(f"1+exposure:{name}", "", "", None, manifest)
        # Tests of a selected node are selected with it.
        found = {node for node in selected if not node.startswith(("test.", "unit_test."))}
        assert found == {key, *parents}, f"{key} is seen behind {sorted(found)}"


read_by("dagster-dbt", reads)
