//! Who reads an object, as the object itself shows.

use serde::Deserialize;
use serde::de::MapAccess;

use super::doubt::Doubt;
use super::list::List;

/// The lists of an object's readers: references of type `R`, and views of type `V`. Few queries ask
/// for them; without any, they take the memory of a pointer.
#[derive(Debug)]
pub(crate) struct Readers<R, V>(Option<Box<ReaderLists<R, V>>>);

impl<R, V> Default for Readers<R, V> {
    fn default() -> Self {
        Self(None)
    }
}

/// A list for each kind of reader.
#[derive(Debug)]
pub(crate) struct ReaderLists<R, V> {
    pub workbooks: List<R>,
    pub datasources: List<R>,
    /// Sheets and dashboards.
    pub views: List<V>,
    pub flows: List<R>,
    pub virtual_tables: List<R>,
}

impl<R, V> Default for ReaderLists<R, V> {
    fn default() -> Self {
        Self {
            workbooks: List::default(),
            datasources: List::default(),
            views: List::default(),
            flows: List::default(),
            virtual_tables: List::default(),
        }
    }
}

impl<R, V> Doubt for Readers<R, V> {
    fn is_doubtful(&self) -> bool {
        self.lists().is_some_and(|lists| {
            [
                &lists.workbooks,
                &lists.datasources,
                &lists.flows,
                &lists.virtual_tables,
            ]
            .iter()
            .any(|list| list.is_doubtful)
                || lists.views.is_doubtful
        })
    }
}

impl<R, V> Readers<R, V> {
    /// The lists, if there are any.
    pub(crate) fn lists(&self) -> Option<&ReaderLists<R, V>> {
        self.0.as_deref()
    }

    fn lists_mut(&mut self) -> &mut ReaderLists<R, V> {
        self.0.get_or_insert_default()
    }

    /// Reads the value of a key, if it is a list of readers.
    ///
    /// # Errors
    /// A value of another form.
    pub(super) fn read_key<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error>
    where
        R: Deserialize<'de> + Doubt,
        V: Deserialize<'de> + Doubt,
    {
        if !key.contains("ownstream") {
            return Ok(false);
        }
        match key.strip_suffix("Connection").unwrap_or(key) {
            "downstreamWorkbooks" => self.lists_mut().workbooks.add(map.next_value()?),
            "downstreamDatasources" => self.lists_mut().datasources.add(map.next_value()?),
            "downstreamSheets" | "downstreamDashboards" => {
                self.lists_mut().views.add(map.next_value()?)
            }
            "downstreamFlows" | "nextDownstreamFlows" => {
                self.lists_mut().flows.add(map.next_value()?)
            }
            "downstreamVirtualConnectionTables" => {
                self.lists_mut().virtual_tables.add(map.next_value()?)
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}
