"""`state:modified` of dbt Core: our exposures neither hide nor invent a modification."""

import json
import os
import shutil
import subprocess

import common
from common import check, read, task
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest, WritableManifest

judge = "dbt Core 1.11: state:modified"
MODEL = os.path.join("models", "marts", "bills.sql")
MODEL_ID = "model.bistro.bills"
EDIT = "where b.total <> 0\n"


def dbt(*arguments, manifest=None):
    result = dbtRunner(manifest=manifest).invoke(["--quiet", *arguments, "--target", task["target"]])
    if result.exception:
        raise result.exception
    assert result.success, f"dbt {' '.join(arguments)} failed"
    return result.result


def listed(selector, state, manifest=None):
    """The ids of what `dbt ls` selects; with a manifest, of what stands in that one."""
    arguments = ["--output", "json", "--output-keys", "unique_id", "--state", state]
    lines = dbt("ls", "--select", selector, *arguments, manifest=manifest)
    return {json.loads(line)["unique_id"] for line in lines}


def patched_now(name, export):
    """Lets dbt parse the project as it stands now, and patches what it writes."""
    dbt("parse", "--no-partial-parse")
    path = os.path.join(task["folder"], name, "manifest.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    shutil.copy(os.path.join("target", "manifest.json"), path)
    run = [task["program"], "patch", "--quiet", "--manifest", path, "--tableau", export]
    subprocess.run(run, check=True)
    return path


def loaded(path):
    return Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(path))


def ours(path):
    return set(common.ours(read(path)))


def equal(left, right):
    assert left == right, f"{sorted(left)} is not {sorted(right)}"


unpatched, patched = (os.path.join(task["folder"], form) for form in ("unpatched", "patched"))
before, after = (os.path.join(task["folder"], f"export-{when}") for when in ("before", "after"))
selectors = ("state:modified", "state:modified+", "state:new")


@check(judge, "an unchanged project is unmodified against either state")
def _():
    for selector in selectors:
        equal(listed(selector, unpatched), set())
        equal(listed(selector, patched), set())


@check(judge, "exposures of ours are unmodified from run to run")
def _():
    current = loaded(patched_now("again", before))
    state = loaded(os.path.join(patched, "manifest.json"))
    known = ours(os.path.join(patched, "manifest.json"))
    equal(known, {key for key in current.exposures if key in known})
    for key in known:
        assert current.exposures[key].same_contents(state.exposures[key]), key
    for selector in selectors:
        equal(listed(selector, patched, manifest=current), set())


@check(judge, "exposures of ours are new to a state without them")
def _():
    path = os.path.join(patched, "manifest.json")
    equal(listed("state:new", unpatched, manifest=loaded(path)), ours(path))


@check(judge, "exposures of ours are modified if their workbook reads or says something else")
def _():
    path = patched_now("later", after)
    old, new = (read(file)["exposures"] for file in (os.path.join(patched, "manifest.json"), path))
    # What dbt compares of an exposure.
    compared = ("fqn", "type", "owner", "maturity", "url", "description", "label")

    def facts(exposure):
        return [exposure[key] for key in compared], set(exposure["depends_on"]["nodes"])

    different = {key for key in new if key in old and facts(old[key]) != facts(new[key])}
    assert different, "the second export changes nothing"
    equal(listed("state:modified", patched, manifest=loaded(path)), different)


@check(judge, "an edited model is modified against either state")
def _():
    with open(MODEL, "a", encoding="utf-8") as file:
        file.write(EDIT)
    for selector in selectors:
        equal(listed(selector, unpatched), listed(selector, patched))
    assert MODEL_ID in listed("state:modified", patched), f"{MODEL_ID} is not modified"


@check(judge, "behind an edited model stand the workbooks that read it")
def _():
    path = patched_now("edited", before)
    modified = listed("state:modified+", patched)
    exposures = read(path)["exposures"]
    readers = {key for key in ours(path) if modified & set(exposures[key]["depends_on"]["nodes"])}
    assert readers and readers != ours(path), "some workbooks should read it and some not"
    equal(listed("state:modified+", patched, manifest=loaded(path)), modified | readers)
