"""Runs commands of dbt, or loads tables into DuckDB, one request a line on standard input.

dbt takes seconds to be imported, so that is done once; each command has a process of its own
all the same, since dbt keeps connections and flags for as long as a process lives.
"""

import json
import os
import sys

import duckdb
from dbt.cli.main import dbtRunner

# The oldest form, which every DuckDB reads.
STORAGE = {"storage_compatibility_version": "v1.0.0"}


def invoke(runner, arguments):
    outcome = runner.invoke(arguments)
    lines = outcome.result if isinstance(outcome.result, list) else []
    answer = {
        "is_success": bool(outcome.success),
        "lines": [line for line in lines if isinstance(line, str)],
        "errors": [str(outcome.exception)] if outcome.exception else [],
    }
    return outcome, answer


def command(request):
    """Runs the commands one after the other, up to the first that fails."""
    answers = []
    for arguments in request["commands"]:
        events = []

        def note(event, events=events):
            if str(event.info.level) == "error":
                events.append(event.info.msg)

        _, answer = invoke(dbtRunner(callbacks=[note]), arguments)
        answer["errors"] += events
        answers.append(answer)
        if not answer["is_success"]:
            break
    return answers


def listing(request):
    """Lists what selectors select: nothing more if the first selects nothing."""
    outcome, answer = invoke(dbtRunner(), ["parse"] + request["flags"])
    if not answer["is_success"]:
        return [answer]
    answers = []
    for selector in request["selectors"]:
        runner = dbtRunner(manifest=outcome.result)
        _, answer = invoke(runner, ["ls", "--select", selector] + request["arguments"])
        answers.append(answer)
        if not answers[0]["lines"]:
            break
    return answers


def load(request):
    with open(request["load"], encoding="utf-8") as script:
        statements = script.read()
    for warehouse in request["into"]:
        with duckdb.connect(warehouse, config=STORAGE) as connection:
            connection.execute(statements)
    return [{"is_success": True, "lines": [], "errors": []}]


def answer(request):
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    try:
        if "load" in request:
            return load(request)
        return listing(request) if "selectors" in request else command(request)
    except BaseException as problem:
        return [{"is_success": False, "lines": [], "errors": [repr(problem)]}]


def main():
    out = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            out.write(json.dumps(answer(request)) + "\n")
            out.flush()
            os._exit(0)
        os.waitpid(child, 0)


main()
