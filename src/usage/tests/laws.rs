//! Laws over random projects.

use super::given::Given;
use crate::model::Site;
use crate::usage::unread;

/// Numbers that are the same in every run.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    }
}

const IDS: [&str; 8] = [
    "model.b.a",
    "model.b.b",
    "model.b.c",
    "model.b.d",
    "model.b.e",
    "model.b.f",
    "seed.b.g",
    "snapshot.b.h",
];

/// A project in which each model may read those before it.
fn random(next: &mut impl FnMut(usize) -> usize) -> Given {
    let rows = (0..IDS.len()).map(|at| {
        let parents = IDS[..at].iter().filter(|_| next(3) == 0).copied();
        let parents = parents.collect::<Vec<_>>().join(", ");
        let row: &'static str = format!("{} < {parents}", IDS[at]).leak();
        row
    });
    let rows = rows.collect::<Vec<_>>();
    Given::new("b", &rows)
}

#[test]
fn laws_of_what_is_unread() {
    for seed in 1..200 {
        let mut next = numbers(seed);
        let mut given = random(&mut next);
        let mut before = given.graph.len() + 1;
        for _ in 0..4 {
            given = given.linking(IDS[next(IDS.len())]);
            let usage = &unread(&[given.known()], &Site::default())[0];
            assert_eq!(usage.read + usage.unread.len(), IDS.len(), "seed {seed}");
            // Another link never makes another model unread.
            assert!(usage.unread.len() <= before, "seed {seed}");
            before = usage.unread.len();
            for one in &usage.unread {
                // Nothing that is made of an unread model is read, and each is higher than those.
                for child in given.graph.children(one.node) {
                    let child = usage.unread.iter().find(|other| other.node == *child);
                    assert!(
                        child.expect("unread as well").height < one.height,
                        "seed {seed}"
                    );
                }
            }
        }
    }
}
