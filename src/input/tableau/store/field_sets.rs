//! How the types that hold an object's fields are made: one row per field.
//!
//! The macros are used by `fields.rs` alone, which has the rows.

use super::super::arena::Arena;
use super::super::wire::Field;

/// What can be done with the fields of two copies of one object.
pub(super) trait FieldSet<'a>: Copy {
    /// The fields of this copy, its gaps filled from the others, the first of them first.
    fn filled_from_all(self, others: impl Iterator<Item = Self> + Clone, arena: &'a Arena) -> Self;

    /// Whether any two copies give different values for a field that is compared.
    fn any_differ<'c>(all: impl Iterator<Item = &'c Self> + Clone) -> bool
    where
        Self: 'c;

    /// The fields of this copy, its gaps filled from another one.
    fn filled_from(self, other: Self, arena: &'a Arena) -> Self {
        self.filled_from_all(std::iter::once(other), arena)
    }

    /// Whether the two copies give different values for a field that is compared.
    fn differs_from(&self, other: &Self) -> bool {
        Self::any_differ([self, other].into_iter())
    }
}

/// A field whose values in copies of an object can be compared.
pub(super) trait Compare {
    type Known: PartialEq;

    /// The value that is compared, if it is known.
    fn known(self) -> Option<Self::Known>;
}

impl<'a> Compare for Option<&'a str> {
    type Known = &'a str;

    fn known(self) -> Self {
        self
    }
}

impl<'a> Compare for Field<&'a str> {
    type Known = &'a str;

    fn known(self) -> Option<&'a str> {
        self.text()
    }
}

/// Whether any two of these values are known and not the same.
pub(super) fn any_two_differ<T: Compare>(values: impl Iterator<Item = T>) -> bool {
    let mut known = values.filter_map(T::known);
    known
        .next()
        .is_some_and(|first| known.any(|other| other != first))
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
            fn filled_from_all(
                self,
                others: impl Iterator<Item = Self> + Clone,
                arena: &'a Arena,
            ) -> Self {
                Self {
                    $($field: filled!(
                        $filled,
                        self.$field,
                        others.clone().map(|other| other.$field),
                        arena
                    ),)*
                }
            }

            #[allow(unused_variables, reason = "some types have no field that is compared")]
            fn any_differ<'c>(all: impl Iterator<Item = &'c Self> + Clone) -> bool
            where
                Self: 'c,
            {
                false $($(|| $compare!(all.clone().map(|one| one.$field)))?)*
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

/// A value, filled from other copies as its row says.
macro_rules! filled {
    (fill, $one:expr, $others:expr, $arena:ident) => {
        $others.fold($one, |one, other| one.or(other))
    };
    (own, $one:expr, $others:expr, $arena:ident) => {
        $one
    };
    (either, $one:expr, $others:expr, $arena:ident) => {
        $one || $others.any(|other| other)
    };
    (merge, $one:expr, $others:expr, $arena:ident) => {
        $others.fold($one, |one, other| match (one, other) {
            (Some(one), Some(other)) => Some(one.filled_from(other, $arena)),
            (one, other) => one.or(other),
        })
    };
    (join, $one:expr, $others:expr, $arena:ident) => {
        $arena.copy_slice(
            &std::iter::once($one)
                .chain($others)
                .flatten()
                .copied()
                .collect::<Vec<_>>(),
        )
    };
}

/// Whether any two copies have different values.
macro_rules! compare {
    ($values:expr) => {
        any_two_differ($values)
    };
}
