//! Cases of `fixtures/cases/init`: projects that are set up for exposures in YAML.

crate::case::cases! { "init":
    anchor,
    block_list,
    broken,
    committed,
    folder_configured,
    from_committed_to_hidden,
    from_hidden_to_committed,
    hidden,
    lines_in_brackets,
    merge_key,
    model_paths_by_jinja,
    not_a_list,
    nothing_left,
    odd_layout,
    place_missing,
    project_elsewhere,
    settings_stay,
    several,
    shared,
    source_paths,
}
