//! Workbooks that several exports describe, as one.

use rayon::prelude::*;

use crate::model::Workbook;

/// Workbooks with the same luid are one workbook, unless the exports name different sites. Those
/// that may be of several of these sites are returned apart.
pub(super) fn unite<'a>(
    mut workbooks: Vec<Workbook<'a>>,
) -> (Vec<Workbook<'a>>, Vec<Workbook<'a>>) {
    // A known site sorts after an unknown one, so the workbook with the known site comes last.
    workbooks.par_sort_unstable_by(|a, b| (&a.luid, &a.site).cmp(&(&b.luid, &b.site)));
    let mut united: Vec<Workbook> = Vec::with_capacity(workbooks.len());
    let mut of_several_sites = Vec::new();
    let mut workbooks = workbooks.into_iter().peekable();
    while let Some(workbook) = workbooks.next() {
        if workbooks
            .peek()
            .is_none_or(|next| next.luid != workbook.luid)
        {
            united.push(workbook);
            continue;
        }
        let mut same = vec![workbook];
        while let Some(next) = workbooks.next_if(|next| next.luid == same[0].luid) {
            same.push(next);
        }
        unite_same(same, &mut united, &mut of_several_sites);
    }
    (united, of_several_sites)
}

/// Unites workbooks of one luid; their sites are all different, the vague ones first.
fn unite_same<'a>(
    mut same: Vec<Workbook<'a>>,
    united: &mut Vec<Workbook<'a>>,
    of_several_sites: &mut Vec<Workbook<'a>>,
) {
    let first = united.len();
    // The fuller ones come first from here on.
    while let Some(workbook) = same.pop() {
        let site = &workbook.site;
        let mut fitting = Vec::new();
        if !site.is_full() {
            fitting.extend((first..united.len()).filter(|at| !united[*at].site.contradicts(site)));
        }
        match fitting[..] {
            [] => united.push(workbook),
            [fullest, ..]
                if fitting
                    .iter()
                    .all(|at| !united[*at].site.contradicts(&united[fullest].site)) =>
            {
                add_lineage(&mut united[fullest], workbook);
            }
            _ => of_several_sites.push(workbook),
        }
    }
    united[first..].reverse();
}

/// Adds everything that the same workbook reads according to another export.
fn add_lineage<'a>(workbook: &mut Workbook<'a>, mut other: Workbook<'a>) {
    other.reads.append(&mut workbook.reads);
    workbook.reads = other.reads;
    workbook.reads.sort_by(|a, b| a.upstream.cmp(&b.upstream));
    workbook.reads.dedup_by(|a, b| a.upstream == b.upstream);
    workbook.custom_sql.append(&mut other.custom_sql);
    workbook.gaps.append(&mut other.gaps);
    workbook.gaps.sort();
    workbook.gaps.dedup();
    workbook.columns.absorb(std::mem::take(&mut other.columns));
    workbook.is_near_unclaimed_sql |= other.is_near_unclaimed_sql;
    workbook.updated_at = workbook.updated_at.max(other.updated_at);
    workbook.refreshed_at = workbook.refreshed_at.max(other.refreshed_at);
}
