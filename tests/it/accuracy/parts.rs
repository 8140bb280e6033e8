//! A table's parts and connection, and the ways to write them.

use super::relations::folds_all;

/// The parts that a table was made of, and its connection.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) database: Option<String>,
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) connection: Option<String>,
}

/// Ways to quote one identifier.
pub(crate) type Quote = fn(&str) -> String;

pub(crate) fn brackets(part: &str) -> String {
    format!("[{}]", part.replace(']', "]]"))
}

pub(crate) fn double_quotes(part: &str) -> String {
    format!("\"{}\"", part.replace('"', "\"\""))
}

pub(crate) fn backticks(part: &str) -> String {
    format!("`{}`", part.replace('`', "``"))
}

/// Whether a part can stand without quotes.
pub(crate) fn is_plain(part: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    !part.is_empty() && part.chars().all(plain)
}

pub(crate) fn swap_case(text: &str) -> String {
    let swap = |c: char| match c.is_lowercase() {
        true => c.to_uppercase().to_string(),
        false => c.to_lowercase().to_string(),
    };
    text.chars().map(swap).collect()
}

impl Parts {
    /// As the database keeps them; Tableau shows what the database keeps, unless case never counts.
    pub(crate) fn stored(&self, adapter: &str) -> Self {
        if !folds_all(adapter) {
            return self.clone();
        }
        Self {
            database: self.database.as_deref().map(str::to_lowercase),
            schema: self.schema.to_lowercase(),
            name: self.name.to_lowercase(),
            connection: self.connection.clone(),
        }
    }

    pub(crate) fn database(&self) -> &str {
        self.database.as_deref().unwrap_or_default()
    }

    pub(crate) fn are_plain(&self) -> bool {
        let parts = [self.database(), &self.schema, &self.name];
        parts.into_iter().all(is_plain)
    }

    /// Whether a bare `name` could be read as one behind its schema, which Redshift repeats.
    pub(crate) fn may_hold_more(&self) -> bool {
        let connection = self.connection.as_deref().unwrap_or_default();
        connection.starts_with("redshift") && self.name.starts_with(&format!("{}.", self.schema))
    }

    pub(crate) fn three(&self, quote: Quote) -> String {
        format!("{}.{}", quote(self.database()), self.two(quote))
    }

    pub(crate) fn two(&self, quote: Quote) -> String {
        format!("{}.{}", quote(&self.schema), quote(&self.name))
    }

    pub(crate) fn with_connection(&self, connection: Option<&str>) -> Self {
        Self {
            connection: connection.map(str::to_owned),
            ..self.clone()
        }
    }

    pub(crate) fn with_database(&self, database: Option<&str>) -> Self {
        Self {
            database: database.map(str::to_owned),
            ..self.clone()
        }
    }

    pub(crate) fn with_schema(&self, schema: &str) -> Self {
        Self {
            schema: schema.to_owned(),
            ..self.clone()
        }
    }

    pub(crate) fn with_name(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self.clone()
        }
    }
}
