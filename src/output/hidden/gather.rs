//! Makes the answer of what an export shows of tables without a name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{GrantAnswer, HiddenAnswer, OfSite, ReaderAnswer, TableAnswer};
use crate::audience::{Advisor, Grant, Need, Verdict, full_name, project_path};
use crate::model::access::{
    Asset, AssetId, AssetKind, HiddenTable, Location, SiteAccess, SiteRole, Told,
};
use crate::model::{Diagnostic, ObjectKind, Path, Read, Site, StepKind, Upstream, User, Workbook};

/// What begins an id that no export has.
const MADE_UP: char = '\0';

/// The answer for all sites of these exports. `data_management` is what the user says of it.
pub fn gather(
    mut site: Site,
    data_management: Option<bool>,
    diagnostics: Vec<Diagnostic>,
) -> HiddenAnswer {
    let access = std::mem::take(&mut site.access);
    let sites = access.sites.into_iter();
    let sites = sites.map(|access| of_site(access, &site, data_management));
    HiddenAnswer {
        sites: sites.collect(),
        diagnostics,
    }
}

fn of_site(mut access: SiteAccess, site: &Site, data_management: Option<bool>) -> OfSite {
    let id = access.site.clone();
    let evidence = site.evidence.iter().find(|one| one.site.is_same(&id));
    let users = evidence.map_or_else(Vec::new, |evidence| evidence.users.clone());
    let workbooks = site.workbooks.iter();
    let workbooks = workbooks.filter(|workbook| workbook.site.is_same(&id));
    let workbooks = workbooks.collect::<Vec<_>>();
    for workbook in &workbooks {
        add_place(&mut access, workbook);
    }
    let mut readers = of_workbooks(&mut access, &workbooks);
    for (table, reader) in of_content(&access) {
        readers.entry(table).or_default().insert(reader);
    }
    let without_place = without_place(&access);
    let user = asker(&mut access, &users);
    let hidden = access.hidden.clone();
    let mut advisor = Advisor::new(access, &user, data_management);
    let judged = advisor.judge(hidden.keys().cloned());
    let verdicts = judged.iter().flat_map(|alike| {
        let tables = alike.tables.iter();
        tables.map(|table| (table, &alike.verdict))
    });
    let verdicts = verdicts.collect::<BTreeMap<_, _>>();
    let grants = grants(&verdicts, advisor.access());
    let places = grants.iter().enumerate();
    let places = places.map(|(at, answer)| ((&answer.grant, &answer.needs), at));
    let places = places.collect::<Places>();
    let tables = verdicts.iter().map(|(table, verdict)| {
        let facts = &hidden[*table];
        let readers = readers.remove(*table).unwrap_or_default();
        table_answer(table, facts, readers, verdict, &places)
    });
    let tables = tables.collect();
    OfSite {
        users,
        standing: advisor.standing(),
        gaps: evidence.map_or_else(
            || Some("it is not told what it lists".to_owned()),
            |evidence| (!evidence.is_complete()).then(|| evidence.reasons()),
        ),
        named: named(&workbooks),
        others: others(&workbooks),
        without_place,
        tables,
        grants,
        site: id,
    }
}

/// The luid of the user who made the exports; of one whom these do not name, a made-up one.
fn asker(access: &mut SiteAccess, users: &[User]) -> String {
    let unknown = format!("{MADE_UP}user");
    let [user] = users else { return unknown };
    if let Some(luid) = &user.luid {
        return AssetId::new(AssetKind::View, luid).luid;
    }
    let name = user.name.as_deref().unwrap_or_default().to_lowercase();
    let people = access.people.iter();
    let mut named = people.filter(|(_, person)| {
        let other = person.name.as_ref().map(|other| other.to_lowercase());
        other.as_ref() == Some(&name)
    });
    match (named.next(), named.next()) {
        (Some((luid, _)), None) => luid.clone(),
        _ => {
            if user.is_administrator == Some(true) {
                let person = access.people.entry(unknown.clone()).or_default();
                person.role = given(SiteRole::Administrator);
            }
            unknown
        }
    }
}

/// Adds the project of a workbook, where the export names it and does not identify it.
fn add_place(access: &mut SiteAccess, workbook: &Workbook) {
    let id = AssetId::new(AssetKind::Workbook, &workbook.luid);
    let is_told = access
        .asset(&id)
        .is_some_and(|asset| asset.location != Told::Missing);
    let Some(name) = workbook.project.last().filter(|_| !is_told) else {
        return;
    };
    let luid = format!("{MADE_UP}{}", workbook.project.join("/"));
    let project = AssetId::new(AssetKind::Project, &luid);
    let facts = Asset {
        name: Some(name.to_string()),
        location: given(Location::Top),
        ..Asset::default()
    };
    let location = given(Location::Project(project.luid.clone()));
    access.assets.entry(project).or_insert(facts);
    access.assets.entry(id).or_default().location = location;
}

fn given<T>(value: T) -> Told<T> {
    Told::Given {
        value,
        captured_at: None,
    }
}

/// The position of each grant in the answer.
type Places<'g> = BTreeMap<(&'g Grant, &'g BTreeSet<Need>), usize>;

type Readers = BTreeMap<AssetId, BTreeSet<ReaderAnswer>>;

/// The workbooks that read each hidden table. Adds the tables that only workbooks show, without an id.
fn of_workbooks(access: &mut SiteAccess, workbooks: &[&Workbook]) -> Readers {
    let ids = access.hidden.iter().flat_map(|(table, hidden)| {
        let ids = hidden.ids.iter();
        ids.map(move |id| (id.clone(), table.clone()))
    });
    let ids = ids.collect::<HashMap<_, _>>();
    let mut readers = Readers::new();
    for workbook in workbooks {
        for (label, read) in hidden_reads(workbook) {
            let id = label.strip_prefix("table ").unwrap_or_default();
            let known = ids.get(&AssetId::new(AssetKind::Table, id).luid);
            let table = known.cloned().unwrap_or_else(|| {
                let table = without_id(label, read);
                let facts = access.hidden.entry(table.clone());
                facts.or_default();
                if is_direct(workbook) {
                    let workbook = AssetId::new(AssetKind::Workbook, &workbook.luid);
                    let uses = access.uses.entry(workbook).or_default();
                    uses.inputs.insert(table.clone());
                }
                table
            });
            let of_table = readers.entry(table).or_default();
            of_table.insert(workbook_reader(workbook, read));
        }
    }
    readers
}

/// The hidden tables that a workbook reads, with what they are called.
fn hidden_reads<'w>(workbook: &'w Workbook) -> impl Iterator<Item = (&'w str, &'w Read<'w>)> {
    workbook
        .reads
        .iter()
        .filter_map(|read| match &read.upstream {
            Upstream::Hidden(label) if read.kind == ObjectKind::Table => Some((&**label, read)),
            _ => None,
        })
}

/// The id of a table that the export gives none: its place tells it from others.
fn without_id(label: &str, read: &Read) -> AssetId {
    let place = read.object.map(|key| (key.object, key.element));
    let (object, element) = place.unwrap_or_default();
    AssetId {
        kind: AssetKind::Table,
        luid: format!("{MADE_UP}{label}{MADE_UP}{object:09}.{element:09}"),
    }
}

/// Whether everything that a workbook reads is known to be read without published content in between.
fn is_direct(workbook: &Workbook) -> bool {
    let is_own = |path: &Path| {
        let mut steps = path.steps().iter();
        steps.all(|step| {
            StepKind::SQL.contains(&step.kind)
                || matches!(step.kind, StepKind::EmbeddedDatasource | StepKind::Columns)
        })
    };
    workbook.reads.iter().all(|read| {
        let is_resolved = !matches!(read.upstream, Upstream::Unresolved(_));
        is_resolved && read.kind == ObjectKind::Table && read.paths.iter().all(is_own)
    })
}

fn workbook_reader(workbook: &Workbook, read: &Read) -> ReaderAnswer {
    let project = match workbook.is_personal {
        true => Some("a personal space".to_owned()),
        false => Some(workbook.project.join("/")).filter(|path| !path.is_empty()),
    };
    let path = read.paths.first().filter(|path| !path.is_empty());
    ReaderAnswer {
        kind: AssetKind::Workbook,
        name: (!workbook.is_hidden()).then(|| workbook.name.to_string()),
        luid: workbook.luid.to_string(),
        owner: workbook.owner_name.as_ref().map(ToString::to_string),
        project,
        through: path.map(ToString::to_string),
    }
}

/// The published data sources and flows that use each hidden table. Workbooks are told with their paths.
fn of_content(access: &SiteAccess) -> Vec<(AssetId, ReaderAnswer)> {
    let mut readers = Vec::new();
    for (content, uses) in &access.uses {
        if content.kind == AssetKind::Workbook {
            continue;
        }
        let reader = content_reader(access, content);
        let tables = uses.inputs.iter().chain(&uses.outputs);
        for table in tables.filter(|table| access.hidden.contains_key(table)) {
            readers.push((table.clone(), reader.clone()));
        }
    }
    readers
}

fn content_reader(access: &SiteAccess, content: &AssetId) -> ReaderAnswer {
    let asset = access.asset(content);
    let owner = asset.and_then(|asset| asset.owner.value());
    let owner = owner.map(|luid| {
        let person = access.people.get(luid);
        let name = person.and_then(|person| person.name.clone());
        name.unwrap_or_else(|| luid.clone())
    });
    let project = match asset.and_then(|asset| asset.location.value()) {
        Some(Location::PersonalSpace) => Some("a personal space".to_owned()),
        _ => Some(project_path(access, content).join("/")).filter(|path| !path.is_empty()),
    };
    ReaderAnswer {
        kind: content.kind,
        name: full_name(access, content),
        luid: content.luid.clone(),
        owner,
        project,
        through: None,
    }
}

/// How much of the content that uses hidden tables has no place that is told.
fn without_place(access: &SiteAccess) -> usize {
    let uses = access.uses.iter().filter(|(content, uses)| {
        let mut tables = uses.inputs.iter().chain(&uses.outputs);
        let is_hidden = tables.any(|table| access.hidden.contains_key(table));
        let place = access.asset(content);
        is_hidden && place.is_none_or(|asset| asset.location.value().is_none())
    });
    uses.count()
}

/// How many tables with a name workbooks read.
fn named(workbooks: &[&Workbook]) -> usize {
    let reads = workbooks.iter().flat_map(|workbook| &workbook.reads);
    let tables = reads.filter_map(|read| match read.upstream {
        Upstream::Table(table) => Some(table),
        _ => None,
    });
    tables.collect::<BTreeSet<_>>().len()
}

/// How many things other than tables that workbooks read are hidden.
fn others(workbooks: &[&Workbook]) -> usize {
    let reads = workbooks.iter().flat_map(|workbook| &workbook.reads);
    let others = reads.filter_map(|read| match &read.upstream {
        Upstream::Hidden(label) if read.kind != ObjectKind::Table => Some(label),
        _ => None,
    });
    others.collect::<BTreeSet<_>>().len()
}

/// Each grant once, with all tables that it shows.
fn grants(verdicts: &BTreeMap<&AssetId, &Verdict>, access: &SiteAccess) -> Vec<GrantAnswer> {
    let mut tables = BTreeMap::<(&Grant, &BTreeSet<Need>), Vec<usize>>::new();
    for (at, verdict) in verdicts.values().enumerate() {
        for grant in &verdict.grants {
            tables.entry(grant).or_default().push(at);
        }
    }
    let answers = tables
        .into_iter()
        .map(|((grant, needs), tables)| GrantAnswer {
            grant: grant.clone(),
            name: grant.about().and_then(|id| full_name(access, id)),
            needs: needs.clone(),
            tables,
        });
    let mut answers = answers.collect::<Vec<_>>();
    // The sort is stable, so that of equal ones the smaller comes first.
    answers.sort_by_key(|answer| std::cmp::Reverse(answer.tables.len()));
    answers
}

fn table_answer(
    id: &AssetId,
    facts: &HiddenTable,
    readers: BTreeSet<ReaderAnswer>,
    verdict: &Verdict,
    places: &Places,
) -> TableAnswer {
    let made_up = id.luid.strip_prefix(MADE_UP);
    let label = match made_up.and_then(|rest| rest.split(MADE_UP).next()) {
        Some(label) => label.to_owned(),
        None => format!("table {}", id.luid),
    };
    let of_table = verdict.grants.iter();
    let of_table = of_table.filter_map(|grant| places.get(&grant).copied());
    TableAnswer {
        id: made_up.is_none().then(|| id.luid.clone()),
        label,
        database: facts.database.clone(),
        connection: facts.connection.clone(),
        custom_sql: facts.custom_sql.iter().cloned().collect(),
        readers: readers.into_iter().collect(),
        decision: verdict.decision,
        rule: verdict.rule,
        why: verdict.why.clone(),
        grants: of_table.collect(),
    }
}
