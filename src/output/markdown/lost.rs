//! The links that workbooks lost, in the heading and below it.

use super::super::cap::MOST_SHOWN;
use super::super::lost::{self as in_words, OTHER_TARGET, facts, other_tables, workbooks};
use super::super::report::{LostFacts, LostReader, LostRelation};
use super::super::{counted, visible};
use super::changes::linked;
use super::list::with_list;
use super::spans::{code, prose};

/// What the links that are lost come to, the heading first.
pub(super) fn sentences(lost: &LostFacts) -> Vec<String> {
    let target = lost.is_of_other_target.then(|| prose(OTHER_TARGET));
    let sentences = in_words::sentences(lost).into_iter();
    sentences.chain(target).collect()
}

/// A block for each relation, with its first workbooks; with their number alone if it gets too long
/// for `room` characters.
pub(super) fn blocks(lost: &LostFacts, room: usize) -> Vec<String> {
    let blocks = |most: usize| {
        let relations = lost.relations.iter();
        let blocks = relations.map(|relation| block(relation, most));
        blocks.collect::<Vec<_>>()
    };
    let with_workbooks = blocks(MOST_SHOWN);
    let length = with_workbooks.iter().map(|block| block.chars().count() + 1);
    if length.sum::<usize>() <= room {
        with_workbooks
    } else {
        blocks(0)
    }
}

fn block(relation: &LostRelation, most: usize) -> String {
    let head = format!(
        "- {} ({}): {}",
        code(&visible(&relation.relation)),
        code(&relation.node),
        prose(&relation.fate.to_string())
    );
    // What became of a node that is still there names its relation.
    let is_shown = relation.fate.new_relation().is_none();
    let nearest = relation.nearest.iter().filter(|_| is_shown).map(|near| {
        format!(
            "nearest: {} ({}), {}",
            code(&near.unique_id),
            code(&visible(&near.relation)),
            prose(&near.difference)
        )
    });
    let workbooks = workbooks(relation);
    let readers = workbooks.iter().take(most);
    let readers = readers.map(|readers| shown(relation, readers));
    let left_out = match workbooks.len().saturating_sub(most) {
        0 => None,
        count if most == 0 => Some(format!("read by {}", counted(count, "workbook"))),
        more => Some(format!("… and {}", counted(more, "more workbook"))),
    };
    with_list(head, nearest.chain(readers).chain(left_out))
}

/// One workbook, with its tables.
fn shown(relation: &LostRelation, readers: &[LostReader]) -> String {
    let workbook = &readers[0].workbook;
    let title = linked(workbook.title_and_luid().0, workbook.url.as_deref());
    let tables = other_tables(relation, readers).map(|tables| format!(" as {}", code(&tables)));
    let mut facts = facts(workbook);
    // The title leads there.
    facts.retain(|fact| Some(fact) != workbook.url.as_ref() || !title.starts_with('['));
    let facts = facts.iter().map(|fact| code(fact)).collect::<Vec<_>>();
    let facts = if facts.is_empty() {
        String::new()
    } else {
        format!(": {}", facts.join(", "))
    };
    format!("read by {title}{}{facts}", tables.unwrap_or_default())
}
