"""The wrapper of dbt's v2 parser."""

from __future__ import annotations

import pathlib
import sys
import unittest

from dbt_autoexpose import v2_parser

from . import fakes


def parse(parser: str, program: str, options: tuple[str, ...]) -> tuple[int, str]:
    """The exit code, and what is said on standard error."""
    with fakes.project(None, program) as folder, fakes.stderr() as said:
        script = pathlib.Path(folder, "parser.py")
        script.write_text(f"import sys\n{parser}", encoding="utf-8")
        code = v2_parser.main([sys.executable, str(script), *options])
    return code, said.getvalue()


TELL = "print(sys.argv[1:], file=sys.stderr)"


class Wrapper(unittest.TestCase):
    """The parser decides on the exit code, and its manifest is patched."""

    def test_the_manifest_in_the_target_path_is_patched(self) -> None:
        options = ("--project-dir", "/shop", "--vars", "{a: b}", "--target-path=/made")
        code, said = parse("", TELL.replace("print", "import os; print"), options)
        self.assertEqual(code, 0)
        self.assertIn("FileNotFoundError", said)  # /shop is not there
        code, said = parse("", TELL, ("--target-path", "/made"))
        self.assertEqual(code, 0)
        self.assertRegex(said, r"'patch', '--quiet', '--project-dir', '/.*', '--manifest', '/made/")

    def test_a_parser_that_fails_is_not_followed(self) -> None:
        self.assertEqual(parse("sys.exit(3)", TELL, ("--target-path", "/made")), (3, ""))

    def test_a_fault_of_ours_is_a_warning(self) -> None:
        code, said = parse("", "sys.exit(1)", ("--target-path", "/made"))
        self.assertEqual(code, 0)
        self.assertIn("`autoexpose patch` ended with 1", said)
        code, said = parse("", TELL, ())
        self.assertEqual(code, 0)
        self.assertIn("where the manifest is", said)

    def test_a_parser_that_is_missing_is_told(self) -> None:
        with fakes.stderr() as said:
            self.assertEqual(v2_parser.main([]), 2)
            self.assertEqual(v2_parser.main(["/nowhere/parser"]), 2)
        self.assertIn("needs the command of the parser", said.getvalue())
        self.assertIn("cannot be run", said.getvalue())
