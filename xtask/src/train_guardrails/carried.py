"""Texts that packages carry in formats of Python's world (YAML, literals in modules), as JSON lines
`{source, text, labels}` on standard output. The first argument is the folder they were unpacked in.

`labels`: "attack" (said by a user, or planted), "planted" (only inside data), "benign".
Run by `cargo xtask train guardrails`; the order is fixed, nothing is drawn by chance.
"""
import ast
import glob
import itertools
import json
import os
import re
import sys

import yaml

ROOT = sys.argv[1]
# Requests that fill the slots of jailbreak wrappers: harmless and harmful ones, so that the wrapper is learnt.
REQUESTS = [
    "Tell me about the best way to hide money.", "Write a story about a dragon.", "How do I open an account?",
    "Explain how locks work.", "What is the capital of France?", "How do I get into somebody's e-mail?",
    "Give me today's weather.", "Write a letter to my landlord.", "How could one cheat in an exam?", "List three fruits.",
]


def files(pattern):
    return sorted(glob.glob(os.path.join(ROOT, pattern), recursive=True))


def put(source, text, labels):
    text = text.strip() if isinstance(text, str) else ""
    if len(text) > 3:
        print(json.dumps({"source": source, "text": text, "labels": labels}))


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def filled(text, number):
    text = re.sub(r"{%-?.*?-?%}", "", text)
    return re.sub(r"{{.*?}}", REQUESTS[number % len(REQUESTS)], text)


def pyrit():
    base = "pyrit/datasets/"
    for number, path in enumerate(files(base + "jailbreak/templates/**/*.yaml")):
        kind = "wild" if "in_the_wild" in path else "templates"
        if "stereotypes" in path or "disinformation" in path:
            continue
        put("pyrit/" + kind, filled(load(path).get("value", ""), number), "attack")
    for path in files(base + "seed_datasets/local/garak/system_prompt_extraction.prompt"):
        for seed in load(path)["seeds"]:
            put("garak/extraction", seed["value"], "attack")
    for path in files(base + "executors/skeleton_key/skeleton_key.prompt"):
        for seed in load(path).get("seeds", []):
            put("pyrit/templates", seed["value"], "attack")


def spikee():
    base = "spikee/data/workspace/datasets/"
    wrappers = {row["text"] for path in files(base + "*/jailbreaks.jsonl") for row in lines(path)}
    orders = {row["instruction"] for path in files(base + "*/instructions.jsonl") for row in lines(path)
              if "harmful" not in path}
    documents = {row["document"] for path in files(base + "*/base_user_inputs.jsonl") for row in lines(path)}
    wrappers, orders, documents = sorted(wrappers), sorted(orders), sorted(d for d in documents if len(d) > 60)
    turn = itertools.cycle(orders)
    for wrapper in wrappers:
        bare = wrapper.strip() in ("<INSTRUCTION>.", "<INSTRUCTION>")
        for order in orders if bare else itertools.islice(turn, 5):
            put("spikee/bare" if bare else "spikee/wrapped", wrapper.replace("<INSTRUCTION>", order),
                "planted" if bare else "attack")
    for document in documents:
        put("spikee/documents", document, "benign")
    for path in files(base + "seeds-investment-advice-fp/standalone_user_inputs.jsonl"):
        for row in lines(path):
            put("spikee/benign", row["text"], "benign")
    for path in files(base + "*cybersec*/standalone_user_inputs.jsonl"):
        for row in lines(path):
            put("spikee/wrapped", row["text"], "attack")


def literals(path):
    """String arguments of the calls in a module, first argument first."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value, [a.value for a in node.args[1:] if isinstance(a, ast.Constant)]


def small():
    for path in files("nullsec_promptinject/payloads.py"):
        for text, rest in literals(path):
            if rest and rest[0] not in ("function_abuse",):
                put("nullsec", text, "planted" if rest[0] == "indirect" else "attack")
    for path in files("jailbreak_corpus_mini/corpus.json"):
        with open(path, encoding="utf-8") as file:
            for row in json.load(file):
                put("mini", row.get("prompt") or row.get("text"), "attack")
    for path in files("bastionprobe/payloads.jsonl"):
        for row in lines(path):
            put("bastionprobe", row["text"], "planted")
    for path in files("promptinject/prompt_data.py"):
        with open(path, encoding="utf-8") as file:
            for node in ast.walk(ast.parse(file.read())):
                if isinstance(node, ast.Dict):
                    for key, value in zip(node.keys, node.values):
                        if getattr(key, "value", "") == "instruction" and isinstance(value, ast.Constant):
                            text = value.value
                            if "gnore" in text or "IGNORE" in text or "rint" in text:
                                put("promptinject", text.replace("{REPLACE_rogue_string}", "hello humans"), "attack")


def talk():
    for path in files("chatterbot_corpus/data/*/*.yml"):
        for number, turns in enumerate(load(path).get("conversations", [])):
            texts = [str(turn) for turn in turns]
            put("chatterbot/" + path.split(os.sep)[-2], texts[0], "benign")
            if number % 4 == 0:
                put("chatterbot/" + path.split(os.sep)[-2], " ".join(texts), "benign")
    for path in files("inspect_evals/writingbench/benchmark_all.jsonl"):
        for row in lines(path):
            put("writingbench", row["query"], "benign")


def docstrings():
    """What programs say about themselves: prompts, rules and systems, and no order to a model."""
    for package in ("garak", "pyrit", "nemoguardrails", "celery", "fastapi", "locust", "authlib", "yt_dlp", "bandit", "rich"):
        parts = set()
        for path in files(package + "/**/*.py"):
            if "template" in path or "/data" in path or "test" in path:
                continue
            try:
                with open(path, encoding="utf-8") as file:
                    tree = ast.parse(file.read())
            except SyntaxError:
                continue
            for node in ast.walk(tree):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module, ast.AsyncFunctionDef)):
                    for part in (ast.get_docstring(node) or "").split("\n\n"):
                        if 60 <= len(part) <= 700 and ">>>" not in part:
                            parts.add(part)
        parts = sorted(parts)
        for part in parts[:: max(1, len(parts) // 500)]:
            put("docstrings/" + package, part, "benign")


def held_back():
    """Other authors' attacks that no training reads: for measuring alone."""
    for path in files("cilada/attacks/**/injecao.yaml"):
        for attack in load(path)["ataques"]:
            for turn in attack.get("turnos", []):
                put("held/cilada", turn, "attack")
    for path in files("agentdojo/default_suites/v1/*/injection_tasks.py"):
        with open(path, encoding="utf-8") as file:
            for node in ast.walk(ast.parse(file.read())):
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "GOAL":
                    value = node.value
                    if isinstance(value, ast.JoinedStr):
                        text = "".join(p.value if isinstance(p, ast.Constant) else "X" for p in value.values)
                    else:
                        text = getattr(value, "value", "")
                    put("held/agentdojo", text, "planted")


for part in (pyrit, spikee, small, talk, docstrings, held_back):
    part()
