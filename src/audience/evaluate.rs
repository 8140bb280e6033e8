//! Which table of rules is asked about what.

use super::ask::ask;
use super::case::Case;
use super::content::{CONTENT, PROJECT};
use super::decision::{Answer, Outcome, Step};
use super::external::{CHANGE, VIEW};
use super::rule::Rule;
use crate::model::access::{AssetId, AssetKind, Capability};

/// What the rules decide.
pub(super) fn decide(case: &Case) -> Answer {
    match case.asset.kind {
        AssetKind::Project => ask(case, PROJECT),
        AssetKind::View => view(case),
        AssetKind::Workbook
        | AssetKind::Datasource
        | AssetKind::Flow
        | AssetKind::VirtualConnection => ask(case, CONTENT),
        AssetKind::Database | AssetKind::Table => match case.capability {
            Capability::View => ask(case, VIEW),
            Capability::Overwrite | Capability::SetPermissions => ask(case, CHANGE),
        },
    }
}

/// Decides about a view: as its workbook does if it is a tab there, else by rules of its own. Where it is
/// not known which, what both say holds.
fn view(case: &Case) -> Answer {
    let workbook = case.fact(case.asset, |view| &view.workbook);
    let workbook = workbook.map(|luid| AssetId::new(AssetKind::Workbook, luid));
    let tabs = match &workbook {
        Ok(workbook) => case.fact(workbook, |workbook| &workbook.shows_tabs),
        Err(why) => Err(why.clone()),
    };
    let step = |outcome, saw: String| Step {
        rule: Rule::Tabs,
        outcome,
        saw,
    };
    match (workbook, tabs) {
        (Ok(workbook), Ok(&true)) => {
            let saw = "the views of its workbook are tabs".to_owned();
            ask(&case.about(&workbook), CONTENT).after(&[step(Outcome::Passes, saw)])
        }
        (_, Ok(&false)) => {
            let saw = "the views of its workbook are not tabs".to_owned();
            ask(case, CONTENT).after(&[step(Outcome::Passes, saw)])
        }
        (Ok(workbook), Err(why)) => {
            let saw = format!("whether the views of its workbook are tabs is {why}");
            let own = ask(case, CONTENT);
            let of_workbook = ask(&case.about(&workbook), CONTENT);
            match own.decision == of_workbook.decision {
                true => own.after(&[step(Outcome::Unknown, saw)]),
                false => Answer::by(Rule::Tabs, Outcome::Unknown, saw),
            }
        }
        (Err(why), _) => {
            let saw = format!("the workbook of the view is {why}");
            Answer::by(Rule::Tabs, Outcome::Unknown, saw)
        }
    }
}
