"""ClickHouse, which explains its tree as lines: all but the names of CTEs, which it formats."""

import re

from chdb import session

import statements

ENGINE = session.Session()
LINE = re.compile(r"( *)(\S+) ?(.*)")
ALIAS = re.compile(r" \(alias (.*)\)$")
# `name AS` and a bracket in a line of its own is a CTE, in the order of the tree.
CTE = re.compile(r"(?:^|[\s,(])(`[^`]*`|\"[^\"]*\"|\w+)(?: \([^()]*\))? AS(?: MATERIALIZED)?\n\s*\(")
IN = re.compile(r"(global)?(not)?(null)?in\b", re.IGNORECASE)


class Unsure(Exception):
    """What a name stands for depends on the tables."""


def judge(text):
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    try:
        explained = ENGINE.query("EXPLAIN AST " + text, "TSVRaw").data()
        formatted = ENGINE.query(f"SELECT formatQuery('{escaped}')", "TSVRaw").data()
    except Exception:  # chdb raises this class itself.
        return None
    names = CTE.findall(formatted)
    if len(names) != explained.count("WithElement") or not explained.startswith("SelectWithUnionQuery"):
        return None
    walk = Walk(explained, names, "WITH RECURSIVE" in formatted)
    try:
        walk.node(tree(explained), frozenset())
    except Unsure:
        return None
    return walk.tables


def tree(explained):
    """The lines, each a kind, a text and the nodes below it."""
    root = ("", "", [])
    above = [(-1, root)]
    for line in explained.splitlines():
        match = LINE.fullmatch(line)
        if match:
            depth = len(match[1])
            node = (match[2], re.sub(r" \(children \d+\)$", "", match[3]), [])
            while above[-1][0] >= depth:
                above.pop()
            above[-1][1][2].append(node)
            above.append((depth, node))
    return root


class Walk:
    def __init__(self, explained, names, is_recursive):
        self.names = iter(name.strip('`"') for name in names)
        self.is_recursive = is_recursive
        self.aliases = set(re.findall(r"\(alias ([^)]*)\)", explained))
        self.known = {name.split(".")[-1] for name in re.findall(r"TableIdentifier (\S+)", explained)}
        self.tables = set()

    def node(self, node, scope):
        """Adds the tables of a node; returns the scope behind it, for the selects of a union."""
        kind, text, below = node
        if kind == "SelectQuery":
            return self.select(below, scope)
        if kind == "SelectWithUnionQuery" and below and below[0][0] == "ExpressionList":
            seen = scope
            for number, part in enumerate(below[0][2]):
                behind = self.node(part, seen)
                seen = behind if number == 0 else seen
            below = below[1:]
            scope = seen
        if kind == "TableIdentifier":
            self.add(ALIAS.sub("", text), scope)
        if kind == "Function" and IN.match(text) and below and len(below[0][2]) == 2:
            left, right = below[0][2]
            if right[0] == "Identifier":
                self.node(left, scope)
                self.behind_in(ALIAS.sub("", right[1]), scope)
                return scope
        for part in below:
            self.node(part, scope)
        return scope

    def select(self, below, scope):
        for part in below:
            if part[0] == "ExpressionList" and any(element[0] == "WithElement" for element in part[2]):
                scope = self.ctes(part[2], scope)
            else:
                self.node(part, scope)
        return scope

    def ctes(self, elements, scope):
        for element in elements:
            if element[0] != "WithElement":
                self.node(element, scope)
                continue
            name = next(self.names)
            # A body without UNION is not recursive.
            sees_itself = self.is_recursive and has_union(element)
            self.node(("", "", element[2]), scope | {name} if sees_itself else scope)
            scope |= {name}
        return scope

    def behind_in(self, name, scope):
        first = name.split(".")[0]
        if name in self.aliases or first in self.aliases or ("." in name and first in self.known):
            raise Unsure
        self.add(name, scope)

    def add(self, name, scope):
        if name not in scope:
            self.tables.add(name)


def has_union(element):
    """Whether the query of a CTE is of several selects."""
    node = element
    while node[2] and node[0] != "ExpressionList":
        node = node[2][0]
    return len(node[2]) > 1


if __name__ == "__main__":
    statements.answer("chdb", {"clickhouse": judge})
