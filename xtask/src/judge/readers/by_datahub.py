"""DataHub's dbt source: makes a dashboard of each exposure, with the datasets that it reads."""

from common import ours, read_by
from datahub.ingestion.api.common import PipelineContext
from datahub.ingestion.source.dbt.dbt_core import DBTCoreSource
from datahub.metadata.schema_classes import DashboardInfoClass, DatasetPropertiesClass


def found_in(path, platform):
    """The dashboards and the datasets that it makes of a manifest, by dbt's ids."""
    # The other semantics ask a server for what it has.
    config = {"manifest_path": path, "target_platform": platform, "write_semantics": "OVERRIDE"}
    source = DBTCoreSource.create(config, PipelineContext(run_id="judge"))
    dashboards, datasets = {}, {}
    for unit in source.get_workunits():
        dashboard = unit.get_aspect_of_type(DashboardInfoClass)
        if dashboard:
            dashboards[dashboard.customProperties["dbt_unique_id"]] = dashboard
        dataset = unit.get_aspect_of_type(DatasetPropertiesClass)
        if dataset and "dbt_unique_id" in dataset.customProperties:
            datasets[dataset.customProperties["dbt_unique_id"]] = unit.get_urn()
    assert not source.get_report().failures, str(source.get_report().failures)
    return dashboards, datasets


def reads(path, manifest):
    dashboards, datasets = found_in(path, manifest["metadata"]["adapter_type"])
    seen = set()
    for key, parents in ours(manifest).items():
        # It drops nodes of dbt 2.0 that have columns without a type.
        is_v2 = manifest["metadata"]["dbt_version"].startswith("2.")
        known = [parent for parent in parents if parent in datasets or not is_v2]
        expected = {datasets[parent] for parent in known}
        found = set(dashboards[key].datasets or [])
        assert found == expected, f"{key} is seen behind {sorted(found)}"
        seen |= found
    assert seen or not ours(manifest), "no exposure is seen behind any node"


read_by("DataHub's dbt source", reads)
