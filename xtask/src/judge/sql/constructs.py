"""What each dialect can do that matters to tables, and the words of composed statements."""

# Some are words of SQL that most databases take for names.
WORDS = (
    "orders customers items t u v a b c x y events sales stage raw final sample date value name type "
    "first last data position names region session version key rows row partition start format "
    "settings model files offset level source target cache match object share day range"
).split()
# Those that are never a keyword, for judges that know too many of them.
PLAIN = "orders customers items t u v a b c x y events sales stage raw names accounts visits region".split()
# What only stands in quotes.
STRANGE = ["a.b", "from t", "order", "Mixed", "select", "with space", "dash-ed", "it's", "ü", "1st", "--x", "(", "table"]
ALIASES = "o p q r s1 tbl t u".split()
COLUMNS = "id k n amount created_at".split()
# Schemas where a path may begin with an alias: they are never called as one.
SCHEMAS = "ds analytics raw_data d2".split()

# The engines themselves, which know their own keywords.
ENGINES = ("postgres", "duckdb", "clickhouse")

# Letters between which names are quoted, where these are not double quotes alone.
QUOTES = {
    "bigquery": "`",
    "mysql": "`",
    "databricks": "`",
    "clickhouse": '`"',
    "sqlserver": '["',
    "duckdb": '"`',
}
# How many parts a name has, where these are not three.
PARTS = {"mysql": 2, "oracle": 2, "clickhouse": 2}

FEATURES = {
    "postgres": set(
        (
            "array_subquery cast_colons distinct_on dml_cte dollar estring extract filter for_update "
            "functions is_distinct json_arrow lateral materialized nested_comment only ordinality "
            "recursive rows_from sampling tablequery values_from window"
        ).split()
    ),
    "duckdb": set(
        (
            "alias_first array_subquery cast_colons distinct_on dollar extract filter from_first "
            "functions grouping_sets is_distinct lambda lateral list_brackets materialized "
            "nested_comment pivot_std positional qualify recursive sampling semi_join struct_braces "
            "summarize tablequery trailing_comma values_from window"
        ).split()
    ),
    "clickhouse": set(
        (
            "any_join array_brackets array_join cast_colons dictget extract_one final from_first "
            "functions grouping_sets hash_comment in_table lambda limit_by prewhere recursive sampling "
            "scalar_with semi_join settings using_bare view_function window"
        ).split()
    ),
    "bigquery": set(
        (
            "alias_path array_subquery exists_in extract grouping_sets hash_comment is_distinct "
            "pivot_std qualify raw recursive safe_offset sampling system_time table_argument triple "
            "unnest window"
        ).split()
    ),
    "trino": set(
        (
            "array_brackets extract filter grouping_sets is_distinct lambda lateral match_recognize "
            "recursive sampling table_function tablequery time_travel unnest_trino values_from window"
        ).split()
    ),
    "databricks": set(
        (
            "extract filter functions grouping_sets is_distinct json_colon lambda lateral lateral_view "
            "nested_comment pivot_std qualify recursive sampling semi_join time_travel "
            "values_from window"
        ).split()
    ),
    "snowflake": set(
        (
            "dollar extract grouping_sets is_distinct json_colon lateral lateral_flatten "
            "pivot_std qualify recursive_bare sampling slash_comment stages table_call time_travel "
            "values_from window"
        ).split()
    ),
    "redshift": set(
        (
            "cast_colons dollar extract nested_comment pivot_std qualify recursive temp_hash "
            "top window"
        ).split()
    ),
    "sqlserver": set(
        (
            "apply grouping_sets hints_tsql n_string nested_comment openjson option_clause pivot_std top "
            "values_derived window"
        ).split()
    ),
    "mysql": set(
        (
            "backslash for_update group_concat hash_comment index_hint json_table lateral recursive "
            "straight_join tablequery window"
        ).split()
    ),
    "oracle": set(
        (
            "apply connect_by dual extract fetch for_update grouping_sets lateral minus outer_plus "
            "pivot_std q_string recursive_bare window"
        ).split()
    ),
}
