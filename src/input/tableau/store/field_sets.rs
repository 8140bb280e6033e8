//! How the types that hold an object's fields are made: one row per field.
//!
//! The macros are used by `fields.rs` alone, which has the rows.

use super::super::arena::Arena;
use super::super::wire::Field;

/// What can be done with the fields of two copies of one object.
pub(super) trait FieldSet<'a>: Copy {
    /// The fields of this copy, its gaps filled from another one.
    fn filled_from(self, other: Self, arena: &'a Arena) -> Self;

    /// Whether the two copies give different values for a field that is compared.
    fn differs_from(&self, other: &Self) -> bool;
}

/// A field whose values in two copies of an object can be compared.
pub(super) trait Compare {
    /// Whether both values are known and not the same.
    fn differs(self, other: Self) -> bool;
}

impl Compare for Option<&str> {
    fn differs(self, other: Self) -> bool {
        matches!((self, other), (Some(one), Some(other)) if one != other)
    }
}

impl Compare for Field<&str> {
    fn differs(self, other: Self) -> bool {
        self.text().differs(other.text())
    }
}

/// Makes types that hold the fields of an object, apart from its links. A row is one field:
///
/// ```text
/// Workbook from (wire: &'a wire::Workbook<'a>) {
///     description: Option<&'a str>, intern, fill, compare;
///     unsupported_sql: Option<bool> = wire.contains_unsupported_custom_sql, plain, fill;
///     ───────┬───────  ─────┬──────   ──────────────────┬─────────────────  ──┬──  ─┬──
///          name           type     source, if not the field of         stored  filled
///                                  the same name in `wire`
/// }
/// ```
///
/// *stored*: how a value that borrows from a response gets into the arena.
/// - `copy`: a text that is probably unique
/// - `intern`: a text that many objects share
/// - `intern_all`: a list of such texts
/// - `plain`: not a text
/// - `nested`: the fields of another object, perhaps missing
///
/// *filled*: what becomes of the field when another copy of the object is as recent as this one.
/// - `fill`: the value of the other copy where this one has none
/// - `own`: never taken from another copy
/// - `merge`: each field of a nested object on its own
/// - `either`: true if it is true in any copy
/// - `join`: the lists of all copies
///
/// *compare*, if it stands at the end: copies with different values in this field are reported as
/// copies that differ; copies of a table that differ are several tables.
///
/// **To add a field**: add the key of the response to `objects!` in `wire/objects.rs`, then a row in
/// `fields.rs`. Without the first, the second does not compile. Where several kinds of objects
/// share a type ([`super::Intermediate`]), give the value where `ingest` makes it. The merged
/// object has the field then, for `lineage.rs` and `workbooks.rs` to read.
macro_rules! field_sets {
    ($(#[$doc:meta])* $name:ident from ($wire:ident: $response:ty) { $($rows:tt)* } $($rest:tt)*) => {
        field_set! { $(#[$doc])* $name { $($rows)* } }
        from_response! { $name, $wire: $response, { $($rows)* } }
        field_sets! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident { $($rows:tt)* } $($rest:tt)*) => {
        field_set! { $(#[$doc])* $name { $($rows)* } }
        field_sets! { $($rest)* }
    };
    () => {};
}

/// One type with its fields, and all but its making from a response.
macro_rules! field_set {
    ($(#[$doc:meta])* $name:ident { $(
        $(#[$field_doc:meta])*
        $field:ident: $type:ty $(= $source:expr)?, $stored:ident, $filled:ident $(, $compare:ident)?;
    )* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
        pub(crate) struct $name<'a> { $($(#[$field_doc])* pub(crate) $field: $type,)* }

        impl $name<'_> {
            /// The same fields with their texts in the arena.
            pub(super) fn store_in<'a>(&self, interner: &mut Interner<'a>) -> $name<'a> {
                $name { $($field: stored!($stored, self.$field, interner),)* }
            }
        }

        impl<'a> FieldSet<'a> for $name<'a> {
            #[allow(unused_variables, reason = "only some fields need memory")]
            fn filled_from(self, other: Self, arena: &'a Arena) -> Self {
                Self { $($field: filled!($filled, self.$field, other.$field, arena),)* }
            }

            #[allow(unused_variables, reason = "some types have no field that is compared")]
            fn differs_from(&self, other: &Self) -> bool {
                false $($(|| $compare!(self.$field, other.$field))?)*
            }
        }
    };
}

/// Borrows the fields of a type from a response.
macro_rules! from_response {
    ($name:ident, $wire:ident: $response:ty, { $(
        $(#[$field_doc:meta])*
        $field:ident: $type:ty $(= $source:expr)?, $stored:ident, $filled:ident $(, $compare:ident)?;
    )* }) => {
        impl<'a> From<$response> for $name<'a> {
            fn from($wire: $response) -> Self {
                Self { $($field: source!($stored, $wire.$field $(, $source)?),)* }
            }
        }
    };
}

/// The value of a field in a response.
macro_rules! source {
    ($stored:ident, $same_name:expr, $source:expr) => {
        $source
    };
    (copy, $text:expr) => {
        $text.as_deref()
    };
    (intern, $text:expr) => {
        $text.as_deref()
    };
    (plain, $value:expr) => {
        $value
    };
    (nested, $object:expr) => {
        $object.as_ref().map(From::from)
    };
}

/// A value, stored in the arena as its row says.
macro_rules! stored {
    (copy, $text:expr, $interner:ident) => {
        $text.map(|text| $interner.copy(text))
    };
    (intern, $texts:expr, $interner:ident) => {
        $texts.map(|text| $interner.intern(text))
    };
    (intern_all, $texts:expr, $interner:ident) => {
        $interner.intern_all($texts)
    };
    (plain, $value:expr, $interner:ident) => {
        $value
    };
    (nested, $object:expr, $interner:ident) => {
        $object.map(|object| object.store_in($interner))
    };
}

/// A value, filled from another copy as its row says.
macro_rules! filled {
    (fill, $one:expr, $other:expr, $arena:ident) => {
        $one.or($other)
    };
    (own, $one:expr, $other:expr, $arena:ident) => {
        $one
    };
    (either, $one:expr, $other:expr, $arena:ident) => {
        $one || $other
    };
    (merge, $one:expr, $other:expr, $arena:ident) => {
        match ($one, $other) {
            (Some(one), Some(other)) => Some(one.filled_from(other, $arena)),
            (one, other) => one.or(other),
        }
    };
    (join, $one:expr, $other:expr, $arena:ident) => {
        $arena.copy_slice(&[$one, $other].concat())
    };
}

/// Whether two copies have different values.
macro_rules! compare {
    ($one:expr, $other:expr) => {
        $one.differs($other)
    };
}
