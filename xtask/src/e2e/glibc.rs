//! Which versions of the GNU C library a program needs, as its ELF file says.

use object::Endianness;
use object::elf::FileHeader64;
use object::read::elf::FileHeader as _;

use crate::failure::{Result, Trying};

/// The versions, such as 2.17, whose symbols a program takes from any library.
pub(super) fn versions(program: &[u8]) -> Result<Vec<(u32, u32)>> {
    let names = required(program).trying("the program as ELF")?;
    let numbers = names.iter().filter_map(|name| name.strip_prefix("GLIBC_"));
    numbers
        .map(|numbers| version(numbers).ok_or_else(|| format!("not a version of glibc: {numbers}")))
        .collect()
}

/// The names of all versions of symbols that a program requires.
fn required(program: &[u8]) -> object::read::Result<Vec<String>> {
    let header = FileHeader64::<Endianness>::parse(program)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, program)?;
    let mut names = Vec::new();
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, program)? else {
        return Ok(names);
    };
    let strings = sections.strings(endian, program, strings)?;
    while let Some((_, mut versions)) = libraries.next()? {
        while let Some(version) = versions.next()? {
            let name = version.name(endian, strings)?;
            names.push(String::from_utf8_lossy(name).into_owned());
        }
    }
    Ok(names)
}

/// The first two numbers of a version.
fn version(name: &str) -> Option<(u32, u32)> {
    let mut numbers = name.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::{version, versions};

    #[test]
    fn versions_are_compared_as_numbers() {
        let read = ["2.2.5", "2.17", "2.9"].map(version);
        assert_eq!(read, [Some((2, 2)), Some((2, 17)), Some((2, 9))]);
        assert_eq!(read.into_iter().max(), Some(Some((2, 17))));
        assert_eq!(version("PRIVATE"), None);
    }

    #[test]
    fn what_is_not_a_program_is_refused() {
        assert!(versions(b"GLIBC_2.17").is_err());
    }
}
