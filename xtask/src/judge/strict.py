"""Readers that refuse what they do not know: dbt-artifacts-parser, and dbt's JSON schemas."""

import json
import os

from common import judge, read, task, version_of
from dbt_artifacts_parser import parser
from dbt_artifacts_parser.parsers import manifest as parsers
from importlib import import_module
from jsonschema.validators import validator_for
from pydantic import TypeAdapter


def schema_version(manifest):
    return manifest["metadata"]["dbt_schema_version"].rsplit("/", 1)[-1].removesuffix(".json")


def parses(path):
    """The whole file. Many real ones are refused, for reasons that are not exposures."""
    parser.parse_manifest(manifest=read(path))


def parses_exposures(path):
    """The exposures alone, with the classes of the whole file."""
    manifest = read(path)
    version = schema_version(manifest)
    module = import_module(f"{parsers.__name__}.manifest_{version}")
    model = getattr(module, f"Manifest{version.title()}")
    exposures = model.model_fields["exposures"].annotation
    TypeAdapter(exposures).validate_python(manifest["exposures"])


def schema_of(manifest):
    """The schema file for this manifest, if there is one; v12 has one for each dbt version."""
    version = schema_version(read(os.path.join(manifest["folder"], "unpatched", "manifest.json")))
    names = [f"manifest_{version}_from_{version_of(manifest)}.latest.json", f"manifest_{version}.json"]
    paths = [os.path.join(task["schemas"], name) for name in names]
    return next((path for path in paths if os.path.exists(path)), None)


def fits_schema(schema_path):
    schema = read(schema_path)
    # Only what it says of exposures, and the definitions that this refers to.
    kept = ("$schema", "$defs", "definitions")
    of_exposures = {key: schema[key] for key in kept if key in schema}
    # v11 has even the manifest itself among its definitions.
    manifest = schema["$defs"][schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    of_exposures["properties"] = {"exposures": manifest["properties"]["exposures"]}
    validator = validator_for(schema)(of_exposures)

    def fits(path):
        errors = validator.iter_errors({"exposures": read(path)["exposures"]})
        problems = [f"{error.json_path}: {error.message}" for error in errors]
        assert not problems, "; ".join(problems)

    return fits


judge("dbt-artifacts-parser: file", parses)
judge("dbt-artifacts-parser: exposures", parses_exposures)
if task["schemas"]:
    for manifest in task["manifests"]:
        path = schema_of(manifest)
        if path:
            judge("JSON schema: exposures", fits_schema(path), [manifest])
