//! Changes one place of a document: values of other types, swapped, moved, doubled, damaged.

pub(super) mod odd;
pub(super) mod projects;

use super::corpus::Corpus;
use super::dice::Dice;
use super::json::Json;

/// Changes one place of a document. `donor` is a value from anywhere.
pub(super) fn mutate(json: &mut Json, donor: Json, corpus: &Corpus, dice: &mut Dice) {
    let paths = json.paths();
    let path = paths[dice.below(paths.len())].as_slice();
    match dice.below(16) {
        0 | 1 => replace(json, path, odd::value(dice)),
        2 | 3 => replace(json, path, donor),
        4 => swap(json, path, &paths[dice.below(paths.len())]),
        5 | 6 => remove(json, path),
        7 => double(json, path, dice),
        8 => rename(json, path, corpus, dice),
        9 => move_value(json, path, &paths[dice.below(paths.len())], dice),
        10 => replace(json, path, Json::Text(word(corpus, dice))),
        11 => wrap(json, path, dice),
        12 => shuffle(json, path, dice),
        13 => insert(json, path, corpus, donor, dice),
        14 => replace_keyed(json, &paths, donor, dice),
        _ => damage(json, path, dice),
    }
}

/// A value from anywhere in a document.
pub(super) fn random_value(json: &Json, dice: &mut Dice) -> Json {
    let paths = json.paths();
    let path = &paths[dice.below(paths.len())];
    json.at(path).cloned().unwrap_or_else(Json::null)
}

/// A word that stands somewhere in a case.
fn word(corpus: &Corpus, dice: &mut Dice) -> String {
    corpus.texts[dice.below(corpus.texts.len())].clone()
}

fn replace(json: &mut Json, path: &[usize], value: Json) {
    // A document that is something else as a whole is refused at once, which is soon tried.
    if let Some(place) = json.at_mut(path).filter(|_| !path.is_empty()) {
        *place = value;
    }
}

fn remove(json: &mut Json, path: &[usize]) {
    if let Some((last, parent)) = path.split_last()
        && let Some(parent) = json.at_mut(parent)
    {
        parent.remove(*last);
    }
}

fn swap(json: &mut Json, one: &[usize], other: &[usize]) {
    let is_inside = one.starts_with(other) || other.starts_with(one);
    if is_inside {
        return;
    }
    let (Some(a), Some(b)) = (json.at(one).cloned(), json.at(other).cloned()) else {
        return;
    };
    replace(json, one, b);
    replace(json, other, a);
}

/// Adds a member or an item once more, sometimes under another key.
fn double(json: &mut Json, path: &[usize], dice: &mut Dice) {
    let Some((last, parent)) = path.split_last() else {
        return;
    };
    match json.at_mut(parent) {
        Some(Json::List(items)) => {
            let item = items[*last].clone();
            items.insert(dice.below(items.len() + 1), item);
        }
        Some(Json::Map(members)) => {
            let (key, member) = members[*last].clone();
            let key = if dice.one_in(2) {
                odd::text(&key, dice)
            } else {
                key
            };
            members.insert(dice.below(members.len() + 1), (key, member));
        }
        _ => {}
    }
}

fn rename(json: &mut Json, path: &[usize], corpus: &Corpus, dice: &mut Dice) {
    let Some((last, parent)) = path.split_last() else {
        return;
    };
    if let Some(Json::Map(members)) = json.at_mut(parent) {
        let key = &mut members[*last].0;
        *key = if dice.one_in(2) {
            corpus.keys[dice.below(corpus.keys.len())].clone()
        } else {
            odd::text(key, dice)
        };
    }
}

/// Moves or copies a value into another map or list.
fn move_value(json: &mut Json, from: &[usize], to: &[usize], dice: &mut Dice) {
    let Some((last, parent)) = from.split_last() else {
        return;
    };
    if to.starts_with(from) {
        return;
    }
    let Some(value) = json.at(from).cloned() else {
        return;
    };
    let key = match json.at(parent) {
        Some(Json::Map(members)) => members[*last].0.clone(),
        _ => String::new(),
    };
    match json.at_mut(to) {
        Some(Json::List(items)) => items.push(value),
        Some(Json::Map(members)) => members.push((key, value)),
        _ => return,
    }
    if dice.one_in(2) {
        remove(json, from);
    }
}

fn wrap(json: &mut Json, path: &[usize], dice: &mut Dice) {
    let Some(place) = json.at_mut(path) else {
        return;
    };
    let inner = std::mem::replace(place, Json::null());
    *place = match (dice.below(3), inner) {
        (0, Json::List(items)) => items.into_iter().next().unwrap_or_else(Json::null),
        (1, inner) => Json::Map(vec![("x".to_owned(), inner)]),
        (_, inner) => Json::List(vec![inner]),
    };
}

fn shuffle(json: &mut Json, path: &[usize], dice: &mut Dice) {
    match json.at_mut(path) {
        Some(Json::List(items)) if !items.is_empty() => {
            let by = dice.below(items.len());
            items.rotate_left(by);
        }
        Some(Json::Map(members)) if dice.one_in(2) => members.reverse(),
        Some(Json::Map(members)) => members.sort_by(|a, b| a.0.cmp(&b.0)),
        _ => {}
    }
}

/// Adds a member or an item.
fn insert(json: &mut Json, path: &[usize], corpus: &Corpus, value: Json, dice: &mut Dice) {
    match json.at_mut(path) {
        Some(Json::List(items)) => items.insert(dice.below(items.len() + 1), value),
        Some(Json::Map(members)) => {
            let key = corpus.keys[dice.below(corpus.keys.len())].clone();
            members.insert(dice.below(members.len() + 1), (key, value));
        }
        _ => {}
    }
}

/// Replaces every value under one key.
fn replace_keyed(json: &mut Json, paths: &[Vec<usize>], value: Json, dice: &mut Dice) {
    let key_at = |json: &Json, path: &[usize]| match path.split_last() {
        Some((last, parent)) => match json.at(parent) {
            Some(Json::Map(members)) => members.get(*last).map(|(key, _)| key.clone()),
            _ => None,
        },
        None => None,
    };
    let Some(key) = key_at(json, &paths[dice.below(paths.len())]) else {
        return;
    };
    if value.children() > 0 {
        return;
    }
    // The inner ones first, since the outer ones take them away.
    for path in paths.iter().rev() {
        if key_at(json, path).as_ref() == Some(&key) {
            replace(json, path, value.clone());
        }
    }
}

/// Changes a string or a number a little.
fn damage(json: &mut Json, path: &[usize], dice: &mut Dice) {
    match json.at_mut(path) {
        Some(Json::Text(text)) => *text = odd::text(text, dice),
        Some(Json::Raw(raw)) => *raw = odd::number(dice),
        _ => {}
    }
}
