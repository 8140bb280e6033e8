//! Folders that are named after dbt projects.

use std::collections::HashSet;
use std::fmt::Write;

/// The name of the folder of a project: its own name, with `%` and two digits for each byte that a
/// file system may not take. dbt's own rule for names leaves nothing to replace but letters beyond
/// ASCII.
pub fn folder_name(project: &str) -> String {
    let mut name = String::with_capacity(project.len());
    for byte in project.bytes() {
        if byte.is_ascii_alphanumeric() || b"_-".contains(&byte) {
            name.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(name, "%{byte:02x}");
        }
    }
    if name.is_empty() {
        "%".to_owned()
    } else {
        name
    }
}

/// The names of the folders of some projects. Where several differ only in case, which some file
/// systems ignore, all but the first get a number.
pub fn folder_names<'p>(projects: impl IntoIterator<Item = &'p str>) -> Vec<String> {
    let mut taken = HashSet::new();
    let names = projects.into_iter().map(|project| {
        let own = folder_name(project);
        let numbered = (2..).map(|number| format!("{own}%{number}"));
        let mut names = std::iter::once(own.clone()).chain(numbered);
        let free = names.find(|name| taken.insert(name.to_ascii_lowercase()));
        free.unwrap_or(own)
    });
    names.collect()
}

/// Whether a folder may be that of a project among those of some run.
pub fn may_be_folder_of(folder: &str, project: &str) -> bool {
    let (folder, own) = (folder.to_ascii_lowercase(), folder_name(project));
    folder
        .strip_prefix(&own.to_ascii_lowercase())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_after_projects() {
        assert_eq!(folder_name("jaffle_shop-2"), "jaffle_shop-2");
        assert_eq!(folder_name("../a b"), "%2e%2e%2fa%20b");
        assert_eq!(folder_name("é"), "%c3%a9");
        assert_eq!(folder_name(""), "%");
        let names = folder_names(["shop", "Shop", "SHOP", "till"]);
        assert_eq!(names, ["shop", "Shop%2", "SHOP%3", "till"]);
        assert!(may_be_folder_of("shop%2", "Shop"));
        assert!(may_be_folder_of("shop", "shop"));
        assert!(!may_be_folder_of("shopping", "shop"));
    }
}
