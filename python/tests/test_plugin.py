"""The plugin from ``initialize`` to the manifest, with a dbt and a program that stand in."""

from __future__ import annotations

import importlib
import json
import os
import unittest
from typing import Any
from unittest import mock

import dbt_autoexpose

from . import fakes


def initialize(times: int = 1) -> None:
    """What dbt does with the plugin, once in a command."""
    for plugin in importlib.reload(dbt_autoexpose).plugins * times:
        plugin("shop")


def load(settings: str | None, program: str | None, times: int = 1) -> tuple[fakes.Manifest, str]:
    """What dbt loads with the plugin, and what is said on standard error."""
    loader = fakes.loader()
    with fakes.dbt(loader), fakes.project(settings, program) as folder, fakes.stderr() as said:
        loader.project_root = folder
        initialize(times)
        manifest = loader().load()
    return manifest, said.getvalue()


def printing(*entries: Any) -> str:
    """A program that prints these exposures."""
    return f"print({json.dumps(json.dumps({'exposures': entries}))})"


class Added(unittest.TestCase):
    """The exposures get into the manifest."""

    def test_planned_exposures_are_added(self) -> None:
        manifest, said = load("dbt_plugin: true\n", printing(fakes.entry()))
        self.assertEqual(list(manifest.exposures), ["exposure.shop.sales"])
        self.assertEqual(said, "")

    def test_two_commands_in_a_process_add_them_once(self) -> None:
        once = f"""
            import os, pathlib
            mark = pathlib.Path(os.environ["PATH"], "ran")
            sys.exit(3) if mark.exists() else mark.touch()
            {printing(fakes.entry())}
        """
        manifest, said = load("dbt_plugin: true\n", once, times=2)
        self.assertEqual((list(manifest.exposures), said), (["exposure.shop.sales"], ""))

    def test_the_program_gets_the_manifest_of_the_command_or_of_the_settings(self) -> None:
        tell = "print(sys.argv[1:], file=sys.stderr); print(json.dumps({'exposures': []}))"
        _, said = load("dbt_plugin: true\n", tell)
        self.assertRegex(said, r"'exposures', '--project-dir', '.*', '--manifest', '.*autoexpose-")
        _, said = load("dbt_plugin: true\ndbt_plugin_manifest: prod/m.json\n", tell)
        self.assertIn(f"{os.sep}prod/m.json']", said)

    def test_what_the_project_does_not_have_is_taken_out(self) -> None:
        entry = fakes.entry(nodes=("model.shop.orders", "model.shop.gone", "source.shop.raw.lines"))
        manifest, said = load("dbt_plugin: true\n", printing(entry))
        added = manifest.exposures["exposure.shop.sales"].entry
        self.assertEqual(
            added["depends_on"]["nodes"], ["model.shop.orders", "source.shop.raw.lines"]
        )
        self.assertIn("without model.shop.gone, which the project does not have", said)


class LeftOut(unittest.TestCase):
    """Exposures that are left out are told, and the others are added."""

    def check(self, entry: Any, reason: str) -> None:
        manifest, said = load("dbt_plugin: true\n", printing(entry, fakes.entry("other")))
        self.assertEqual(list(manifest.exposures), ["exposure.shop.other"])
        self.assertRegex(said, f"^autoexpose: warning: 1 exposure is not added .*{reason}.*\n$")

    def test_what_dbt_does_not_accept(self) -> None:
        self.check({**fakes.entry(), "type": "workbook"}, "invalid value 'workbook'")
        self.check({}, "dbt does not accept it")
        self.check("text", "dbt does not accept it")

    def test_of_another_package(self) -> None:
        self.check({**fakes.entry(), "package_name": "mart"}, "of the package mart")

    def test_without_anything_left(self) -> None:
        self.check(fakes.entry(nodes=("model.shop.gone",)), "nothing that it depends on")

    def test_defined_in_yaml(self) -> None:
        twice = printing(fakes.entry(), fakes.entry())
        manifest, said = load("dbt_plugin: true\n", twice)
        self.assertEqual(list(manifest.exposures), ["exposure.shop.sales"])
        self.assertIn("a YAML file of the project defines it", said)

    def test_a_warning_names_only_some(self) -> None:
        many = [fakes.entry(f"e{number}", ("model.shop.gone",)) for number in range(9)]
        _, said = load("dbt_plugin: true\n", printing(*many))
        self.assertIn("9 exposures are not added as planned", said)
        self.assertIn("; and 4 more", said)
        self.assertNotIn("e7", said)


class Faults(unittest.TestCase):
    """Any fault is one line on standard error, and dbt goes on."""

    def check(self, program: str | None, reason: str, settings: str = "dbt_plugin: true\n") -> None:
        manifest, said = load(settings, program)
        self.assertEqual(manifest.exposures, {})
        start = "autoexpose: warning: the exposures are not added: "
        self.assertRegex(said, f"^{start}.*{reason}.*\n$")

    def test_the_program_fails(self) -> None:
        program = "print('error: two\\nlines', file=sys.stderr); sys.exit(2)"
        self.check(program, "`autoexpose exposures` ended with 2: error: two lines")

    def test_the_program_is_missing(self) -> None:
        self.check(None, "neither beside Python nor in the path")

    def test_the_program_prints_something_else(self) -> None:
        self.check("print('{')", "printed no JSON")
        for printed in ("[]", "null", '{"exposures": {}}'):
            self.check(f"print({printed!r})", "printed no list of exposures")
        self.check("sys.stdout.buffer.write(b'\\xff')", "UnicodeDecodeError")

    def test_settings_that_cannot_be_read(self) -> None:
        self.check("", r"autoexpose\.yml:2:1: this is not YAML", settings="dbt_plugin: [\n")
        self.check("", r"autoexpose\.yml: this is not YAML", settings="dbt_plugin: \a\n")
        for value in ('"true"', "1", "[]"):
            place = r"autoexpose\.yml:2:13: `dbt_plugin` must be true or false, not"
            self.check("", place, settings=f"yaml: {{}}\ndbt_plugin: {value}\n")
        merged = "yaml: &a {dbt_plugin: 1}\n<<: *a\n"
        self.check("", r"autoexpose\.yml:1:1: `dbt_plugin` must be true or false", settings=merged)
        for value in ("1", "[a]", "{a: b}"):
            place = r"autoexpose\.yml:2:22: `dbt_plugin_manifest` must be the path of a file, not"
            settings = f"dbt_plugin: true\ndbt_plugin_manifest: {value}\n"
            self.check("", place, settings=settings)

    def test_a_key_that_is_almost_the_switch(self) -> None:
        for key in ("dbt_plugins", "dbt-plugin", "DBT_PLUGIN", "plugin", "dbtplugin"):
            reason = rf"autoexpose\.yml:3:1: unknown key `{key}`, did you mean `dbt_plugin`\?"
            self.check("", reason, settings=f"yaml:\n  group_by: all\n{key}: true\n")

    def test_dbt_is_not_as_expected(self) -> None:
        with fakes.dbt(object), fakes.stderr() as said:
            initialize()
        self.assertIn("the exposures are not added: AttributeError", said.getvalue())

    def test_what_dbt_itself_raises_is_dbts(self) -> None:
        def broken(_: object) -> None:
            raise KeyError("a model")

        loader = fakes.loader()
        with fakes.dbt(loader), mock.patch.object(loader, "load", broken):
            initialize()
            self.assertIsNot(loader.load, broken)
            with self.assertRaises(KeyError):
                loader().load()


class Inert(unittest.TestCase):
    """Without the switch nothing happens, whatever the file holds."""

    def test_nothing_is_run_and_nothing_is_said(self) -> None:
        for settings in (
            None,
            "",
            "dbt_plugin: false\n",
            "dbt_plugin:\n",
            "# dbt_plugin: true\n",
            "select: {include: [{name: dbt_plugin}]}\n",
            "- dbt_plugin\n",
            "[broken\n",
            "dbt_plugin_manifest: prod/manifest.json\n",
            "tableau: {}\nselect: {}\nmatch: {}\nexposure: {}\ncheck: {}\nyaml: {}\n1: a\n",
            "[a]: b\n",
        ):
            with self.subTest(settings=settings):
                manifest, said = load(settings, "sys.exit(9)")
                self.assertEqual((manifest.exposures, said), ({}, ""))

    def test_without_dbt_there_is_no_plugin(self) -> None:
        self.assertEqual(importlib.reload(dbt_autoexpose).plugins, [])


if __name__ == "__main__":
    unittest.main()
