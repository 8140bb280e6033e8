"""Takes out of an exposure what the project does not have.

That happens where the plan is made for the manifest of production and a branch has removed a model.
"""

from __future__ import annotations

from typing import Any


def without_unknown(entry: dict[str, Any], manifest: Any) -> tuple[dict[str, Any], list[str]]:
    """The exposure without the nodes that the manifest lacks, and the ids of these.

    References go with their nodes.
    """
    wanted = entry["depends_on"]["nodes"]
    known = [one for one in wanted if one in manifest.nodes or one in manifest.sources]
    unknown = [one for one in wanted if one not in known]
    if not unknown:
        return entry, []
    nodes = [manifest.nodes[one] for one in known if one in manifest.nodes]
    sources = [manifest.sources[one] for one in known if one in manifest.sources]
    refs = {(node.package_name, node.name, _version(node)) for node in nodes}
    names = {(source.source_name, source.name) for source in sources}
    rest = {
        **entry,
        "depends_on": {**entry["depends_on"], "nodes": known},
        "refs": [one for one in entry["refs"] if _key(one) in refs],
        "sources": [one for one in entry["sources"] if tuple(one) in names],
    }
    return rest, unknown


def _version(node: Any) -> str | None:
    """The version of a model, as text: YAML and JSON may have it as a number or not."""
    version = getattr(node, "version", None)
    return None if version is None else str(version)


def _key(ref: dict[str, Any]) -> tuple[Any, Any, str | None]:
    """What tells a reference from others."""
    version = ref.get("version")
    return ref.get("package"), ref.get("name"), None if version is None else str(version)
