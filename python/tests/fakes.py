"""Stands in for dbt and for the program."""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import stat
import sys
import tempfile
import textwrap
import types
from typing import Any, Iterator
from unittest import mock


class Exposure:
    """As dbt's class, as far as it is used: it refuses what has no name."""

    def __init__(self, entry: dict[str, Any]) -> None:
        self.entry = entry
        self.unique_id = f"exposure.shop.{entry['name']}"
        self.package_name = entry.get("package_name", "shop")

    @classmethod
    def from_dict(cls, entry: dict[str, Any]) -> Exposure:
        if entry["type"] != "dashboard":
            raise ValueError(f"invalid value {entry['type']!r}")
        return cls(entry)


class Manifest:
    """A manifest with one model, one model with versions, and one source."""

    def __init__(self) -> None:
        def node(**facts: Any) -> types.SimpleNamespace:
            return types.SimpleNamespace(**facts)

        self.nodes = {
            "model.shop.orders": node(package_name="shop", name="orders", version=None),
            "model.shop.guests.v2": node(package_name="shop", name="guests", version=2),
        }
        self.sources = {"source.shop.raw.lines": node(source_name="raw", name="lines")}
        self.exposures: dict[str, Any] = {}
        self.disabled: dict[str, Any] = {}

    def writable_manifest(self) -> Manifest:
        return self

    def write(self, path: str) -> None:
        pathlib.Path(path).write_text("{}", encoding="utf-8")


class ManifestLoader:
    """As dbt's class: ``load`` is what the plugin wraps."""

    project_root = ""

    def __init__(self) -> None:
        self.root_project = types.SimpleNamespace(
            project_root=self.project_root, project_name="shop"
        )

    def load(self) -> Manifest:
        """Loads the project."""
        return Manifest()


def loader() -> type[ManifestLoader]:
    """Makes a class of its own, since the plugin changes it."""
    return type("Loader", (ManifestLoader,), {"load": ManifestLoader.load})


class Plugin:
    """As dbt's class of plugins."""

    def __init__(self, project_name: str) -> None:
        self.project_name = project_name
        self.initialize()

    def initialize(self) -> None:
        raise NotImplementedError


def entry(name: str = "sales", nodes: tuple[str, ...] = ("model.shop.orders",)) -> dict[str, Any]:
    """An exposure as the program prints it."""
    return {
        "name": name,
        "unique_id": f"exposure.shop.{name}",
        "type": "dashboard",
        "depends_on": {"macros": [], "nodes": list(nodes)},
        "refs": [{"package": "shop", "name": "orders", "version": None}],
        "sources": [],
    }


@contextlib.contextmanager
def dbt(loader: type) -> Iterator[None]:
    """Puts a dbt with such a loader into place."""

    def module(**members: Any) -> types.SimpleNamespace:
        return types.SimpleNamespace(**members)

    modules: dict[str, Any] = {
        "dbt": module(),
        "dbt.plugins": module(dbtPlugin=Plugin),
        "dbt.parser": module(),
        "dbt.parser.manifest": module(ManifestLoader=loader),
        "dbt.contracts": module(),
        "dbt.contracts.graph": module(),
        "dbt.contracts.graph.nodes": module(Exposure=Exposure),
    }
    with mock.patch.dict(sys.modules, modules):
        yield


@contextlib.contextmanager
def project(settings: str | None, program: str | None = None) -> Iterator[str]:
    """A folder with ``autoexpose.yml``, and a program in the path that runs such Python."""
    with tempfile.TemporaryDirectory() as folder:
        if settings is not None:
            pathlib.Path(folder, "autoexpose.yml").write_text(settings, encoding="utf-8")
        if program is not None:
            path = pathlib.Path(folder, "autoexpose")
            code = f"#!{sys.executable}\nimport json, sys\n{textwrap.dedent(program)}"
            path.write_text(code, encoding="utf-8")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        beside = mock.patch("sysconfig.get_path", return_value=os.path.join(folder, "nowhere"))
        with mock.patch.dict(os.environ, {"PATH": folder}), beside:
            yield folder


@contextlib.contextmanager
def stderr() -> Iterator[io.StringIO]:
    """Catches what is written to standard error."""
    caught = io.StringIO()
    with contextlib.redirect_stderr(caught):
        yield caught
