"""What the scripts of all judges share: their task, and how they report verdicts."""

import json
import os
import sys

FORMS = ("unpatched", "patched", "repatched", "broken")

# Libraries print what they like: only verdicts get to the real standard output.
_verdicts = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

task = json.load(sys.stdin)


def report(judge, manifest, form, refusal):
    """Reports one verdict; no refusal is acceptance."""
    line = {"judge": judge, "manifest": manifest, "form": form, "refusal": refusal}
    print(json.dumps(line), file=_verdicts, flush=True)


def judge(name, accepts, manifests=None, forms=FORMS):
    """Lets `accepts(path)` look at each form of each manifest: what it raises is its refusal.

    Of a manifest that is refused unpatched, nothing more is asked.
    """
    for manifest in task["manifests"] if manifests is None else manifests:
        for form in forms:
            try:
                accepts(os.path.join(manifest["folder"], form, "manifest.json"))
                refusal = None
            except (Exception, SystemExit) as error:
                refusal = f"{type(error).__name__}: {error}"
            report(name, manifest["name"], form, refusal)
            if form == "unpatched" and refusal is not None:
                break


def check(judge, name):
    """Runs what it decorates: what that raises is a failure of the check."""

    def run(function):
        try:
            function()
            failure = None
        except (Exception, SystemExit) as error:
            failure = f"{type(error).__name__}: {error}"
        print(json.dumps({"judge": judge, "check": name, "failure": failure}), file=_verdicts, flush=True)

    return run


def read(path):
    """The manifest as plain JSON."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def version_of(manifest):
    """The major and minor version of the dbt that wrote a manifest, as in `1.8`."""
    version = read(os.path.join(manifest["folder"], "unpatched", "manifest.json"))["metadata"]["dbt_version"]
    return ".".join(version.split(".")[:2])


def read_by(name, reads):
    """Lets `reads(path, manifest)` look for our exposures. Lenient readers read broken ones too."""
    judge(name, lambda path: reads(path, read(path)), forms=FORMS[:3])


def ours(manifest):
    """The exposures of ours by id, each with the ids that it depends on."""
    exposures = manifest["exposures"].items()
    return {key: value["depends_on"]["nodes"] for key, value in exposures if marker(value)}


def marker(exposure):
    """Our marker: in `config.meta`, or before dbt 1.3, whose exposures have no `config`, in `meta`."""
    holder = exposure.get("config", exposure)
    return holder.get("meta", {}).get("autoexpose")
