"""Statements that packages ship: the SQL files and the strings of their tests, read in archives."""

import ast
import re
import tarfile
from pathlib import Path

BEGINS = re.compile(r"[\s(]*(select|with|from|values|table|insert|update|delete|merge)\b", re.IGNORECASE)
# Files of PostgreSQL are for one dialect alone, and too many for the others.
OF_POSTGRES = "/postgres_regress/"


def statements(folder, dialect):
    """All of them, of any dialect: which ones are of this one, its judge says."""
    if folder is None:
        return
    for archive in sorted(Path(folder).glob("*.tar.gz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and (OF_POSTGRES not in member.name or dialect == "postgres"):
                    yield from in_file(tar, member)


def in_file(tar, member):
    if not member.name.endswith((".sql", ".py")):
        return
    text = tar.extractfile(member).read().decode("utf-8", "replace")
    if member.name.endswith(".sql"):
        yield from in_sql(text)
    elif "/tests/" in member.name:
        yield from in_python(text)


def in_sql(text):
    """Cut at the ends of lines, which is no matter: judges refuse what is cut in its middle."""
    # Commands of psql, and comments of whole lines.
    lines = (line for line in text.split("\n") if not line.startswith(("\\", "--", "#")))
    for statement in re.split(r";[ \t]*\n|\n(?=SELECT|WITH)", "\n".join(lines)):
        if BEGINS.match(statement):
            yield statement.strip().rstrip(";")


def in_python(text):
    tree = ast.parse(text)
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        if is_string and BEGINS.match(node.value) and " " in node.value.strip():
            yield node.value
