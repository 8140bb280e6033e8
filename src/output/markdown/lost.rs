//! The links that workbooks lost, in the heading and below it.

use super::super::cap::{MOST_SHOWN, capped};
use super::super::lost::{
    self as in_words, OTHER_TARGET, Sentence, facts, other_tables, workbooks,
};
use super::super::{Options, counted, visible};
use super::changes::linked;
use super::list::{length, with_list};
use super::prose::prose;
use super::spans::code;
use crate::model::listing::first_few;
use crate::report::{LostFacts, LostReader, LostRelation};

/// What the links that are lost come to, and whom to ask; the heading first.
pub(super) fn sentences(lost: &LostFacts) -> Vec<String> {
    let target = lost.is_of_other_target.then(|| prose(OTHER_TARGET));
    let sentences = in_words::sentences(lost);
    sentences.iter().map(sentence).chain(target).collect()
}

fn sentence(sentence: &Sentence) -> String {
    let Sentence { text, owners } = sentence;
    if owners.is_empty() {
        return text.clone();
    }
    let owners = first_few(owners.len(), owners.iter().map(|owner| code(owner)));
    format!("{text}: ask {owners}")
}

/// A block for each relation, with its workbooks, else the first of them, else their number alone:
/// as far as that fits into `room` characters.
pub(super) fn blocks(lost: &LostFacts, room: usize, options: Options) -> Vec<String> {
    let blocks = |most: usize| {
        let relations = lost.relations.iter();
        let blocks = relations.map(|relation| block(relation, most, options));
        blocks.collect::<Vec<_>>()
    };
    let fits = |blocks: &Vec<String>| length(blocks) <= room;
    let all = options.verbose.then(|| blocks(usize::MAX)).filter(fits);
    let first = || Some(blocks(MOST_SHOWN)).filter(fits);
    all.or_else(first).unwrap_or_else(|| blocks(0))
}

fn block(relation: &LostRelation, most: usize, options: Options) -> String {
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
    let (first, more) = capped(&workbooks, most, false);
    let readers = first.iter().map(|readers| shown(relation, readers));
    let left_out = match more {
        0 => None,
        count if most == 0 => Some(format!("read by {}", counted(count, "workbook"))),
        more => {
            let more = counted(more, "more workbook");
            Some(format!("… and {more}{}", options.hint()))
        }
    };
    with_list(head, nearest.chain(readers).chain(left_out))
}

/// One workbook, with its tables.
fn shown(relation: &LostRelation, readers: &[LostReader]) -> String {
    let workbook = &readers[0].workbook;
    let title = linked(workbook.title_and_luid().0, workbook.url.as_deref());
    let tables = other_tables(relation, readers, code).map(|tables| format!(" as {tables}"));
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
