//! Cases of `fixtures/cases/sql`: what custom SQL reads, by its query.

crate::case::cases! { "sql":
    // The dialect in which a query is read.
    dialect {
        of_the_listed_tables,
        of_the_project,
        of_the_setting,
    }

    // Queries that cannot be read without a doubt.
    doubt {
        alone,
        beside_a_list,
        confirmed,
        markdown,
        missed,
        no_query,
        strict,
        unclosed_name,
    }

    // Queries whose tables are not the project's, or whose reader is not known.
    elsewhere {
        not_a_warehouse,
        of_nobody,
        other_platform,
        several_data_sources,
    }

    // What Tableau lists for custom SQL, and what its query names.
    listed {
        cte,
        cte_in_a_sum,
        cte_of_the_table,
        cte_with_a_parameter,
        function,
        in_another_case,
        nine_queries,
        none,
        not_asked_for,
        of_two_queries,
        only_by_tableau,
        schema_from_the_query,
        some,
        temporary_table,
        without_schema,
    }

    // Names of tables in queries.
    names {
        another_case,
        another_database,
        asked_of_another_server,
        left_out_schema,
        on_another_server,
        over_a_link,
        project_id,
        quoted,
        quoted_schema,
        two_level,
        without_schema,
        written,
    }

    // What a query does not tell.
    unknown {
        call,
        dynamic,
        parameter,
        parameter_in_a_name,
        parameter_in_a_value,
    }
}
