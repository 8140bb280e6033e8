//! Reads one table of the index.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{DataType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::serialized_reader::ReadOptionsBuilder;

use super::cells::Cells;
use crate::model::Failure;

/// What to do about a file that is not as dbt writes it.
const WRITE_AGAIN: &str =
    "nothing was written; let dbt 2 write the index again, with `--write-index`";
/// What to do about a file that is of another form.
const OTHER_FORM: &str = "nothing was written; this index may be of a dbt version that this version of autoexpose does not know";

/// A file of the index.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path, for messages.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A table of the index.
pub(super) struct Table {
    /// The path of its file, for messages.
    file: String,
    pub(super) bytes: Bytes,
    reader: SerializedFileReader<Bytes>,
}

impl Table {
    /// Reads what a file says of itself.
    ///
    /// # Errors
    /// It is not a Parquet file, or says of a column that it lies outside of it.
    pub(super) fn open(file: &File) -> Result<Self, Failure> {
        let bytes = Bytes::copy_from_slice(file.bytes);
        // Otherwise a copied row group would not say how many pages have which encoding.
        let options = ReadOptionsBuilder::new().with_encoding_stats_as_mask(false);
        let reader = SerializedFileReader::new_with_options(bytes.clone(), options.build());
        let table = Self {
            file: file.name.to_owned(),
            reader: reader.map_err(|error| unreadable(file.name, &error))?,
            bytes,
        };
        let groups = table.metadata().row_groups();
        let mut columns = groups.iter().flat_map(RowGroupMetaData::columns);
        if columns.all(|column| lies_within(column, table.bytes.len())) {
            return Ok(table);
        }
        let error = ParquetError::General("a column lies outside of the file".to_owned());
        Err(table.unreadable(&error))
    }

    /// Reads what was made of this file as if it stood in its place.
    ///
    /// # Errors
    /// It is not a Parquet file.
    pub(super) fn of_same_file(&self, bytes: &[u8]) -> Result<Self, Failure> {
        let name = &self.file;
        Self::open(&File { name, bytes })
    }

    pub(super) fn metadata(&self) -> &ParquetMetaData {
        self.reader.metadata()
    }

    /// How many rows each row group has.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> {
        let groups = self.metadata().row_groups().iter();
        groups.map(|group| usize::try_from(group.num_rows()).unwrap_or_default())
    }

    /// The texts of a column, by row group.
    ///
    /// # Errors
    /// The column is missing, does not hold one text in each row, or cannot be read.
    pub(super) fn texts(&self, column: &str) -> Result<Vec<Vec<Option<String>>>, Failure> {
        let at = self.position(column)?;
        let groups = self.rows().enumerate().map(|(group, rows)| {
            let ColumnReader::ByteArrayColumnReader(reader) = self.column(group, at)? else {
                return Err(self.other_form(&format!("its column `{column}` does not hold texts")));
            };
            let cells = self.read(reader, rows)?;
            let mut values = cells.values.into_iter();
            let mut text = |is_there: bool| {
                let value = values.next().filter(|_| is_there);
                value.map(|value| String::from_utf8_lossy(value.data()).into_owned())
            };
            if cells.definitions.is_empty() {
                return Ok((0..rows).map(|_| text(true)).collect());
            }
            let definitions = cells.definitions.iter();
            let texts = definitions.map(|level| if *level > 0 { text(true) } else { None });
            Ok(texts.collect())
        });
        groups.collect()
    }

    /// The first value of a column of whole numbers.
    ///
    /// # Errors
    /// The column is missing, empty, does not hold whole numbers, or cannot be read.
    pub(super) fn first_number(&self, column: &str) -> Result<i64, Failure> {
        let at = self.position(column)?;
        let failure = || self.other_form(&format!("its column `{column}` does not hold a time"));
        let rows = self.rows().next().ok_or_else(failure)?;
        let ColumnReader::Int64ColumnReader(reader) = self.column(0, at)? else {
            return Err(failure());
        };
        let cells = self.read::<Int64Type>(reader, rows)?;
        cells.values.first().copied().ok_or_else(failure)
    }

    /// The position of a column of plain values.
    fn position(&self, column: &str) -> Result<usize, Failure> {
        let columns = self.metadata().file_metadata().schema_descr().columns();
        let is_it = |parts: &[String]| matches!(parts, [name] if name == column);
        let at = columns.iter().position(|leaf| is_it(leaf.path().parts()));
        at.ok_or_else(|| self.other_form(&format!("its column `{column}` is missing")))
    }

    /// A column of a row group, not yet read.
    ///
    /// # Errors
    /// The file is damaged.
    pub(super) fn column(&self, group: usize, at: usize) -> Result<ColumnReader, Failure> {
        self.guarded(|| self.reader.get_row_group(group)?.get_column_reader(at))
    }

    /// Reads a column of a row group.
    ///
    /// # Errors
    /// The file is damaged.
    pub(super) fn read<T: DataType>(
        &self,
        mut reader: ColumnReaderImpl<T>,
        rows: usize,
    ) -> Result<Cells<T::T>, Failure> {
        let mut cells = Cells::new();
        let read = self.guarded(|| {
            let (definitions, repetitions) = (&mut cells.definitions, &mut cells.repetitions);
            // One row more than there should be, to find out.
            let most = rows.saturating_add(1);
            reader.read_records(
                most,
                Some(definitions),
                Some(repetitions),
                &mut cells.values,
            )
        });
        let (found, _, _) = read?;
        if found == rows {
            Ok(cells)
        } else {
            let error = format!("a column has {found} rows of {rows}");
            Err(self.unreadable(&ParquetError::General(error)))
        }
    }

    /// Runs what reads damaged bytes: the reader of the crate checks much, but not all, and what it
    /// does not check ends in a panic.
    fn guarded<T>(&self, read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Failure> {
        let damaged = |_| Err(ParquetError::General("it is damaged".to_owned()));
        let read = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(damaged);
        read.map_err(|error| self.unreadable(&error))
    }

    /// The failure for bytes that are damaged.
    pub(super) fn unreadable(&self, error: &ParquetError) -> Failure {
        unreadable(&self.file, error)
    }

    /// The failure for a file that is whole, and not as dbt is known to write it.
    pub(super) fn other_form(&self, message: &str) -> Failure {
        Failure::new(&self.file, message).help(OTHER_FORM)
    }
}

/// Whether the bytes of a column lie within a file. The reader of the crate relies on it.
fn lies_within(column: &ColumnChunkMetaData, length: usize) -> bool {
    let first = column.dictionary_page_offset();
    let first = first.unwrap_or_else(|| column.data_page_offset());
    let end = first.checked_add(column.compressed_size());
    let end = end.and_then(|end| usize::try_from(end).ok());
    first >= 0 && column.compressed_size() >= 0 && end.is_some_and(|end| end <= length)
}

fn unreadable(file: &str, error: &ParquetError) -> Failure {
    let error = match error {
        ParquetError::General(text) | ParquetError::EOF(text) => text.clone(),
        other => other.to_string(),
    };
    let message = format!("cannot be read as Parquet: {error}");
    Failure::new(file, message).help(WRITE_AGAIN)
}
