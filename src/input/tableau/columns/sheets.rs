//! The sheets of each workbook, and whether all of them are known.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};
use jiff::Timestamp;

use crate::input::tableau::section::Section;
use crate::input::tableau::store::{
    ColumnFacts, IdHash, Merged, ObjectIx, SheetFacts, SheetsOfWorkbook,
};

/// The sheets of one workbook.
#[derive(Default)]
pub(super) struct SheetsOf<'s, 'a> {
    /// Those of which the export shows any fields.
    pub(super) sheets: Vec<&'s SheetFacts<'a>>,
    /// Whether it shows all fields of all sheets.
    pub(super) is_told: bool,
}

/// The sheets that workbooks list themselves.
struct Listed<'s> {
    /// By workbook, the lists that count.
    by_workbook: BTreeMap<ObjectIx, Vec<&'s SheetsOfWorkbook>>,
    /// The workbook of each sheet.
    workbooks: HashMap<IdHash, ObjectIx>,
}

impl<'s> Listed<'s> {
    fn new(store: &'s Merged) -> Self {
        let mut by_workbook = BTreeMap::<_, Vec<&SheetsOfWorkbook>>::new();
        for list in &store.columns.sheets_of {
            if let Some(workbook) = store.find(list.workbook) {
                by_workbook.entry(workbook).or_default().push(list);
            }
        }
        let mut workbooks = HashMap::default();
        for (workbook, lists) in &mut by_workbook {
            keep_latest(lists, |list| list.captured_at);
            let sheets = lists.iter().flat_map(|list| list.sheets.iter().flatten());
            workbooks.extend(sheets.map(|id| (*id, *workbook)));
        }
        Self {
            by_workbook,
            workbooks,
        }
    }

    /// The sheets of a workbook that lists all of them.
    fn all(&self, workbook: ObjectIx) -> Option<Vec<&'s Vec<IdHash>>> {
        let lists = self.by_workbook.get(&workbook)?;
        let is_whole = lists.iter().any(|list| list.is_whole);
        is_whole.then(|| lists.iter().flat_map(|list| &list.sheets).collect())
    }
}

/// The sheets of all workbooks. `are_listed`: the export lists all sheets of the site.
pub(super) fn by_workbook<'s, 'a>(
    store: &'s Merged<'_, 'a>,
    are_listed: bool,
) -> BTreeMap<ObjectIx, SheetsOf<'s, 'a>> {
    let listed = Listed::new(store);
    let mut all = BTreeMap::<ObjectIx, SheetsOf>::new();
    for sheet in latest(&store.columns) {
        let named = sheet.workbook.and_then(|workbook| store.find(workbook));
        let by_list = || {
            sheet
                .ids
                .iter()
                .find_map(|id| listed.workbooks.get(id).copied())
        };
        if let Some(workbook) = named.or_else(by_list) {
            all.entry(workbook).or_default().sheets.push(sheet);
        }
    }
    for (workbook, sheets) in &mut all {
        let told = sheets.sheets.iter().filter(|sheet| shows_fields(sheet));
        let told = told.flat_map(|sheet| &sheet.ids).collect::<HashSet<_>>();
        let is_told = |ids: &Vec<IdHash>| ids.iter().any(|id| told.contains(id));
        if let Some(of_workbook) = listed.all(*workbook) {
            let ids = of_workbook.iter().flat_map(|ids| ids.iter());
            let ids = ids.collect::<BTreeSet<_>>();
            sheets.is_told = !of_workbook.is_empty() && of_workbook.iter().all(|ids| is_told(ids));
            sheets
                .sheets
                .retain(|sheet| sheet.ids.iter().any(|id| ids.contains(id)));
        } else {
            let mut of_site = sheets.sheets.iter();
            let of_site = of_site
                .by_ref()
                .filter(|sheet| matches!(sheet.section, Some(Section::Sheets)));
            let of_site = of_site.collect::<Vec<_>>();
            sheets.is_told = are_listed
                && !of_site.is_empty()
                && of_site.iter().all(|sheet| is_told(&sheet.ids));
        }
    }
    all
}

/// Whether it shows all fields. One without any may be hidden from the token.
fn shows_fields(sheet: &SheetFacts) -> bool {
    sheet.is_whole && (!sheet.fields.is_empty() || !sheet.columns.is_empty())
}

/// The latest copies of each sheet, and those without a time.
fn latest<'s, 'a>(facts: &'s ColumnFacts<'a>) -> impl Iterator<Item = &'s SheetFacts<'a>> {
    let mut last = HashMap::<IdHash, Timestamp>::default();
    for sheet in &facts.sheets {
        if let Some(time) = sheet.captured_at {
            for id in &sheet.ids {
                let last = last.entry(*id).or_insert(time);
                *last = time.max(*last);
            }
        }
    }
    facts.sheets.iter().filter(move |sheet| {
        let time = sheet.captured_at;
        let is_older = |id: &IdHash| time.is_some() && last.get(id).copied() > time;
        !sheet.ids.iter().any(is_older)
    })
}

/// Keeps the latest copies, and those without a time.
pub(super) fn keep_latest<T>(copies: &mut Vec<T>, time: impl Fn(&T) -> Option<Timestamp>) {
    let last = copies.iter().filter_map(&time).max();
    copies.retain(|copy| time(copy).is_none() || time(copy) == last);
}
