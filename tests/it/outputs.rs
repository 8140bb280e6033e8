//! Where a patched manifest can be written to, in the real file system.

use std::fs;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::bistro::{Bistro, INPUTS, PROGRAM};

#[test]
fn standard_output_gets_the_manifest_by_any_name() {
    let bistro = Bistro::new();
    bistro.assert_patches(&["--output", "new.json"]);
    let patched = bistro.read("new.json");
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let output = bistro.assert_patches(&["--output", name, "--quiet"]);
        assert!(output.stdout == patched, "{name}");
        let report = String::from_utf8_lossy(&output.stderr);
        assert!(report.contains("+ "), "{name}: {report}");
        assert_eq!(
            bistro.names(""),
            ["export.json", "manifest.json", "new.json"]
        );
    }
}

#[test]
fn a_reader_that_has_seen_enough_of_the_manifest_is_no_failure() {
    let bistro = Bistro::large();
    let patch = [PROGRAM, "patch"].into_iter().chain(INPUTS);
    let patch = patch.collect::<Vec<_>>().join(" ");
    let script = format!("{{ {patch} -q -o -; echo $? >code; }} | head -c 60 >start");
    bistro.command("sh", &["-c", &script]).status().unwrap();
    assert_eq!(bistro.read("code"), b"0\n");
    assert_eq!(bistro.read("start"), bistro.manifest()[..60]);
}

#[test]
fn a_pipe_gets_the_manifest() {
    let bistro = Bistro::new();
    bistro.assert_patches(&["--output", "new.json"]);
    let script = "mkfifo pipe && cat pipe >got & while [ ! -p pipe ]; do sleep 0.01; done";
    let patch = [PROGRAM, "patch"].into_iter().chain(INPUTS);
    let patch = patch.collect::<Vec<_>>().join(" ");
    let script = format!("{script}; {patch} -q -o pipe >report; wait");
    bistro.command("sh", &["-c", &script]).status().unwrap();
    assert!(bistro.read("got") == bistro.read("new.json"));
}

#[test]
fn a_gzipped_manifest_stays_gzipped() {
    let bistro = Bistro::new();
    bistro.assert_patches(&["--output", "new.json"]);
    bistro.assert_patches(&["--output", "new.json.gz"]);
    let unzipped = |name: &str| {
        let mut bytes = Vec::new();
        let zipped = bistro.read(name);
        GzDecoder::new(&*zipped).read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert!(unzipped("new.json.gz") == bistro.read("new.json"));
    // The second time nothing changes, and the file is left alone.
    for _ in 0..2 {
        let before = bistro.read("new.json.gz");
        let patch = [
            "patch",
            "--manifest",
            "new.json.gz",
            "--tableau",
            "export.json",
        ];
        let output = bistro.command(PROGRAM, &patch).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(bistro.read("new.json.gz") == before);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&bistro.manifest()).unwrap();
    bistro.write("manifest.json", encoder.finish().unwrap());
    bistro.assert_patches(&[]);
    assert!(unzipped("manifest.json") == bistro.read("new.json"));
}

#[test]
fn a_manifest_with_hard_links_is_refused() {
    let bistro = Bistro::new();
    fs::hard_link(bistro.path("manifest.json"), bistro.path("link.json")).unwrap();
    let before = bistro.manifest();
    let output = bistro.patch(&[]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("it has hard links (1 more)"), "{stderr}");
    assert!(stderr.contains("use `--output`"), "{stderr}");
    assert_eq!(bistro.manifest(), before);
    assert_eq!(
        bistro.names(""),
        ["export.json", "link.json", "manifest.json"]
    );
}
