"""A plugin of dbt Core 1.6 and later 1.x: it adds the exposures that autoexpose plans.

dbt imports every top-level module that is called ``dbt_*`` and makes one object of each class in
its ``plugins``. This one does nothing unless ``autoexpose.yml`` beside ``dbt_project.yml`` says
``dbt_plugin: true``.

dbt calls its interface of plugins experimental and promises nothing. So nothing in here may fail a
command of dbt: whatever goes wrong is one line on standard error, and dbt goes on without the
exposures.

There is no ``get_nodes`` hook: it takes models only, and with ``use_v2_parser`` dbt refuses every
plugin that has one.
"""

from __future__ import annotations

from ._warning import describe, warn

__all__ = ["plugins"]


def _plugins() -> list[type]:
    """The class that dbt is to use; none without dbt, or with one that has no plugins."""
    try:
        from dbt.plugins import dbtPlugin
    except Exception:
        return []

    class AutoexposePlugin(dbtPlugin):  # type: ignore[misc]
        """Prepares dbt to add the exposures. dbt makes the object once in a command."""

        def initialize(self) -> None:
            """Called by dbt before it reads the project."""
            try:
                from . import _loader

                _loader.prepare()
            except Exception as error:
                warn(f"the exposures are not added: {describe(error)}")

    return [AutoexposePlugin]


plugins = _plugins()
