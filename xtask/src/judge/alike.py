"""Would the dbt Core that wrote a manifest have written our exposures in this very form?

It reads them and writes them back: key by key, in the same order, of the same types.
"""

import json

import dbt.flags
import dbt.exceptions  # dbt 1.4 imports itself in circles unless this comes first.
from common import judge, read, task
from dbt.contracts.graph.manifest import WritableManifest

if task["dbt"] == "1.12":
    # It asks for a flag of the command, and here is none.
    dbt.flags.get_flags().state_modified_compare_more_unrendered_values = False


def without_disabled_exposures(manifest):
    """dbt 1.3 writes disabled exposures and refuses to read them: its `disabled` is of nodes alone."""
    disabled = manifest["disabled"].items()
    return {**manifest, "disabled": {key: one for key, one in disabled if not key.startswith("exposure.")}}


def loaded(path):
    if task["dbt"] == "1.3":
        return WritableManifest.from_dict(without_disabled_exposures(read(path)))
    if task["dbt"] in ("1.0", "1.1", "1.2"):
        return WritableManifest.read(path)
    return WritableManifest.read_and_check_versions(path)


def writes_alike(path):
    written = json.loads(json.dumps(loaded(path).to_dict(omit_none=False)))["exposures"]
    for key, text in read(path)["exposures"].items():
        if "created_at" not in text:
            # It puts the time of reading in, which says nothing of a workbook.
            del written[key]["created_at"]
        before, after = json.dumps(text), json.dumps(written[key])
        assert before == after, f"{key} was\n{before}\nand would be\n{after}"


judge(f"dbt Core {task['dbt']}: writes alike", writes_alike)
