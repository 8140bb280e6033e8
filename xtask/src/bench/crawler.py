"""Runs dbt-exposures-crawler on an export: its client answers from files instead of a network.

Arguments: the manifest (which it overwrites) and the export as NDJSON.
"""

import json
import os
import sys
from types import SimpleNamespace

os.environ.setdefault("TABLEAU_URL", "https://tableau.bistro.example")
os.environ.setdefault("TABLEAU_USERNAME", "nobody")
os.environ.setdefault("TABLEAU_PASSWORD", "")

from exposurescrawler.crawlers import tableau

MANIFEST, EXPORT = sys.argv[1:]


class Client:
    """What the crawler asks of Tableau, answered by the pages of the export."""

    def __init__(self, *_credentials):
        self.sections = {}
        with open(EXPORT) as lines:
            for line in lines:
                for section, page in json.loads(line)["data"].items():
                    self.sections.setdefault(section, []).extend(page["nodes"])

    def run_metadata_api(self, query):
        section = next(name for name in self.sections if name in query)
        return {section: {"nodes": self.sections[section]}}

    def retrieve_all_workbooks(self):
        return [
            SimpleNamespace(
                id=workbook["luid"],
                name=workbook["name"],
                owner_id=workbook["owner"]["username"],
                project_name=workbook["projectName"],
                description=workbook["description"],
                webpage_url="https://tableau.bistro.example/" + workbook["uri"],
                tags=[tag["name"] for tag in workbook["tags"]],
                created_at=workbook["createdAt"],
                updated_at=workbook["updatedAt"],
            )
            for workbook in self.sections["workbooksConnection"]
        ]

    def retrieve_all_users(self):
        owners = {
            workbook["owner"]["username"]: workbook["owner"]
            for workbook in self.sections["workbooksConnection"]
        }
        return [
            SimpleNamespace(id=name, name=name, fullname=owner["name"])
            for name, owner in owners.items()
        ]


tableau.TableauRestClient = Client
tableau.tableau_crawler(MANIFEST, "bistro", [], False)
