"""sqlglot, which knows every dialect, but not what is a table everywhere: a hint, not a judge."""

import logging

import sqlglot
from sqlglot import exp

import statements

DIALECTS = {"snowflake": "snowflake", "redshift": "redshift", "databricks": "databricks", "sqlserver": "tsql", "mysql": "mysql", "oracle": "oracle"}
READING = (exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge)
# What it notes of `#t` and `##t`.
TEMPORARY = {"temporary", "global_"}
# Where RECURSIVE may be missing.
IMPLICIT = ("snowflake", "oracle")


def judge_of(dialect):
    def judge(text):
        try:
            trees = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
        except (sqlglot.errors.SqlglotError, RecursionError):
            return None
        if len(trees) != 1 or not isinstance(trees[0], READING):
            return None
        return set(tables(trees[0], dialect))

    return judge


def tables(tree, dialect):
    for table in tree.find_all(exp.Table):
        parts = [part.name for part in table.parts if part.name]
        is_named = isinstance(table.this, (exp.Identifier, exp.Dot))
        is_temporary = table.name.startswith(("#", "@")) or TEMPORARY & present(table.this)
        is_cte = len(parts) == 1 and sees_cte(table, parts[0].lower(), dialect)
        if is_named and parts and not is_temporary and not is_cte:
            yield ".".join(parts)


def present(node):
    return {key for key, value in getattr(node, "args", {}).items() if value}


def sees_cte(node, name, dialect):
    """Whether a CTE of this name is seen from a node."""
    while node.parent is not None:
        child, node = node, node.parent
        if isinstance(node, exp.With):
            ctes = node.expressions
            place = next(number for number, cte in enumerate(ctes) if cte is child)
            is_union = isinstance(child.this, exp.SetOperation)
            is_recursive = is_union and (node.args.get("recursive") or dialect in IMPLICIT)
            seen = ctes[: place + (dialect == "tsql" or bool(is_recursive))]
            if any(cte.alias.lower() == name for cte in seen):
                return True
            node = node.parent
            continue
        with_ = node.args.get("with_")
        if with_ is not None and any(cte.alias.lower() == name for cte in with_.expressions):
            return True
    return False


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    statements.answer("sqlglot", {name: judge_of(dialect) for name, dialect in DIALECTS.items()})
