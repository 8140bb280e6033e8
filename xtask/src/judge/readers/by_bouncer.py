"""dbt-bouncer: counts what each exposure reads, by a rule that permits one node only."""

import json
import os
import re
import subprocess
import sys

from common import ours, read_by

CONFIG = """
manifest_checks:
  - name: check_exposure_based_on_model
    minimum_number_of_models: 1
    maximum_number_of_models: 1
"""


def reads(path, manifest):
    folder = os.path.dirname(path)
    config, report = (os.path.join(folder, name) for name in ("bouncer.yml", "bouncer.json"))
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"dbt_artifacts_dir: {folder}\n{CONFIG}")
    program = os.path.join(os.path.dirname(sys.executable), "dbt-bouncer")
    run = [program, "run", "--config-file", config, "--output-file", report]
    done = subprocess.run(run, capture_output=True, text=True)
    said = re.sub(r"\x1b\[[\d;]*m", "", f"{done.stdout}{done.stderr}")
    # 1: some checks failed, as they should.
    assert done.returncode in (0, 1), said.strip().splitlines()[-1]
    with open(report, encoding="utf-8") as file:
        results = json.load(file)
    for key, parents in ours(manifest).items():
        name = manifest["exposures"][key]["name"]
        own = [result for result in results if result["check_run_id"].endswith(f":{name}")]
        assert len(own) == 1, f"{key} was checked {len(own)} times"
        message = own[0].get("failure_message") or "(1)"
        found = int(re.search(r"\((\d+)\)", message).group(1))
        assert found == len(parents), f"{key} is seen behind {found} of {len(parents)} nodes"


read_by("dbt-bouncer", reads)
