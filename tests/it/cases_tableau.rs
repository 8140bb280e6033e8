//! Cases of `fixtures/cases/tableau-*`.

crate::case::cases! { "tableau_":
    shape_array_of_answers,
    shape_byte_order_mark,
    shape_dbt_docs_query,
    shape_envelope,
    shape_envelope_default_site,
    shape_envelope_project_not_listed,
    shape_envelope_projects_in_a_circle,
    shape_file_given_twice,
    shape_folder,
    shape_gzip,
    shape_json_types,
    shape_ndjson,
    shape_page_inside_a_workbook_breaks_off,
    shape_page_without_data,
    shape_page_without_its_name,
    shape_pages_in_several_files,
    shape_pages_inside_a_workbook,
    shape_several_arguments,
    shape_standard_input,
    shape_unused_sections,
}
