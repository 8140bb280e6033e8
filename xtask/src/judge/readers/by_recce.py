"""recce: draws the lineage, and what differs from that of the unpatched manifest."""

import os
import shutil

from common import ours, read_by
from recce.adapter.dbt_adapter import DbtAdapter


def reads(path, manifest):
    unpatched = os.path.join(os.path.dirname(path), "..", "unpatched", "manifest.json")
    for folder, source in (("target", path), ("target-base", unpatched)):
        os.makedirs(folder, exist_ok=True)
        shutil.copy(source, os.path.join(folder, "manifest.json"))
    adapter = DbtAdapter.load(target="duckdb", target_path="target", target_base_path="target-base")
    lineage = adapter.get_lineage(base=False)
    for key, parents in ours(manifest).items():
        assert key in lineage["nodes"], f"{key} is not seen"
        found = lineage["parent_map"][key]
        assert sorted(found) == sorted(parents), f"{key} is seen behind {found}"
    adapter.get_lineage_diff()


read_by("recce", reads)
