#!/usr/bin/env python3
"""Writes docs/reference/cli.md from the binary's own help, and docs/reference/metrics.md from what a server exposes.

    scripts/reference.py BINARY [URL]     without a URL only the first
"""

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

# Families of servers with webhooks or channels: docs/operations/webhooks.md.
DESCRIBED_ELSEWHERE = ("vostro_webhook_",)
REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"


def help_of(binary, *names):
    # Without the caller's settings: some of them would be shown as defaults.
    env = {key: value for key, value in os.environ.items() if not key.startswith("VOSTRO")}
    ran = subprocess.run([binary, *names, "--help"], env=env, capture_output=True, text=True, check=True)
    return "\n".join(line.rstrip() for line in ran.stdout.strip().splitlines())


def subcommands(text):
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.MULTILINE)
    names = re.findall(r"^  ([a-z][a-z-]*)\b", listed[1], re.MULTILINE) if listed else []
    return [name for name in names if name != "help"]


def cli(binary):
    parts = ["# Command line", "What `vostro … --help` says. Made by `scripts/reference.py`; a test compares it with the binary."]

    def walk(*names):
        text = help_of(binary, *names)
        if names:
            # What every command takes stands on the first page.
            text = re.sub(r"\n\nConfiguration:\n(?:(?:  .*)?\n)*?(?=\n?(?:[A-Z]|\Z))", "\n\n", text + "\n").rstrip()
        parts.append(f"{'#' * min(2 + len(names), 4)} `{' '.join(['vostro', *names])}`\n\n```text\n{text}\n```")
        for name in subcommands(text):
            walk(*names, name)

    walk()
    return "\n\n".join(parts) + "\n"


def families(exposition):
    about = dict(re.findall(r"^# HELP (\S+) (.*)$", exposition, re.MULTILINE))
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", exposition, re.MULTILINE))
    units = dict(re.findall(r"^# UNIT (\S+) (\S+)$", exposition, re.MULTILINE))
    names = sorted(name for name in kinds if not name.startswith(DESCRIBED_ELSEWHERE))
    return {name: (kinds[name], units.get(name, ""), about.get(name, "")) for name in names}


def exposed(url):
    with urllib.request.urlopen(f"{url}/metrics") as answer:
        return answer.read().decode()


def metrics(exposition):
    rows = [f"| `{name}` | {kind} | {unit} | {about} |" for name, (kind, unit, about) in families(exposition).items()]
    head = (
        "# Metrics\n\nWhat `GET /metrics` exposes, for Prometheus. Labels come from closed sets: no text, no account, no user.\n"
        "Made by `scripts/reference.py`; a test compares the names with a running server. A server with a language model\n"
        "also has `vostro_model_…` ([what they are](../llm.md)), one with webhooks `vostro_webhook_…`\n"
        "([what they are](../operations/webhooks.md)), and one that calls another role `vostro_service_…`\n"
        "(`crates/vostro-telemetry/src/calls.rs`).\n\n"
        "| family | type | unit | what it is |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    (REFERENCE / "cli.md").write_text(cli(sys.argv[1]))
    if len(sys.argv) > 2:
        (REFERENCE / "metrics.md").write_text(metrics(exposed(sys.argv[2])))
