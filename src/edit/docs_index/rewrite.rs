//! Makes the new file of a table.
//!
//! A row group that keeps all its rows is copied byte for byte. One that loses some, as where dbt has
//! taken our rows over into its own, is written anew from the values of the others. Our rows are a
//! row group of their own behind them.

use std::sync::Arc;

use parquet::basic::{Compression, Type as Physical, ZstdLevel};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{
    BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96Type,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{
    SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter,
};
use serde_json::Value;

use super::cells::Cells;
use super::column::Column;
use super::fields::Field;
use super::table::Table;
use crate::model::Failure;

/// What changes in a table.
pub(super) struct Rows<'r> {
    /// For each row group, whether each of its rows stays.
    pub(super) stays: Vec<Vec<bool>>,
    /// The new rows.
    pub(super) new: &'r [Value],
    /// When dbt wrote the index, in microseconds since 1970.
    pub(super) ingested_at: i64,
}

type Writer = SerializedFileWriter<Vec<u8>>;

/// The new file; `None` if it is as it was.
///
/// # Errors
/// The old file is damaged, or a row has nothing for a column that must not be empty.
pub(super) fn rewrite(
    table: &Table,
    columns: &[Column],
    rows: &Rows,
) -> Result<Option<Vec<u8>>, Failure> {
    let is_same = rows.new.is_empty() && rows.stays.iter().flatten().all(|stays| *stays);
    if is_same {
        return Ok(None);
    }
    let damaged = |error: ParquetError| table.unreadable(&error);
    let mut writer = new_file(table).map_err(damaged)?;
    for (group, stays) in rows.stays.iter().enumerate() {
        if stays.iter().all(|stays| *stays) {
            let from = table.metadata().row_group(group);
            copy(&mut writer, table, from).map_err(damaged)?;
        } else if stays.iter().any(|stays| *stays) {
            copy_some(&mut writer, table, group, stays)?;
        }
    }
    if !rows.new.is_empty() {
        append(&mut writer, table, columns, rows)?;
    }
    let bytes = writer.into_inner().map_err(damaged)?;
    Ok((bytes != table.bytes).then_some(bytes))
}

/// A file with the schema and the notes of the old one, as dbt writes it.
fn new_file(table: &Table) -> Result<Writer, ParquetError> {
    let old = table.metadata().file_metadata();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(old.key_value_metadata().cloned());
    let schema = old.schema_descr().root_schema_ptr();
    SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build()))
}

/// Copies a row group as it is.
fn copy(writer: &mut Writer, table: &Table, from: &RowGroupMetaData) -> Result<(), ParquetError> {
    let mut to = writer.next_row_group()?;
    for column in from.columns() {
        let copied = ColumnCloseResult {
            bytes_written: u64::try_from(column.compressed_size()).unwrap_or_default(),
            rows_written: u64::try_from(from.num_rows()).unwrap_or_default(),
            metadata: column.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        to.append_column(&table.bytes, copied)?;
    }
    to.close()?;
    Ok(())
}

/// Writes those rows of a row group that stay: into a file of their own, from which they are copied as
/// others are. So the next run, which copies them, gets the same bytes.
fn copy_some(
    writer: &mut Writer,
    table: &Table,
    group: usize,
    stays: &[bool],
) -> Result<(), Failure> {
    let damaged = |error: ParquetError| table.unreadable(&error);
    let mut file = new_file(table).map_err(damaged)?;
    let mut to = file.next_row_group().map_err(damaged)?;
    let mut at = 0;
    while let Some(mut column) = to.next_column().map_err(damaged)? {
        filter_column(table.column(group, at)?, table, stays, &mut column)?;
        column.close().map_err(damaged)?;
        at += 1;
    }
    to.close().map_err(damaged)?;
    let bytes = file.into_inner().map_err(damaged)?;
    let kept = table.of_same_file(&bytes)?;
    copy(writer, &kept, kept.metadata().row_group(0)).map_err(damaged)
}

fn filter_column(
    from: ColumnReader,
    table: &Table,
    stays: &[bool],
    to: &mut SerializedColumnWriter,
) -> Result<(), Failure> {
    let table = (table, stays);
    match from {
        ColumnReader::BoolColumnReader(from) => filter::<BoolType>(table, from, to),
        ColumnReader::Int32ColumnReader(from) => filter::<Int32Type>(table, from, to),
        ColumnReader::Int64ColumnReader(from) => filter::<Int64Type>(table, from, to),
        ColumnReader::Int96ColumnReader(from) => filter::<Int96Type>(table, from, to),
        ColumnReader::FloatColumnReader(from) => filter::<FloatType>(table, from, to),
        ColumnReader::DoubleColumnReader(from) => filter::<DoubleType>(table, from, to),
        ColumnReader::ByteArrayColumnReader(from) => filter::<ByteArrayType>(table, from, to),
        ColumnReader::FixedLenByteArrayColumnReader(from) => {
            filter::<FixedLenByteArrayType>(table, from, to)
        }
    }
}

/// Writes the values of the rows that stay.
fn filter<T: DataType>(
    (table, stays): (&Table, &[bool]),
    reader: ColumnReaderImpl<T>,
    to: &mut SerializedColumnWriter,
) -> Result<(), Failure> {
    let full = to.typed::<T>().get_descriptor().max_def_level();
    let kept = table.read(reader, stays.len())?.of_rows(stays, full);
    write::<T>(to, &kept).map_err(|error| table.unreadable(&error))
}

/// Writes our rows as a row group of their own.
fn append(
    writer: &mut Writer,
    table: &Table,
    columns: &[Column],
    rows: &Rows,
) -> Result<(), Failure> {
    let damaged = |error: ParquetError| table.unreadable(&error);
    let mut to: SerializedRowGroupWriter<'_, _> = writer.next_row_group().map_err(damaged)?;
    for column in columns {
        let Some(mut leaf) = to.next_column().map_err(damaged)? else {
            break;
        };
        append_column(&mut leaf, table, column, rows)?;
        leaf.close().map_err(damaged)?;
    }
    to.close().map_err(damaged)?;
    Ok(())
}

fn append_column(
    to: &mut SerializedColumnWriter,
    table: &Table,
    column: &Column,
    rows: &Rows,
) -> Result<(), Failure> {
    let empty = |name: &str| {
        let message =
            format!("its column `{name}` must not be empty, and an exposure has nothing for it");
        table.other_form(&message)
    };
    let new = rows.new;
    let written = match column.field {
        Some(Field::Text(_) | Field::Texts(_) | Field::Json(_)) => {
            write::<ByteArrayType>(to, &column.texts(new).map_err(empty)?)
        }
        Some(Field::Seconds(at)) => {
            write::<DoubleType>(to, &column.numbers(new, at).map_err(empty)?)
        }
        Some(Field::IngestedAt) => write::<Int64Type>(to, &column.constant(new, rows.ingested_at)),
        None => append_nothing(to, column, new),
    };
    written.map_err(|error| table.unreadable(&error))
}

/// Leaves a column empty in our rows.
fn append_nothing(
    to: &mut SerializedColumnWriter,
    column: &Column,
    new: &[Value],
) -> Result<(), ParquetError> {
    match column.physical {
        Physical::BOOLEAN => write::<BoolType>(to, &column.nothing(new)),
        Physical::INT32 => write::<Int32Type>(to, &column.nothing(new)),
        Physical::INT64 => write::<Int64Type>(to, &column.nothing(new)),
        Physical::INT96 => write::<Int96Type>(to, &column.nothing(new)),
        Physical::FLOAT => write::<FloatType>(to, &column.nothing(new)),
        Physical::DOUBLE => write::<DoubleType>(to, &column.nothing(new)),
        Physical::BYTE_ARRAY => write::<ByteArrayType>(to, &column.nothing(new)),
        Physical::FIXED_LEN_BYTE_ARRAY => write::<FixedLenByteArrayType>(to, &column.nothing(new)),
    }
}

fn write<T: DataType>(
    to: &mut SerializedColumnWriter,
    cells: &Cells<T::T>,
) -> Result<(), ParquetError> {
    let to = to.typed::<T>();
    let leaf = to.get_descriptor();
    let definitions = (leaf.max_def_level() > 0).then_some(&*cells.definitions);
    let repetitions = (leaf.max_rep_level() > 0).then_some(&*cells.repetitions);
    to.write_batch(&cells.values, definitions, repetitions)?;
    Ok(())
}
