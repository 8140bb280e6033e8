"""Statements of a grammar: constructs in which tables stand, or seem to, composed at random.

The grammar only aims at statements that a dialect accepts; which tables they read is for the judges
to say, and so is what they refuse.
"""

import random

import constructs


def statements(dialect, count, seed):
    for number in range(count):
        yield Grammar(dialect, f"{seed} {number}").statement()


class Grammar:
    def __init__(self, dialect, seed):
        self.dialect = dialect
        self.dice = random.Random(f"{dialect} {seed}")
        self.features = constructs.FEATURES[dialect]
        self.declared = []  # names of CTEs, to be used as tables
        self.aliases = []
        self.budget = self.dice.choice([1, 2, 4, 8, 14])

    # --- choices
    def has(self, feature):
        return feature in self.features

    def one_in(self, n):
        return self.dice.randrange(n) == 0

    def pick(self, values):
        return self.dice.choice(values)

    def spend(self):
        self.budget -= 1
        return self.budget > 0

    def some(self, low, high, make):
        return [make() for _ in range(self.dice.randint(low, high))]

    # --- names
    def quoted(self, text):
        quote = self.pick(constructs.QUOTES.get(self.dialect, '"'))
        close = "]" if quote == "[" else quote
        if self.dialect in ("bigquery", "clickhouse"):
            text = text.replace(quote, "").replace("'", "").replace("a.b", "ab" if self.dialect == "bigquery" else "a.b")
            return quote + text + close
        return quote + text.replace(close, close * 2) + close

    def word(self):
        word = self.pick(constructs.WORDS if self.dialect in constructs.ENGINES else constructs.PLAIN)
        return word.upper() if self.one_in(12) else word

    def identifier(self):
        if self.one_in(14):
            return self.quoted(self.pick(constructs.STRANGE))
        if self.one_in(9):
            return self.quoted(self.word())
        return self.word()

    def path(self):
        most = constructs.PARTS.get(self.dialect, 3)
        parts = [self.identifier() for _ in range(self.pick([1, 1, 2, 2, 3][: 2 + most]))]
        parts = parts[:most]
        if self.dialect in ("bigquery", "redshift"):
            parts[:-1] = [self.pick(constructs.SCHEMAS) for _ in parts[:-1]]
        if self.dialect == "bigquery":
            return self.path_of_bigquery(parts)
        if self.dialect == "sqlserver" and len(parts) == 3 and self.one_in(5):
            parts[1] = ""
        return ".".join(parts)

    def path_of_bigquery(self, parts):
        plain = [part.strip("`") for part in parts]
        if self.one_in(6):
            plain = ["my-project-1"] + plain[-2:]
        if self.one_in(3) or any("-" in part or " " in part or "(" in part for part in plain[1:]) :
            return "`" + ".".join(plain) + "`"
        if any(not part.replace("_", "").isalnum() or part[0].isdigit() or part in ("from", "order", "select", "table") for part in plain):
            if plain[0] == "my-project-1" and all(part.isalnum() for part in plain[1:]):
                return ".".join(plain)
            return ".".join("`" + part + "`" for part in plain)
        return ".".join(plain)

    def alias(self):
        name = self.identifier() if self.one_in(4) else self.pick(constructs.ALIASES)
        self.aliases.append(name)
        return name

    def as_alias(self, always=False):
        if not always and self.one_in(3):
            return ""
        word = "" if self.dialect == "oracle" else self.pick([" AS", ""])
        return f"{word} {self.alias()}"

    def column(self):
        name = self.word() if self.one_in(3) else self.pick(constructs.COLUMNS)
        if self.aliases and self.one_in(2):
            return f"{self.pick(self.aliases)}.{name}"
        return name

    # --- expressions
    def string(self):
        texts = ["x", "FROM orders", "-- no comment", "/* none */", "it''s JOIN b", "%", "a;b", "(", ")", '"', "SELECT * FROM t"]
        text = self.pick(texts)
        if self.one_in(4):
            if self.has("dollar"):
                return f"$${text}$$"
            if self.has("estring"):
                return r"E'a\'b FROM t'"
            if self.has("triple"):
                return f"'''{text.replace(chr(39), '')}'''"
            if self.has("raw"):
                return "r'\\d+ FROM t'"
            if self.has("q_string"):
                return f"q'[{text}]'"
            if self.has("n_string"):
                return f"N'{text}'"
            if self.has("backslash"):
                return r"'a\' FROM t'"
        if self.dialect in ("bigquery", "databricks"):
            text = text.replace("''", "")
        return f"'{text}'"

    def expression(self, depth):
        if depth <= 0 or not self.spend():
            return self.pick([self.column(), "1", self.string(), "NULL", "0.5"])
        e = lambda: self.expression(depth - 1)
        choices = [
            lambda: f"{e()} + {e()}",
            lambda: f"CASE WHEN {self.condition(depth - 1)} THEN {e()} ELSE {e()} END",
            lambda: f"coalesce({e()}, {e()})",
            lambda: f"(SELECT max({self.column()}) {self.tail(depth - 1)})",
            lambda: f"count(DISTINCT {self.column()})",
            lambda: f"CAST({e()} AS {self.pick(['varchar(10)', 'date']) if self.dialect not in ('bigquery', 'clickhouse') else 'String'})",
            lambda: f"({e()})",
            lambda: f"- {e()}",
            lambda: f"trim({self.pick(['', 'BOTH ', 'LEADING '])}{self.string()} FROM {self.column()})" if self.dialect not in ("sqlserver", "snowflake") else e(),
            lambda: f"EXTRACT({self.pick(['year', 'month', 'day'])} FROM {self.column()})" if self.has("extract") or self.has("extract_one") else e(),
        ]
        add = choices.append
        if self.has("window"):
            add(lambda: f"row_number() OVER (PARTITION BY {self.column()} ORDER BY {self.column()} DESC)")
            add(lambda: f"sum({self.column()}) OVER (ORDER BY {self.column()} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)")
        if self.has("filter"):
            add(lambda: f"count(*) FILTER (WHERE {self.condition(depth - 1)})")
        if self.has("array_subquery"):
            add(lambda: f"ARRAY(SELECT {self.column()} {self.tail(depth - 1)})")
        if self.has("cast_colons"):
            add(lambda: f"{self.column()}::{self.pick(['date', 'text']) if self.dialect != 'clickhouse' else 'String'}")
        if self.has("json_arrow"):
            add(lambda: f"{self.column()} ->> 'from'")
        if self.has("json_colon"):
            add(lambda: f"{self.pick(['payload', 'src'])}:a.from.join")
        if self.has("lambda"):
            add(lambda: "arrayMap(x -> x + 1, [1, 2])" if self.dialect == "clickhouse" else "filter(k, x -> x > 1)" if self.dialect != "duckdb" else "list_filter([1, 2], x -> x > 1)")
        if self.has("safe_offset"):
            add(lambda: f"{self.column()}[SAFE_OFFSET(0)]")
            add(lambda: f"[{e()}, {e()}]")
            add(lambda: f"STRUCT({e()} AS x, {e()} AS y)")
        if self.has("list_brackets"):
            add(lambda: f"[{e()}, {e()}]")
            add(lambda: f"[x * 2 FOR x IN [1, 2] IF x > 1]")
        if self.has("struct_braces"):
            add(lambda: "{'from': 1, 'b': [1, 2]}")
        if self.has("array_brackets"):
            add(lambda: f"{'' if self.dialect == 'clickhouse' else 'ARRAY'}[{e()}, {e()}]")
        if self.has("group_concat"):
            add(lambda: f"group_concat({self.column()} ORDER BY {self.column()} SEPARATOR ', ')")
        if self.has("dictget"):
            add(lambda: "dictGet('d.t', 'x', 1)")
        if self.dialect in ("postgres", "duckdb", "mysql", "trino", "generic"):
            add(lambda: f"substring({self.column()} FROM 1 FOR 2)")
        if self.has("openjson"):
            add(lambda: "(SELECT value FROM OPENJSON(payload))")
            add(lambda: f"STUFF((SELECT ',' + name {self.tail(depth - 1)} FOR XML PATH('')), 1, 1, '')")
        return self.pick(choices)()

    def condition(self, depth):
        if depth <= 0 or not self.spend():
            return f"{self.column()} = {self.pick(['1', self.string()])}"
        c = lambda: self.condition(depth - 1)
        choices = [
            lambda: f"{c()} AND {c()}",
            lambda: f"({c()} OR {c()})",
            lambda: f"{self.column()} IN (SELECT {self.column()} {self.tail(depth - 1)})",
            lambda: f"{self.pick(['', 'NOT '])}EXISTS (SELECT 1 {self.tail(depth - 1)})",
            lambda: f"{self.column()} BETWEEN 1 AND 2",
            lambda: f"{self.column()} NOT IN (1, 2, 3)",
            lambda: f"{self.column()} LIKE {self.string()}",
            lambda: f"{self.expression(depth - 1)} >= (SELECT avg({self.column()}) {self.tail(depth - 1)})",
            lambda: f"{self.column()} <> {self.column()}",
            lambda: f"NOT ({c()})",
        ]
        add = choices.append
        if self.has("is_distinct"):
            add(lambda: f"{self.column()} IS {self.pick(['', 'NOT '])}DISTINCT FROM {self.column()}")
        if self.dialect in ("postgres", "trino", "mysql", "duckdb", "redshift", "oracle", "sqlserver"):
            add(lambda: f"{self.column()} = {self.pick(['ANY', 'ALL'])} (SELECT {self.column()} {self.tail(depth - 1)})")
        if self.has("in_table"):
            add(lambda: f"{self.column()} {self.pick(['', 'NOT ', 'GLOBAL '])}IN {self.table_name()}")
        if self.has("exists_in"):
            add(lambda: f"{self.column()} IN UNNEST([1, 2])")
            add(lambda: f"EXISTS (SELECT 1 FROM UNNEST({self.column()}) AS z WHERE z = 1)")
        if self.has("outer_plus"):
            add(lambda: f"{self.column()} = {self.column()}(+)")
        return self.pick(choices)()

    # --- tables
    def table_name(self):
        if self.declared and self.one_in(2):
            return self.pick(self.declared)
        return self.path()

    def table(self, depth):
        name = self.table_name()
        if self.one_in(10):
            if self.has("only"):
                return self.pick([f"ONLY {name}", f"ONLY ({name})"]) + self.as_alias()
            if self.has("final"):
                return f"{name}{self.as_alias()} FINAL"
            if self.has("hints_tsql"):
                return f"{name}{self.as_alias()} WITH (NOLOCK)"
            if self.has("index_hint"):
                return f"{name}{self.as_alias()} USE INDEX (a, b)"
            if self.has("time_travel") and self.dialect == "databricks":
                return f"{name} VERSION AS OF 3{self.as_alias()}"
            if self.has("time_travel") and self.dialect == "snowflake":
                return f"{name} AT (OFFSET => -60){self.as_alias()}"
            if self.has("time_travel") and self.dialect == "trino":
                return f"{name} FOR VERSION AS OF 3{self.as_alias()}"
            if self.has("system_time"):
                return f"{name} FOR SYSTEM_TIME AS OF current_timestamp(){self.as_alias()}"
        if self.has("sampling") and self.one_in(14):
            if self.dialect == "clickhouse":
                return f"{name} SAMPLE 0.1{self.as_alias()}" if self.one_in(2) else f"{name}{self.as_alias()} SAMPLE 1/10"
            if self.dialect == "bigquery":
                return f"{name}{self.as_alias()} TABLESAMPLE SYSTEM (10 PERCENT)"
            return f"{name}{self.as_alias()} TABLESAMPLE {'BERNOULLI' if self.dialect != 'databricks' else ''} (10)"
        if self.has("pivot_std") and self.one_in(16):
            a, b = self.column(), self.column()
            return f"{name} PIVOT (sum({a.split('.')[-1]}) FOR {b.split('.')[-1]} IN (1, 2)){self.as_alias(self.dialect == 'sqlserver')}"
        if self.has("alias_first") and self.one_in(12):
            return f"{self.pick(['o', 'p'])}: {name}"
        return f"{name}{self.as_alias()}"

    def source(self, depth):
        """Something in a table's place that is not a plain table."""
        nested = lambda: self.query(depth - 1)
        choices = [
            lambda: f"({nested()}){self.as_alias(True)}",
            lambda: f"({nested()}){self.as_alias(True)}",
            lambda: f"({self.table(depth)} {self.join(depth - 1)})" ,
        ]
        add = choices.append
        if self.has("lateral"):
            add(lambda: f"LATERAL ({nested()}){self.as_alias(True)}")
        if self.has("functions"):
            name = "numbers" if self.dialect == "clickhouse" else "explode" if self.dialect == "databricks" else "generate_series"
            add(lambda: f"{name}({self.pick(['1, 3', '10'])}){self.as_alias()}")
            add(lambda: f"{self.pick(['my_fn', 's.my_fn']) if self.dialect != 'clickhouse' else 'merge'}({self.string() if self.dialect != 'clickhouse' else chr(39) + 'x' + chr(39) + ', ' + chr(39) + 'y' + chr(39)}){self.as_alias()}")
        if self.has("ordinality"):
            add(lambda: f"unnest({self.column()}) WITH ORDINALITY AS z(k, n)")
        if self.has("rows_from"):
            add(lambda: "ROWS FROM (generate_series(1, 2), unnest(k)) AS z(a, b)")
        if self.has("values_from"):
            add(lambda: f"(VALUES (1, 'a'), (2, 'b')) AS z(x, y)")
        if self.has("unnest"):
            add(lambda: f"UNNEST({self.column()}){self.as_alias()}{self.pick(['', ' WITH OFFSET', ' WITH OFFSET AS pos'])}")
            add(lambda: f"UNNEST([1, 2]) AS z")
        if self.has("unnest_trino"):
            add(lambda: f"UNNEST({self.column()}, {self.column()}) WITH ORDINALITY AS z(k, n, m)")
        if self.has("alias_path") and self.aliases:
            add(lambda: f"{self.pick(self.aliases)}.items{self.as_alias()}")
            add(lambda: f"{self.pick(self.aliases)}.a.b{self.as_alias()}")
        if self.has("view_function"):
            add(lambda: f"view({nested()}){self.as_alias()}")
            add(lambda: "remote('h:9000', 'd', 't')")
        if self.has("table_argument"):
            add(lambda: f"my_tvf(TABLE {self.path()}, 1)")
            add(lambda: f"ML.PREDICT(MODEL d.m, TABLE {self.path()})")
            add(lambda: f"ML.PREDICT(MODEL d.m, ({nested()}))")
        if self.has("table_function"):
            add(lambda: f"TABLE(my_fn(input => TABLE({self.table_name()}) PARTITION BY k, n => 1)){self.as_alias()}")
            add(lambda: "TABLE(sequence(start => 1, stop => 3))")
        if self.has("table_call"):
            add(lambda: f"TABLE(FLATTEN(input => {self.column()})){self.as_alias()}")
            add(lambda: f"TABLE(my_fn({self.column()})){self.as_alias()}")
        if self.has("lateral_flatten"):
            add(lambda: f"LATERAL FLATTEN(input => {self.column()}){self.as_alias()}")
        if self.has("stages"):
            add(lambda: f"@{self.word()}/path/x.csv{self.as_alias()}")
        if self.has("openjson"):
            add(lambda: f"OPENJSON({self.column()}) WITH (a int '$.a', b int '$.b') AS z")
            add(lambda: f"{self.pick(['#tmp', '##tmp', '@v'])}{self.as_alias()}")
            add(lambda: f"OPENQUERY(srv, 'SELECT * FROM far.t'){self.as_alias(True)}")
        if self.has("values_derived"):
            add(lambda: "(VALUES (1, 2), (3, 4)) AS z(x, y)")
        if self.has("json_table"):
            add(lambda: "JSON_TABLE(k, '$[*]' COLUMNS (a int PATH '$.a', b int PATH '$.b')) AS jt")
        if self.has("dual"):
            add(lambda: "dual")
            add(lambda: f"TABLE(CAST(k AS my_type)){self.as_alias()}")
        if self.has("summarize"):
            add(lambda: f"(SUMMARIZE {self.path()}){self.as_alias()}")
            add(lambda: f"(PIVOT {self.path()} ON k USING sum(n)){self.as_alias()}")
            add(lambda: f"(FROM {self.table_name()}){self.as_alias()}")
        if self.has("temp_hash"):
            add(lambda: f"#tmp{self.as_alias()}")
        if self.has("match_recognize"):
            add(lambda: f"{self.path()} MATCH_RECOGNIZE (PARTITION BY k ORDER BY n MEASURES A.n AS s ONE ROW PER MATCH PATTERN (A B+) DEFINE B AS B.n > A.n) AS z")
        if self.has("tablequery"):
            add(lambda: f"(TABLE {self.path()}) AS z")
        return self.pick(choices)()

    def item(self, depth):
        if depth > 0 and self.one_in(3) and self.spend():
            return self.source(depth)
        return self.table(depth)

    def join(self, depth):
        kinds = ["JOIN", "LEFT JOIN", "INNER JOIN", "RIGHT OUTER JOIN", "FULL JOIN", "CROSS JOIN"]
        if self.dialect == "mysql":
            kinds.remove("FULL JOIN")
        if self.has("straight_join"):
            kinds.append("STRAIGHT_JOIN")
        if self.has("any_join"):
            kinds += ["ANY LEFT JOIN", "GLOBAL JOIN", "ASOF JOIN", "LEFT ANTI JOIN", "PASTE JOIN"]
        if self.has("semi_join") and self.dialect != "clickhouse":
            kinds += ["SEMI JOIN", "ANTI JOIN"] if self.dialect == "duckdb" else ["LEFT SEMI JOIN", "LEFT ANTI JOIN"]
        if self.has("positional"):
            kinds += ["POSITIONAL JOIN", "ASOF JOIN"]
        if self.has("apply"):
            kinds += ["CROSS APPLY", "OUTER APPLY"]
        if self.dialect in ("postgres", "duckdb", "trino", "mysql", "oracle"):
            kinds.append("NATURAL JOIN")
        kind = self.pick(kinds)
        item = self.item(depth)
        if "APPLY" in kind:
            return f"{kind} ({self.query(depth - 1)}){self.as_alias(True)}"
        if kind.startswith(("CROSS", "NATURAL", "POSITIONAL", "PASTE")):
            return f"{kind} {item}"
        if self.one_in(3) and self.dialect != "sqlserver":
            if self.has("using_bare") and self.one_in(2):
                return f"{kind} {item} USING id, k"
            return f"{kind} {item} USING (id{self.pick(['', ', k'])})"
        return f"{kind} {item} ON {self.condition(depth - 1)}"

    def tail(self, depth):
        """FROM and what comes behind."""
        outer = list(self.aliases)
        items = []
        for _ in range(self.pick([1, 1, 1, 2, 2, 3])):
            joins = [self.join(depth - 1) for _ in range(self.pick([0, 0, 1, 1, 2]))]
            items.append(" ".join([self.item(depth), *joins]))
            if "USING id, k" in items[-1]:
                break
        text = "FROM " + ", ".join(items)
        if self.has("trailing_comma") and self.one_in(30):
            text += ","
        if self.has("array_join") and self.one_in(5):
            text += f" {self.pick(['', 'LEFT '])}ARRAY JOIN k AS z, n AS w"
        if self.has("lateral_view") and self.one_in(5):
            text += f" LATERAL VIEW {self.pick(['', 'OUTER '])}explode(k) z AS m, n"
        if self.has("prewhere") and self.one_in(8):
            text += f" PREWHERE {self.column()} = 1"
        if self.one_in(2):
            text += f" WHERE {self.condition(depth)}"
        if self.has("connect_by") and self.one_in(8):
            text += f" START WITH id = 1 CONNECT BY PRIOR id = k"
        if self.one_in(4):
            text += f" GROUP BY {self.pick([self.column(), '1, 2'])}"
            if self.has("grouping_sets") and self.one_in(4):
                text = text[: text.rindex("GROUP BY")] + f"GROUP BY GROUPING SETS ((k), (k, n), ())"
            if self.one_in(2):
                text += f" HAVING {self.condition(depth - 1)}"
        if self.has("qualify") and self.one_in(8):
            text += f" QUALIFY row_number() OVER (PARTITION BY {self.column()} ORDER BY k) = 1"
        if self.has("window") and self.one_in(12) and self.dialect not in ("snowflake", "redshift", "sqlserver", "oracle"):
            text += " WINDOW w AS (PARTITION BY k ORDER BY n), w2 AS (ORDER BY k)"
        self.aliases = outer
        return text

    # --- queries
    def select(self, depth):
        if self.has("from_first") and self.one_in(10) and self.dialect == "duckdb":
            return f"FROM {self.table(depth)} {self.pick(['', 'SELECT ' + self.column()])}".strip()
        head = self.pick(["", "", "", "DISTINCT "])
        if self.has("top") and self.one_in(8):
            head += "TOP 10 "
        if self.has("distinct_on") and self.one_in(10):
            head = "DISTINCT ON (k, n) "
        items = []
        for _ in range(self.dice.randint(1, 3)):
            item = self.expression(depth) if self.one_in(2) else self.column()
            items.append(item + self.pick(["", "", f" AS {self.pick(['c1', 'total', self.quoted(self.word())])}"]))
        if self.one_in(5):
            items = ["*"]
        return f"SELECT {head}{', '.join(items)} {self.tail(depth)}"

    def body(self, depth):
        text = self.select(depth)
        while self.one_in(4) and self.spend():
            kinds = ["UNION ALL", "UNION", "EXCEPT", "INTERSECT"]
            if self.dialect in ("bigquery",):
                kinds = ["UNION ALL", "UNION DISTINCT", "EXCEPT DISTINCT", "INTERSECT DISTINCT"]
            if self.has("minus"):
                kinds = ["UNION ALL", "UNION", "MINUS", "INTERSECT"]
            other = self.select(depth - 1)
            if self.one_in(3):
                other = f"({other})"
            text = f"{text} {self.pick(kinds)} {other}"
        if self.one_in(5):
            text += f" ORDER BY {self.pick(['1', '1, 2', self.column() + ' DESC NULLS LAST' if self.dialect not in ('mysql', 'sqlserver') else '1'])}"
            if self.has("limit_by") and self.one_in(3):
                text += " LIMIT 1 BY k, n"
            if self.dialect not in ("sqlserver", "oracle") and self.one_in(2):
                text += self.pick([" LIMIT 10", " LIMIT 10 OFFSET 5"]) if self.dialect != "trino" else " LIMIT 10"
        return text

    def ctes(self, depth):
        recursive = self.one_in(4)
        word = " RECURSIVE" if recursive and not self.has("scalar_with") and (self.has("recursive") or self.has("recursive_bare") and self.one_in(2) and self.dialect == "snowflake") else ""
        parts, before = [], list(self.declared)
        for _ in range(self.dice.randint(1, 3)):
            name = self.identifier() if not self.one_in(3) else self.path().split(".")[-1].strip("`")
            if not name.strip('"`[]'):
                name = "cte"
            if self.one_in(4) and self.dialect not in ("clickhouse",):
                columns = self.pick(["", "", " (c1, c2)"]) if self.dialect != "bigquery" else ""
            else:
                columns = ""
            option = self.pick(["", "", " MATERIALIZED", " NOT MATERIALIZED"]) if self.has("materialized") else ""
            if recursive and self.one_in(2):
                self.declared.append(name)
                body = f"SELECT 1 AS k UNION ALL SELECT k + 1 {self.tail(depth - 1)}"
            else:
                if self.one_in(3):
                    self.declared.append(name)  # so that it may be used in its own body
                body = self.query(depth - 1)
                if self.has("dml_cte") and self.one_in(12):
                    body = self.pick([f"DELETE FROM {self.path()} WHERE k = 1 RETURNING *, id, k", f"INSERT INTO {self.path()} {self.select(0)} RETURNING id, k", f"UPDATE {self.path()} AS o SET k = 1, n = 2 FROM {self.table(0)} WHERE o.id = 1 RETURNING o.id, k"])
            if self.has("scalar_with") and self.one_in(6):
                parts.append(f"({self.query(depth - 1)}) AS {self.pick(['m', name])}")
            elif self.has("scalar_with") and self.one_in(6):
                parts.append(f"{self.pick(['1', '[1, 2]'])} AS {self.pick(['one', name])}")
            else:
                parts.append(f"{name}{columns} AS{option} ({body})")
                if name not in self.declared:
                    self.declared.append(name)
        return f"WITH{word} {', '.join(parts)} ", before

    def query(self, depth):
        if depth > 0 and self.one_in(5) and self.spend():
            with_, before = self.ctes(depth)
            text = with_ + self.body(depth)
            self.declared = before + ([self.pick(self.declared)] if self.declared and self.one_in(4) else [])
            return text
        if self.one_in(25):
            return f"({self.body(depth)})"
        return self.body(depth)

    def statement(self):
        if self.one_in(2):
            with_, _ = self.ctes(3)
            text = with_ + self.body(3)
        else:
            text = self.query(3)
        if self.has("settings") and self.one_in(10):
            text += self.pick([" SETTINGS max_threads = 1, final = 1", " FORMAT JSON"])
        if self.has("option_clause") and self.one_in(10):
            text += " OPTION (MAXRECURSION 0, RECOMPILE)"
        if self.has("for_update") and self.one_in(12):
            text += " FOR UPDATE"
        if self.has("fetch") and self.one_in(8):
            text += " FETCH FIRST 10 ROWS ONLY"
        return self.laid_out(text)

    def laid_out(self, text):
        """Blanks become lines and comments, outside of quotes."""
        if self.one_in(3):
            return text
        out, quote = [], None
        for at, letter in enumerate(text):
            if quote:
                quote = None if letter == quote else quote
            elif letter in "'\"`[$":
                quote = {"[": "]"}.get(letter, letter)
            elif letter == " " and self.one_in(9):
                out.append(self.blank())
                continue
            out.append(letter)
        return "".join(out)

    def blank(self):
        blanks = ["\n", "\n  ", "\t", "  ", " /* FROM old.t, b */ ", " -- JOIN dead d\n", "\r\n", "/**/", "\n-- its (\n"]
        if self.has("nested_comment"):
            blanks.append(" /* a /* b */ FROM c */ ")
        if self.has("hash_comment"):
            blanks.append(" # FROM c\n")
        if self.has("slash_comment"):
            blanks.append(" // FROM c\n")
        return self.pick(blanks)
