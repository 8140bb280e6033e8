"""PostgreSQL's own parser: its tree names relations as they are written, CTEs among them."""

import json

import pglast.parser

import statements

# Statements that read tables; others are commands.
READING = {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}
QUERIES = READING | {"larg", "rarg"}


def judge(text):
    try:
        tree = json.loads(pglast.parser.parse_sql_json(text))
    except pglast.parser.ParseError:
        return None
    found = tree.get("stmts", [])
    if len(found) != 1 or not READING & found[0]["stmt"].keys():
        return None
    tables = set()
    walk(found[0]["stmt"], frozenset(), tables)
    return tables


def walk(node, scope, tables):
    """Adds the tables below a node; the scope has the names of CTEs that are seen there."""
    if isinstance(node, list):
        for part in node:
            walk(part, scope, tables)
    if not isinstance(node, dict):
        return
    for key, part in node.items():
        if key in QUERIES:
            query(part, scope, tables)
        elif key == "RangeVar":
            add(part, scope, tables)
        elif key == "relation" and "relname" in part:
            # What a statement changes is never a CTE; a sample is of any relation.
            add(part, frozenset(), tables)
        elif key == "intoClause":
            add(part["rel"], frozenset(), tables)
        elif key != "lockedRels":
            # FOR UPDATE OF names aliases.
            walk(part, scope, tables)


def query(node, scope, tables):
    with_ = node.get("withClause", {})
    ctes = [cte["CommonTableExpr"] for cte in with_.get("ctes", [])]
    if with_.get("recursive"):
        # Each sees all others, and itself.
        scope |= {cte["ctename"] for cte in ctes}
    for cte in ctes:
        walk(cte["ctequery"], scope, tables)
        scope |= {cte["ctename"]}
    walk({key: part for key, part in node.items() if key != "withClause"}, scope, tables)


def add(relation, scope, tables):
    parts = [relation[key] for key in ("catalogname", "schemaname", "relname") if relation.get(key)]
    is_cte = len(parts) == 1 and parts[0] in scope
    is_temporary = relation.get("relpersistence") == "t" or parts[0] == "pg_temp"
    if not is_cte and not is_temporary:
        tables.add(".".join(parts))


if __name__ == "__main__":
    statements.answer("pglast", {"postgres": judge})
