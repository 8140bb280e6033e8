"""Runs the steps of action.yml as GitHub does, and the jobs for GitLab, against a server that keeps
comments.

What to do comes as JSON on standard input, what came of it goes as JSON to standard output.
"""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class Comments:
    """The comments of one pull request or merge request."""

    def __init__(self, may_write: bool) -> None:
        self.may_write = may_write
        self.bodies: "dict[int, str]" = {}
        self.calls: "list[str]" = []
        self.tokens: "set[str]" = set()


def handler(comments: Comments) -> "type[http.server.BaseHTTPRequestHandler]":
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length))["body"] if length else ""
            path = self.path.split("?")[0]
            comments.calls.append(f"{self.command} {path}")
            token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN")
            comments.tokens.add(token or "")
            last = path.rsplit("/", 1)[1]
            if self.command == "GET":
                first = "1" in parse_qs(self.path.split("?")[1]).get("page", ["1"])
                listed = [
                    {"id": number, "body": text, "user": {"type": "Bot"}}
                    for number, text in comments.bodies.items()
                ]
                return self.send(200, listed if first else [])
            if not comments.may_write:
                return self.send(403, {"message": "Resource not accessible by integration"})
            if self.command == "POST":
                comments.bodies[len(comments.bodies) + 1] = body
            elif self.command == "DELETE":
                del comments.bodies[int(last)]
            else:
                comments.bodies[int(last)] = body
            return self.send(200, {})

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

        def send(self, status: int, value: Any) -> None:
            text = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def value_of(expression: str, known: "dict[str, str]") -> str:
    """The value of an expression of the action: names, texts, `==`, `!=`, and `&&`."""
    parts = [part.strip() for part in expression.split("&&")]
    if len(parts) > 1:
        return str(all(value_of(part, known) == "True" for part in parts))
    compared = re.fullmatch(r"(\S+)\s*(==|!=)\s*'(.*)'", expression)
    if compared:
        name, operator, text = compared.groups()
        return str((known.get(name, "") == text) == (operator == "=="))
    return known.get(expression, "")


def outputs(path: Path) -> "dict[str, str]":
    lines = path.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def action(task: "dict[str, Any]", address: str) -> "dict[str, Any]":
    described = yaml.safe_load(Path(task["action"]).read_text("utf-8"))
    inputs = {name: str(one.get("default", "")) for name, one in described["inputs"].items()}
    inputs.update(task["inputs"])
    known = {f"inputs.{name}": value for name, value in inputs.items()}
    work = Path(task["work"])
    work.mkdir(parents=True, exist_ok=True)
    summary = work / "summary.md"
    summary.write_text("", "utf-8")
    printed = ""
    code = 0
    for at, step in enumerate(described["runs"]["steps"]):
        if code or ("if" in step and value_of(step["if"], known) != "True"):
            continue
        script, output = work / f"step-{at}", work / f"output-{at}"
        script.write_text(step["run"], "utf-8")
        output.write_text("", "utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(work),
            "GITHUB_API_URL": address,
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": "bakery/shop",
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(work),
        }
        for name, text in step.get("env", {}).items():
            environment[name] = EXPRESSION.sub(
                lambda found: value_of(found.group(1), known), str(text)
            )
        if step["shell"] == "bash":
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        else:
            command = ["python3", str(script)]
        folder = Path(task["project"], inputs["working-directory"])
        if "working-directory" not in step:
            folder = Path(task["project"])
        run = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        printed += run.stdout + run.stderr
        code = run.returncode
        for name, text in outputs(output).items():
            known[f"steps.{step.get('id', at)}.outputs.{name}"] = text
    return {"code": code, "printed": printed, "summary": summary.read_text("utf-8")}


def gitlab(task: "dict[str, Any]", address: str) -> "dict[str, Any]":
    """The script of a job, without the lines that install or download."""
    jobs = yaml.safe_load(Path(task["jobs"]).read_text("utf-8"))
    lines = jobs[task["job"]]["script"]
    kept = [line for line in lines if not re.match(task["without"], line)]
    environment = {
        **os.environ,
        "AUTOEXPOSE_GITLAB_TOKEN": task["token"],
        "CI_API_V4_URL": address,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PROJECT_ID": "1",
    }
    run = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(kept)],
        cwd=task["project"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return {"code": run.returncode, "printed": run.stdout + run.stderr, "summary": ""}


def main() -> None:
    task = json.load(sys.stdin)
    comments = Comments(task["may_write"])
    comments.bodies = {int(number): body for number, body in task["comments"].items()}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(comments))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    result = action(task, address) if "action" in task else gitlab(task, address)
    server.shutdown()
    result["comments"] = comments.bodies
    result["calls"] = comments.calls
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
