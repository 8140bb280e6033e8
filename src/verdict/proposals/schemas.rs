//! Other schemas, alone or with another database.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Maker, Proposal};
use crate::model::listing::first_few;
use crate::verdict::cause::Why;
use crate::verdict::renaming::{Renaming, other_database, other_schema};
use crate::verdict::rewrite_line::{CHOICE, NewPart, OldPart};
use crate::verdict::way::Way;

/// Tables whose schema is renamed in one way.
#[derive(Clone)]
pub(super) struct Renamed<'m> {
    /// The database that Tableau shows, if it shows one.
    pub(super) database: Option<&'m str>,
    pub(super) renaming: &'m Renaming,
    pub(super) items: &'m [usize],
    /// The schemas that Tableau shows, and those of the project.
    pub(super) pairs: Vec<(String, String)>,
}

impl Maker<'_, '_, '_> {
    /// Another schema. Where several have tables of one relation, it is one of them.
    pub(super) fn schemas(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter();
        let all = ways.filter_map(|(way, items)| {
            let Way::Schema { database, renaming } = way else {
                return None;
            };
            Some(Renamed {
                database: database.as_deref(),
                renaming,
                items,
                pairs: self.schema_pairs(items),
            })
        });
        let (likely, doubtful): (Vec<_>, Vec<_>) = all.partition(|one| self.is_likely(one));
        let shared = self.shared_nodes(likely.iter().map(|one| one.items));
        let (rivals, alone): (Vec<_>, Vec<_>) = likely
            .into_iter()
            .partition(|one| self.is_near(one.items, &shared));
        let alone = alone.iter().chain(&doubtful);
        let mut proposals = alone
            .map(|one| self.renamed_schemas(one))
            .collect::<Vec<_>>();
        proposals.extend(self.rival_schemas(rivals));
        proposals
    }

    fn is_likely(&self, one: &Renamed) -> bool {
        let doubt = self.doubt_of(one.renaming, one.pairs.len(), one.items.len());
        doubt.is_none()
    }

    /// Schemas that are renamed in one way, by one line if that links, else by a line for each.
    pub(super) fn renamed_schemas(&self, one: &Renamed) -> Proposal {
        let names = one.pairs.iter();
        let names = names.map(|(shown, own)| format!("{shown} for {own}"));
        let why = Why::OtherSchema(first_few(one.pairs.len(), names));
        let line = other_schema(one.database, None, one.renaming.parts(&one.pairs));
        Proposal {
            behind: self.other_target(one.items.len()),
            doubt: self.doubt_of(one.renaming, one.pairs.len(), one.items.len()),
            narrower: self.each_schema(one),
            ..Proposal::new(why, line, one.items)
        }
    }

    /// Each of several schemas that are renamed in one way, on its own.
    fn each_schema(&self, one: &Renamed) -> Vec<Proposal> {
        if one.pairs.len() < 2 {
            return Vec::new();
        }
        let mut of_schemas: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for item in one.items {
            let name = self.items.get(*item).name();
            let schema = name.and_then(|name| name.schema.as_deref());
            let items = of_schemas.entry(schema.unwrap_or_default()).or_default();
            items.push(*item);
        }
        let each = of_schemas.into_values();
        let each = each.map(|items| {
            let pairs = self.schema_pairs(&items);
            let items = items.as_slice();
            Proposal {
                // That several are renamed in one way leaves no doubt of each.
                doubt: None,
                ..self.renamed_schemas(&Renamed {
                    items,
                    pairs,
                    ..*one
                })
            }
        });
        each.collect()
    }

    /// Schemas or databases of the project of which several fit equally well.
    pub(super) fn either(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter();
        let proposals = ways.filter_map(|(way, items)| match way {
            Way::OneOf(ways) => self.one_of(ways, items),
            _ => None,
        });
        proposals.collect()
    }

    /// A line with a choice, if all that these ways differ in is one new part.
    fn one_of(&self, ways: &[Way], items: &[usize]) -> Option<Proposal> {
        let databases = ways.iter().map(|way| match way {
            Way::Database { shown, own } => Some((shown, own)),
            _ => None,
        });
        let databases = databases.collect::<Option<Vec<_>>>();
        let chosen = || NewPart::Is(CHOICE.to_owned());
        let (why, line, choices) = if let Some(databases) = databases {
            let shown = databases.first()?.0;
            let owns = databases.iter().map(|(_, own)| (*own).clone());
            let owns = owns.collect::<Vec<_>>();
            let why = Why::OtherDatabase(shown.clone(), owns.join(" or "));
            (why, other_database(OldPart::is(shown), chosen()), owns)
        } else {
            let (database, own_database) = one_place(ways)?;
            let pairs = self.schema_pairs(items);
            let shown = &pairs.first()?.0;
            let owns = pairs.iter().map(|(_, own)| own.clone()).collect::<Vec<_>>();
            let names = owns.join(" or ");
            let line = other_schema(database, own_database, (OldPart::is(shown), chosen()));
            let why = match database.zip(own_database) {
                Some((database, own)) => {
                    Why::OtherTarget(format!("{database}.{shown} for {own}.{names}"))
                }
                None => Why::OtherSchema(format!("{shown} for {names}")),
            };
            (why, line, owns)
        };
        Some(Proposal {
            doubt: self.doubt_of_another(items.len()),
            ..Proposal::new(why, line, items).of_choices(choices)
        })
    }

    /// Another database and another schema, all in one.
    pub(super) fn targets(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter().filter_map(|(way, items)| match way {
            Way::DatabaseAndSchema {
                shown,
                own,
                renaming,
            } => Some((shown, own, renaming, items)),
            _ => None,
        });
        let mut ways = ways.collect::<Vec<_>>();
        ways.sort_by_key(|(.., items)| std::cmp::Reverse(items.len()));
        let entries = ways.into_iter().map(|(shown, own, renaming, items)| {
            let pairs = self.schema_pairs(items);
            let names = pairs.iter();
            let names = names.map(|(schema, other)| format!("{shown}.{schema} for {own}.{other}"));
            let doubt = self.doubt_of(renaming, pairs.len(), items.len());
            let entry = Entry {
                line: other_schema(Some(shown), Some(own), renaming.parts(&pairs)),
                names: names.collect(),
                items: items.clone(),
            };
            (entry, doubt)
        });
        let (likely, doubtful): (Vec<_>, Vec<_>) = entries.partition(|(_, doubt)| doubt.is_none());
        let likely = likely
            .into_iter()
            .map(|(entry, _)| entry)
            .collect::<Vec<_>>();
        let shared = self.shared_nodes(likely.iter().map(|entry| entry.items.as_slice()));
        let (rivals, alone): (Vec<_>, Vec<_>) = likely
            .into_iter()
            .partition(|entry| self.is_near(&entry.items, &shared));
        let mut proposals = Proposal::in_parts(Why::OtherTarget, alone);
        for proposal in &mut proposals {
            proposal.before = self.other_target(proposal.items().count());
        }
        let doubtful = rivals
            .into_iter()
            .map(|entry| {
                let because = self.rivals(&entry.items, &shared);
                (entry, because)
            })
            .chain(doubtful);
        proposals.extend(doubtful.map(|(entry, doubt)| Proposal {
            doubt,
            ..Proposal::of_entries(Why::OtherTarget, vec![entry])
        }));
        proposals
    }

    /// The schemas that Tableau shows with those of the project.
    pub(super) fn schema_pairs(&self, items: &[usize]) -> Vec<(String, String)> {
        let mut pairs = BTreeSet::new();
        for item in items {
            let shown = self.items.get(*item).name();
            let shown = shown.and_then(|shown| shown.schema.as_deref());
            for node in &self.sorted[*item].nodes {
                let own = &self.known.project.nodes[*node].relation;
                let own = own.as_ref().and_then(|own| own.schema.as_deref());
                let pair = shown.zip(own);
                pairs.extend(pair.map(|(shown, own)| (shown.to_owned(), own.to_owned())));
            }
        }
        pairs.into_iter().collect()
    }
}

/// The database that Tableau shows and the project's, if these ways agree in both.
fn one_place(ways: &[Way]) -> Option<(Option<&str>, Option<&str>)> {
    let places = ways.iter().map(|way| match way {
        Way::Schema { database, .. } => Some((database.as_deref(), None)),
        Way::DatabaseAndSchema { shown, own, .. } => {
            Some((Some(shown.as_str()), Some(own.as_str())))
        }
        _ => None,
    });
    let places = places.collect::<Option<BTreeSet<_>>>()?;
    let is_one = places.len() == 1;
    places.into_iter().next().filter(|_| is_one)
}
