"""dbt Core: does it load the manifest, and list with it as a state?"""

import os

from common import judge, ours, read, task
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest, WritableManifest

dbt = f"dbt Core {task['dbt']}"
# The project of all fixtures.
PROJECT = "bistro"


def loaded(path):
    return Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(path))


def reads(path):
    """Loads the file as `--state` does, and sees every exposure with its fields."""
    manifest, file = loaded(path), read(path)
    for key, text in file["exposures"].items():
        seen = manifest.exposures[key]
        assert seen.unique_id == key, f"{key} is seen as {seen.unique_id}"
        assert seen.depends_on.nodes == text["depends_on"]["nodes"], f"{key}: depends_on"
        for field in ("name", "description", "url", "fqn", "meta", "tags"):
            assert getattr(seen, field) == text[field], f"{key}: {field}"
    for key in ours(file):
        agrees(manifest, file["exposures"][key])
        repeats(file["exposures"][key], file["metadata"]["dbt_version"])


def agrees(manifest, text):
    """What an exposure of ours says in several places is the same in all of them."""
    key = text["unique_id"]
    packages = {text["package_name"], text["fqn"][0], key.split(".")[1]}
    assert packages == {PROJECT}, f"{key} is of {sorted(packages)}"
    found = [manifest.ref_lookup.find(*referred(ref), manifest) for ref in text["refs"]]
    found += [
        manifest.source_lookup.find(".".join(source), None, manifest) for source in text["sources"]
    ]
    found = [str(node and node.unique_id) for node in found]
    nodes = text["depends_on"]["nodes"]
    assert sorted(found) == sorted(nodes), f"{key} refers to {found} and reads {nodes}"


def referred(ref):
    """The name, package and version of a ref; the list of dbt 1.4 and older has no version."""
    if isinstance(ref, dict):
        return ref["name"], ref["package"], ref["version"]
    *package, name = ref
    return name, *(package or [None]), None


def repeats(text, version):
    """`config` repeats tags where this dbt does so, and nowhere else. Where there is a `config`, its
    `meta` has our marker alone, and the other `meta` texts for people."""
    config = text.get("config", {})
    since_1_10 = [int(part) for part in version.split(".")[:2]] >= [1, 10]
    tags = text["tags"] if since_1_10 else None
    assert config.get("tags") == tags, f"{text['name']}: config is {config}"
    if config:
        assert set(config["meta"]) == {"autoexpose"}, f"{text['name']}: config.meta is {config['meta']}"
        texts = all(isinstance(value, str) for value in text["meta"].values())
        assert texts, f"{text['name']}: meta is {text['meta']}"


def maps_alike(path):
    """Builds parent_map and child_map as they stand in the file, with the same order of values.

    The order of keys is another: metrics and whatever else stands behind exposures in dbt's maps.
    """
    manifest, file = loaded(path), read(path)
    manifest.build_parent_and_child_maps()
    for name in ("parent_map", "child_map"):
        built = getattr(manifest, name)
        for key in {**built, **file[name]}:
            there, here = built.get(key), file[name].get(key)
            assert there == here, f"{name} of {key} is {here} and would be {there}"


unpatched = {}


def lists(path):
    """`dbt ls --state` in the project: exposures in a state change nothing of what is listed."""
    select = ["--select", "state:modified+", "state:new", "--state", os.path.dirname(path)]
    result = dbtRunner().invoke(["--quiet", "ls", "--target", task["target"], *select])
    if result.exception:
        raise result.exception
    assert result.success, "dbt ls failed"
    # The unpatched form comes first.
    manifest = os.path.dirname(os.path.dirname(path))
    expected = unpatched.setdefault(manifest, result.result)
    assert result.result == expected, f"{result.result} instead of {expected}"


judge(f"{dbt}: loads", reads)
judge(f"{dbt}: same maps", maps_alike)
judge(f"{dbt}: ls --state", lists)
