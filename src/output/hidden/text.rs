//! Renders what would show hidden tables as text for people.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::words::{grant, headline, needs, not_told};
use super::{GrantAnswer, HiddenAnswer, OfSite, ReaderAnswer, TableAnswer};
use crate::audience::Decision;
use crate::output::columns::{hanging, padded, widest, wrapped};
use crate::output::{Options, counted, printable, text, visible};

/// The width of a terminal that sentences are broken for.
const COLUMNS: usize = 100;
/// How many entries of a list are shown, unless all are asked for.
const MOST: usize = 20;
/// How many readers of a table are shown, unless all are asked for.
const MOST_READERS: usize = 4;

const HEADING: Style = Style::new().bold();
const BAD: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// What to do about names that are missing although the rules show them.
const SHOWN_CURE: &str = "Tableau has perhaps not indexed these yet, or they are used in a personal space alone, or the export is older than the rules: make it anew with `autoexpose fetch`, and if they stay hidden, ask an administrator for the state of the metadata services";

/// Renders the answer.
pub fn render(answer: &HiddenAnswer, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.answer(answer);
    page.text
}

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn answer(&mut self, answer: &HiddenAnswer) -> fmt::Result {
        for (at, site) in answer.sites.iter().enumerate() {
            if at > 0 {
                writeln!(self.text)?;
            }
            let several = (answer.sites.len() > 1).then(|| site.site.to_string());
            self.site(site, several.as_deref())?;
        }
        if !self.options.quiet {
            let told = answer.diagnostics.iter().collect::<Vec<_>>();
            let told = text::notes_and_warnings(&told, MOST, self.options);
            self.text.push_str(&told);
        }
        Ok(())
    }

    fn site(&mut self, site: &OfSite, name: Option<&str>) -> fmt::Result {
        let style = if site.tables.is_empty() { GOOD } else { BAD };
        let headline = match name {
            Some(name) => format!("{name}: {}", headline(site)),
            None => headline(site),
        };
        for line in wrapped(&printable(&visible(&headline)), COLUMNS) {
            let line = text::painted(&line, style, self.options);
            writeln!(self.text, "{line}")?;
        }
        self.grants(site)?;
        if self.options.quiet {
            return Ok(());
        }
        self.tables(site)?;
        let not_told = not_told(site);
        if !not_told.is_empty() {
            self.heading("What the export does not tell")?;
        }
        for line in not_told {
            self.filled("  ", &line)?;
        }
        Ok(())
    }

    fn grants(&mut self, site: &OfSite) -> fmt::Result {
        let shown = site.shown_by_rules();
        if !site.grants.is_empty() {
            self.heading("What would show them to this user")?;
        }
        let rows = site.grants.iter().enumerate();
        let rows = rows.map(|(at, answer)| {
            let tables = counted(answer.tables.len(), "table");
            [(at + 1).to_string(), tables]
        });
        let rows = rows.collect::<Vec<_>>();
        let [numbers, tables] = [0, 1].map(|at| widest(rows.iter().map(|row| &row[at])));
        let most = self.most(site.grants.len(), MOST);
        for ([number, count], answer) in rows.iter().zip(&site.grants).take(most) {
            let head = format!("  {}  {}  ", padded(number, numbers), padded(count, tables));
            self.filled(&head, &with_needs(answer, site))?;
        }
        self.more(site.grants.len() - most)?;
        if shown > 0 {
            self.heading("Shown by the rules, and hidden all the same")?;
            let head = format!("  {}  ", counted(shown, "table"));
            self.filled(&head, SHOWN_CURE)?;
        }
        Ok(())
    }

    fn tables(&mut self, site: &OfSite) -> fmt::Result {
        if site.tables.is_empty() {
            return Ok(());
        }
        self.heading(match site.grants.is_empty() {
            true => "The tables",
            false => "The tables, each with what would show it, the smallest first",
        })?;
        let most = self.most(site.tables.len(), MOST);
        for table in &site.tables[..most] {
            self.table(table, site)?;
        }
        self.more(site.tables.len() - most)
    }

    fn table(&mut self, table: &TableAnswer, site: &OfSite) -> fmt::Result {
        let mut line = table.label.clone();
        if let Some(connection) = &table.connection {
            line.push_str(&format!(" ({connection})"));
        }
        if let Some(database) = &table.database {
            line.push_str(&format!(", of database {database:?}"));
        }
        self.filled("  ", &line)?;
        let most = self.most(table.readers.len(), MOST_READERS);
        for reader in &table.readers[..most] {
            self.filled("    read by   ", &shown_reader(reader))?;
        }
        let more = table.readers.len() - most;
        if more > 0 {
            let hint = self.options.hint();
            writeln!(self.text, "              … and {more} more{hint}")?;
        }
        for name in &table.custom_sql {
            let sql = match name.as_str() {
                "" => "custom SQL".to_owned(),
                name => format!("custom SQL {name:?}"),
            };
            self.filled("    read by   ", &sql)?;
        }
        let is_shown = table.decision == Decision::Allowed;
        if is_shown || (self.options.verbose && table.decision == Decision::Unknown) {
            let rule = table.rule.key();
            let now = format!("{} by {rule}: {}", table.decision, table.why);
            self.filled("    now       ", &now)?;
        }
        if table.grants.is_empty() {
            return Ok(());
        }
        let most = self.most(site.grants.len(), MOST);
        let numbers = table.grants.iter().filter(|at| **at < most);
        let numbers = numbers.map(|at| (at + 1).to_string()).collect::<Vec<_>>();
        self.filled("    shown by  ", &numbers.join(", "))
    }

    fn heading(&mut self, heading: &str) -> fmt::Result {
        let heading = text::painted(heading, HEADING, self.options);
        writeln!(self.text, "\n{heading}")
    }

    fn most(&self, all: usize, most: usize) -> usize {
        if self.options.verbose || all <= most + 1 {
            return all;
        }
        most
    }

    fn more(&mut self, more: usize) -> fmt::Result {
        if more == 0 {
            return Ok(());
        }
        let hint = self.options.hint();
        writeln!(self.text, "  … and {more} more{hint}")
    }

    /// A text behind its head, in lines below each other.
    fn filled(&mut self, head: &str, text: &str) -> fmt::Result {
        let text = printable(&visible(text));
        self.text.push_str(&hanging(head, &text, COLUMNS));
        Ok(())
    }
}

fn with_needs(answer: &GrantAnswer, site: &OfSite) -> String {
    match needs(answer, &site.standing) {
        Some(needs) => format!("{}: {needs}", grant(answer)),
        None => grant(answer),
    }
}

fn shown_reader(reader: &ReaderAnswer) -> String {
    let kind = reader.kind;
    let mut line = match &reader.name {
        Some(name) => format!("{kind} {name:?}"),
        None => format!("{kind} {}", reader.luid),
    };
    let owner = reader.owner.as_deref().unwrap_or("not told");
    let project = reader.project.as_deref().unwrap_or("not told");
    line.push_str(&format!(" (owner {owner}, project {project})"));
    if let Some(through) = &reader.through {
        line.push_str(&format!(" through {through}"));
    }
    line
}
