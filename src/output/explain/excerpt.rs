//! A few lines of a query, and the columns below which a caret stands.

use crate::model::Place;
use crate::model::letters::is_unseen;
use crate::output::columns::width;
use crate::output::inert::letters;

/// How many columns a tab goes on at most.
const TAB: usize = 4;
/// How many lines stand before the one that is meant, and behind it.
const AROUND: usize = 1;

/// A few lines of a query.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines with their numbers, from 1.
    pub lines: Vec<(usize, String)>,
    /// The position of the line that is meant among these.
    pub marked: usize,
    /// How many columns stand before the mark.
    pub before: usize,
    /// How wide the mark is.
    pub width: usize,
}

/// The lines around a place, each at most so wide, in which nothing acts on a terminal.
pub fn excerpt(query: &str, place: Place, letters: usize, widest: usize) -> Excerpt {
    let first = place.line.saturating_sub(AROUND).max(1);
    let lines = query
        .split('\n')
        .enumerate()
        .map(|(at, line)| (at + 1, line));
    let around = lines.skip(first - 1).take(place.line + AROUND + 1 - first);
    let mut excerpt = Excerpt {
        lines: Vec::new(),
        marked: place.line - first,
        before: 0,
        width: 1,
    };
    for (number, line) in around {
        let line = Line::new(line.trim_end_matches('\r'));
        if number != place.line {
            excerpt.lines.push((number, line.window(0, widest).0));
            continue;
        }
        let mark = line.columns(place.column.saturating_sub(1), letters);
        let (text, before) = line.window(line.start(&mark, widest), widest);
        excerpt.before = mark.start.saturating_sub(before.left_out) + before.dots;
        excerpt.before = excerpt.before.min(widest.saturating_sub(1));
        excerpt.width = mark.len().min(widest - excerpt.before).max(1);
        excerpt.lines.push((number, text));
    }
    excerpt
}

/// What is missing at the start of a line, and how wide the dots are that stand for it.
struct Before {
    left_out: usize,
    dots: usize,
}

/// A line as it is shown.
struct Line {
    /// What is shown for each letter, with the column at which it begins.
    letters: Vec<(usize, String)>,
    width: usize,
}

impl Line {
    fn new(line: &str) -> Self {
        let mut column = 0;
        let shown = letters(line).map(|(letter, is_active)| {
            let text = match letter {
                '\t' => " ".repeat(TAB - column % TAB),
                letter if is_active || is_unseen(letter) => letter.escape_unicode().to_string(),
                letter => letter.to_string(),
            };
            let start = column;
            column += width(&text);
            (start, text)
        });
        let letters = shown.collect();
        Self {
            letters,
            width: column,
        }
    }

    /// The columns of some letters.
    fn columns(&self, from: usize, count: usize) -> std::ops::Range<usize> {
        let column = |letter: usize| {
            let letter = self.letters.get(letter);
            letter.map_or(self.width, |(column, _)| *column)
        };
        column(from)..column(from + count)
    }

    /// The column from which a line is shown, so that a mark in it can be seen.
    fn start(&self, mark: &std::ops::Range<usize>, widest: usize) -> usize {
        if mark.end + 1 < widest || self.width <= widest {
            return 0;
        }
        // As much before it as behind it, unless the line ends before.
        let room = widest.saturating_sub(mark.len()) / 2;
        mark.start.saturating_sub(room.max(1))
    }

    /// The part of a line from a column on, and what stands before it.
    fn window(&self, from: usize, widest: usize) -> (String, Before) {
        let first = self.letters.partition_point(|(column, _)| *column < from);
        let shown = &self.letters[first..];
        let left_out = shown.first().map_or(self.width, |(column, _)| *column);
        let dots = usize::from(first > 0);
        let room = widest.saturating_sub(dots);
        let is_cut = self.width - left_out > room;
        let room = room.saturating_sub(usize::from(is_cut));
        let fitting = shown.iter();
        let fitting = fitting.take_while(|(column, text)| column + width(text) - left_out <= room);
        let mut text = "…".repeat(dots);
        text.extend(fitting.map(|(_, letter)| letter.as_str()));
        text.push_str(if is_cut { "…" } else { "" });
        (text, Before { left_out, dots })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marked line, and the marks below it.
    #[track_caller]
    fn check(query: &str, (line, column): (usize, usize), letters: usize, expected: [&str; 2]) {
        let shown = excerpt(query, Place { line, column }, letters, 20);
        let marks = " ".repeat(shown.before) + &"^".repeat(shown.width);
        assert_eq!([shown.lines[shown.marked].1.as_str(), &marks], expected);
        for (_, line) in &shown.lines {
            assert!(width(line) <= 20, "{line}");
        }
    }

    #[test]
    fn the_caret_stands_below_the_name() {
        check(
            "select *\r\nfrom a.b x",
            (2, 6),
            3,
            ["from a.b x", "     ^^^"],
        );
        check(
            "\tfrom\ta.b",
            (1, 7),
            3,
            ["    from    a.b", "            ^^^"],
        );
        check(
            "from 売上.日次",
            (1, 6),
            5,
            ["from 売上.日次", "     ^^^^^^^^^"],
        );
        check(
            "/* 売 */ from a",
            (1, 15),
            1,
            ["/* 売 */ from a", "               ^"],
        );
        check(
            "e\u{301} from a",
            (1, 9),
            1,
            ["e\u{301} from a", "       ^"],
        );
    }

    #[test]
    fn nothing_acts_on_the_terminal() {
        check("\u{1b}[2K a", (1, 6), 1, ["\\u{1b}[2K a", "          ^"]);
        check(
            "::error::x a",
            (1, 12),
            1,
            ["\\u{3a}:error::x a", "                ^"],
        );
        check("a\u{a0}b", (1, 3), 1, ["a\\u{a0}b", "       ^"]);
    }

    #[test]
    fn long_lines_are_cut_around_the_name() {
        let long = format!("{}name{}", "x".repeat(50), "y".repeat(50));
        check(&long, (1, 51), 4, ["…xxxxxxxxnameyyyyyy…", "         ^^^^"]);
        check(&long, (1, 1), 4, ["xxxxxxxxxxxxxxxxxxx…", "^^^^"]);
        check(
            &long,
            (1, 1),
            90,
            ["xxxxxxxxxxxxxxxxxxx…", "^^^^^^^^^^^^^^^^^^^^"],
        );
        let wide = format!("{}name", "売".repeat(30));
        check(&wide, (1, 31), 4, ["…売売売売name", "         ^^^^"]);
    }

    #[test]
    fn the_lines_around_it_are_shown() {
        let numbers = |line| {
            let shown = excerpt("a\nb\nc\nd", Place { line, column: 1 }, 1, 20);
            let numbers = shown.lines.iter().map(|(number, _)| *number);
            (numbers.collect::<Vec<_>>(), shown.marked)
        };
        assert_eq!(numbers(1), (vec![1, 2], 0));
        assert_eq!(numbers(3), (vec![2, 3, 4], 1));
        assert_eq!(numbers(4), (vec![3, 4], 1));
    }
}
