//! What a column of a table takes: decided by the file's own schema, column by column, before anything
//! is written.

use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::ByteArray;
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};
use serde_json::Value;

use super::cells::Cells;
use super::fields::{Field, Fields};
use super::table::Table;
use crate::model::Failure;

/// A column, and what our rows say in it.
pub(super) struct Column {
    pub(super) name: String,
    /// `None` for a column that is not known, which stays empty.
    pub(super) field: Option<Field>,
    pub(super) physical: Physical,
    levels: Levels,
}

/// How a column says what is there.
#[derive(Debug, Clone, Copy)]
struct Levels {
    /// The definition level of a value; 0 if none can be missing.
    value: i16,
    /// That of a list that is there and empty.
    empty_list: i16,
    is_list: bool,
}

/// The columns of a table, in their order.
///
/// # Errors
/// A column that is needed is missing; one that is known is of another type; or one that is not known may
/// not be empty.
pub(super) fn columns(
    table: &Table,
    known: &Fields,
    needed: &[&str],
) -> Result<Vec<Column>, Failure> {
    let schema = table.metadata().file_metadata().schema_descr();
    let columns = (0..schema.num_columns()).map(|at| Column::new(table, schema, at, known));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let is_missing = |name: &&&str| !columns.iter().any(|column| column.name == **name);
    match needed.iter().find(is_missing) {
        Some(name) => Err(table.other_form(&format!("its column `{name}` is missing"))),
        None => Ok(columns),
    }
}

impl Column {
    fn new(
        table: &Table,
        schema: &SchemaDescriptor,
        at: usize,
        known: &Fields,
    ) -> Result<Self, Failure> {
        let leaf = schema.column(at);
        let root = schema.get_column_root(at).get_basic_info();
        let name = root.name().to_owned();
        let is_optional = root.repetition() == Repetition::OPTIONAL;
        let field = known.iter().find(|(known, _)| *known == name);
        let field = field.map(|(_, field)| *field);
        let column = Self {
            physical: leaf.physical_type(),
            levels: Levels {
                value: leaf.max_def_level(),
                empty_list: i16::from(is_optional),
                is_list: leaf.max_rep_level() > 0,
            },
            name,
            field,
        };
        let name = &column.name;
        match field {
            Some(field) if !holds(&leaf, field) => {
                let wanted = wanted(field);
                Err(table.other_form(&format!("its column `{name}` does not hold {wanted}")))
            }
            None if !is_optional => Err(table.other_form(&format!(
                "its column `{name}` must not be empty, and what belongs there is not known"
            ))),
            Some(_) | None => Ok(column),
        }
    }

    /// The texts of our rows, one or a list in each.
    ///
    /// # Errors
    /// The name of the column, if it must not be empty and a row has nothing for it.
    pub(super) fn texts(&self, rows: &[Value]) -> Result<Cells<ByteArray>, &str> {
        let mut cells = Cells::new();
        for row in rows {
            match self.field {
                Some(Field::Texts(at)) => {
                    let items = row.pointer(at).and_then(Value::as_array);
                    let items = items.into_iter().flatten().filter_map(Value::as_str);
                    self.push_list(&mut cells, items);
                }
                Some(Field::Text(at)) => {
                    let text = row.pointer(at).and_then(Value::as_str);
                    self.push(&mut cells, text.map(ByteArray::from))?;
                }
                Some(Field::Json(at)) => {
                    let text = row.pointer(at).map(Value::to_string);
                    self.push(&mut cells, text.map(|text| ByteArray::from(text.as_str())))?;
                }
                Some(Field::Seconds(_) | Field::IngestedAt) | None => {}
            }
        }
        Ok(cells)
    }

    /// The numbers of our rows.
    ///
    /// # Errors
    /// The name of the column, if it must not be empty and a row has nothing for it.
    pub(super) fn numbers(&self, rows: &[Value], at: &str) -> Result<Cells<f64>, &str> {
        let mut cells = Cells::new();
        for row in rows {
            self.push(&mut cells, row.pointer(at).and_then(Value::as_f64))?;
        }
        Ok(cells)
    }

    /// The same whole number in each of our rows.
    pub(super) fn constant(&self, rows: &[Value], number: i64) -> Cells<i64> {
        let mut cells = Cells::new();
        for _ in rows {
            cells.values.push(number);
            cells.definitions.push(self.levels.value);
        }
        cells
    }

    /// Nothing in any of our rows.
    pub(super) fn nothing<V>(&self, rows: &[Value]) -> Cells<V> {
        Cells {
            values: Vec::new(),
            definitions: vec![0; rows.len()],
            repetitions: vec![0; if self.levels.is_list { rows.len() } else { 0 }],
        }
    }

    fn push<V>(&self, cells: &mut Cells<V>, value: Option<V>) -> Result<(), &str> {
        if value.is_none() && self.levels.value == 0 {
            return Err(&self.name);
        }
        let is_there = value.is_some();
        cells
            .definitions
            .push(if is_there { self.levels.value } else { 0 });
        cells.values.extend(value);
        Ok(())
    }

    fn push_list<'t>(&self, cells: &mut Cells<ByteArray>, items: impl Iterator<Item = &'t str>) {
        let before = cells.definitions.len();
        for item in items {
            let is_first = cells.definitions.len() == before;
            cells.values.push(ByteArray::from(item));
            cells.definitions.push(self.levels.value);
            cells.repetitions.push(i16::from(!is_first));
        }
        if cells.definitions.len() == before {
            cells.definitions.push(self.levels.empty_list);
            cells.repetitions.push(0);
        }
    }
}

/// Whether a column is of the type in which a field is written.
fn holds(leaf: &ColumnDescriptor, field: Field) -> bool {
    let (depth, lists) = (leaf.path().parts().len(), leaf.max_rep_level());
    let is_plain = depth == 1 && lists == 0;
    let is_text = leaf.physical_type() == Physical::BYTE_ARRAY
        && leaf.converted_type() == ConvertedType::UTF8;
    match field {
        Field::Text(_) | Field::Json(_) => is_plain && is_text,
        // Field, list, item: the form that Parquet prescribes.
        Field::Texts(_) => depth == 3 && lists == 1 && is_text,
        Field::Seconds(_) => is_plain && leaf.physical_type() == Physical::DOUBLE,
        Field::IngestedAt => is_plain && is_time(leaf),
    }
}

/// Whether a column holds microseconds since 1970 (UTC).
fn is_time(leaf: &ColumnDescriptor) -> bool {
    let is_in_micros = match leaf.logical_type_ref() {
        Some(LogicalType::Timestamp(time)) => time.unit == TimeUnit::MICROS,
        _ => leaf.converted_type() == ConvertedType::TIMESTAMP_MICROS,
    };
    leaf.physical_type() == Physical::INT64 && is_in_micros
}

/// What a column of a field holds, in words.
fn wanted(field: Field) -> &'static str {
    match field {
        Field::Text(_) => "texts",
        Field::Json(_) => "JSON as text",
        Field::Texts(_) => "lists of texts",
        Field::Seconds(_) => "numbers of seconds",
        Field::IngestedAt => "times in microseconds",
    }
}
