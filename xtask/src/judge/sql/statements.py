"""The statements that judges are given, and how they answer: a line of JSON for each."""

import json
import sys

import grammar
import shipped


def statements(dialect, composed, seed, folder=None):
    """Each statement once: those that a folder of packages ships, then those composed by a seed."""
    seen = set()
    for source in (shipped.statements(folder, dialect), grammar.statements(dialect, composed, seed)):
        for text in source:
            if text not in seen:
                seen.add(text)
                yield text


def answer(name, judges):
    """Judges statements of each dialect; a judge returns names, or None where it refuses."""
    composed, seed, *folder = sys.argv[1:]
    for dialect, judge in judges.items():
        for text in statements(dialect, int(composed), seed, *folder):
            tables = judge(text)
            tables = None if tables is None else sorted(tables)
            line = {"judge": name, "dialect": dialect, "text": text, "tables": tables}
            print(json.dumps(line))


if __name__ == "__main__":
    # For judges that are not written in Python: the texts alone.
    dialect, composed, seed, *folder = sys.argv[1:]
    for text in statements(dialect, int(composed), seed, *folder):
        print(json.dumps(text))
