"""DuckDB, which shows its tree as JSON without having the tables."""

import json

import duckdb

import statements

CONNECTION = duckdb.connect()


def judge(text):
    try:
        row = CONNECTION.execute("SELECT json_serialize_sql(?)", [text]).fetchone()
    except duckdb.Error:
        return None
    tree = json.loads(row[0])
    if tree.get("error") or len(tree["statements"]) != 1:
        return None
    tables = set()
    walk(tree["statements"], frozenset(), tables)
    return tables


def walk(node, scope, tables):
    """Adds the tables below a node; the scope has the names of CTEs that are seen there."""
    if isinstance(node, list):
        for part in node:
            walk(part, scope, tables)
    if not isinstance(node, dict):
        return
    if node.get("type") == "BASE_TABLE":
        add(node["qualified_name"]["path"], scope, tables)
    ctes = node.get("cte_map")
    for cte in ctes["map"] if isinstance(ctes, dict) else []:
        walk(cte["value"]["query_node"], scope, tables)
        scope |= {cte["key"].lower()}
    if node.get("type") == "RECURSIVE_CTE_NODE":
        scope |= {node["cte_name"].lower()}
    for key, part in node.items():
        if key != "cte_map":
            walk(part, scope, tables)


def add(path, scope, tables):
    is_cte = len(path) == 1 and path[0].lower() in scope
    # A file in a table's place, or a table of this session.
    is_none = len(path) == 1 and path[0].startswith("@") or path[0].lower() == "temp"
    if not is_cte and not is_none:
        tables.add(".".join(path))


if __name__ == "__main__":
    statements.answer("duckdb", {"duckdb": judge})
