//! Times the smallest steps, so that a slow-down is noticed: `cargo bench`.
//!
//! `cargo xtask bench` times whole processes, and compares them with others.

use std::hint::black_box;

use autoexpose::edit::{Edit, splice};
use autoexpose::input::{manifest, tableau};
use autoexpose::link::Index;
use autoexpose::link::similar::Effort;
use autoexpose::model::relation;
use autoexpose::settings::Matching;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

const MANIFEST: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/dbt/snowflake-1.11/manifest.json"
));
const EXPORT: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/tableau/bistro.json"
));

fn main() {
    divan::main();
}

#[divan::bench(args = ["orders", "DB.SCHEMA.ORDERS", "[DB].[SCHEMA].[ORDERS]", r#""a""b"."c.d"."e""#])]
fn relation_parsing(name: &str) -> bool {
    relation::split(black_box(name)).is_ok()
}

#[divan::bench]
fn manifest_reading(bencher: Bencher) {
    bencher.counter(BytesCount::of_str(MANIFEST)).bench(|| {
        let source = manifest::Source::new("manifest.json", black_box(MANIFEST).as_bytes());
        manifest::read(&source).is_ok()
    });
}

#[divan::bench]
fn index_building(bencher: Bencher) {
    let source = manifest::Source::new("manifest.json", MANIFEST.as_bytes());
    let project = manifest::read(&source).expect("a fixture").0.project;
    bencher
        .counter(ItemsCount::new(project.nodes.len()))
        .bench(|| {
            Index::new(
                black_box(&project.nodes),
                project.adapter(),
                &Matching::default(),
            )
            .adapter()
        });
}

#[divan::bench(args = [("PROD_MARTS", "DISH_SALES"), ("prod_marts", "nothing_of_this_name")])]
fn index_look_up(bencher: Bencher, (schema, name): (&str, &str)) {
    let source = manifest::Source::new("manifest.json", MANIFEST.as_bytes());
    let project = manifest::read(&source).expect("a fixture").0.project;
    let index = Index::new(&project.nodes, project.adapter(), &Matching::default());
    bencher.bench(|| {
        index
            .with_schema_and_name(black_box(schema), black_box(name), Some("PROD"))
            .count()
    });
}

#[divan::bench]
fn similar_names(bencher: Bencher) {
    let source = manifest::Source::new("manifest.json", MANIFEST.as_bytes());
    let project = manifest::read(&source).expect("a fixture").0.project;
    let index = Index::new(&project.nodes, project.adapter(), &Matching::default());
    bencher.bench(|| {
        index
            .similar_in_schema(
                "prod_marts",
                black_box("dish_sale"),
                None,
                2,
                &mut Effort::of_rows(usize::MAX),
            )
            .count()
    });
}

#[divan::bench]
fn splicing(bencher: Bencher) {
    let edits = (0..100).map(|number| Edit {
        range: number * 1000..number * 1000 + 10,
        texts: vec!["\"exposure.bistro.tableau_sales_11111111\": {}, ".to_owned()],
    });
    let edits = edits.collect::<Vec<_>>();
    bencher
        .counter(ItemsCount::new(edits.len()))
        .bench(|| splice(black_box(MANIFEST), &edits).len());
}

#[divan::bench]
fn export_reading(bencher: Bencher) {
    let defaults = tableau::SiteDefaults::default();
    bencher.counter(BytesCount::of_str(EXPORT)).bench(|| {
        let source = tableau::Source::from_text("export.json", black_box(EXPORT));
        tableau::read(
            vec![source],
            &defaults,
            tableau::Asks::default(),
            &tableau::Arena::default(),
        )
        .is_ok()
    });
}
