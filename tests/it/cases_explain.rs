//! Cases of `fixtures/cases/explain`: questions and their answers.

crate::case::cases! { "explain":
    case_only,
    code,
    code_json,
    code_of_several_kinds,
    code_unknown,
    custom_sql,
    custom_sql_doubt,
    hidden,
    name_only,
    other_alias,
    other_connection_type,
    other_database,
    other_platform,
    other_schema,
    other_target,
    rewritten,
    several_databases,
    several_sources,
    unresolved,
    withheld,
}
