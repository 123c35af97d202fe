"""Texts that packages carry in formats of Python's world (YAML, literals in modules), as JSON lines
`{source, text, labels}` on standard output. The first argument is the folder they were unpacked in.

`labels`: "attack" (said by a user, or planted), "planted" (only inside data), "benign".
Run by `cargo xtask train guardrails`; the order is fixed, nothing is drawn by chance.
"""
import ast
import csv
import gettext
import glob
import gzip
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


# Languages whose interfaces are read besides English.
LANGUAGES = "ca cs da de el es fi fr hu it ja ko nb nl pl pt ro ru sv tr uk zh".split()
# Sentences that fill the slots of task templates.
FILLERS = [
    "The train to the coast leaves at noon.", "A new library was opened in the old town hall.", "Sales rose by four percent last year.",
    "The committee could not agree on a date.", "My sister plays the cello in a small orchestra.", "Rain is expected in the north.",
]
# What attacks on a model say, too: texts with these words are the counter-examples that teach most.
LOADED = re.compile(r"\b(ignor|disregard|overrid|bypass|secret|password|prompt|instruction|previous|system|rules?\b|reveal|pretend|forget|"
                    r"unrestricted|restrict|admin|developer|credential|hidden|execute|command|do not|must not|never|polic)", re.I)


def spread(texts, most):
    """At most so many, evenly over the sorted ones."""
    texts = sorted(set(texts))
    return texts[:: max(1, -(-len(texts) // most))]


def reference():
    """What manuals of programming interfaces say: rules, secrets and orders that are meant for people and programs."""
    tag, found = re.compile(r"<[^>]+>"), {True: set(), False: set()}

    def walk(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "documentation" and isinstance(inner, str):
                    for part in re.split(r"</?(?:p|li|note|ul|ol|dt|dd)>", inner):
                        part = " ".join(tag.sub("", part).split())
                        if 50 <= len(part) <= 600:
                            found[bool(LOADED.search(part))].add(part)
                else:
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for path in files("botocore/data/*/*/service-2.json.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            walk(json.load(file))
    for part in spread(found[True], 5000) + spread(found[False], 1500):
        put("reference/botocore", part, "benign")
    parts = set()
    for path in files("stripe/*.py") + files("stripe/*/*.py"):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str):
                parts.update(" ".join(p.split()) for p in node.value.value.split("\n\n"))
    for part in spread((p for p in parts if 50 <= len(p) <= 600), 3000):
        put("reference/stripe", part, "benign")


def tasks():
    """Work that people give to models, as published task templates put it."""
    texts = set()
    for number, path in enumerate(files("promptsource/templates/**/templates.yaml")):
        with open(path, encoding="utf-8") as file:
            source = re.sub(r"!Template(Metadata)?\b", "", file.read())
        for template in yaml.safe_load(source).get("templates", {}).values():
            text = re.sub(r"{%-?.*?-?%}|{#.*?#}", " ", template.get("jinja", "").split("|||")[0], flags=re.S)
            for turn in itertools.count(number):
                text, changed = re.subn(r"{{.*?}}", FILLERS[turn % len(FILLERS)], text, count=1, flags=re.S)
                if not changed:
                    break
            texts.add(text.strip())
    for text in spread((t for t in texts if 30 <= len(t) <= 1500), 2500):
        put("promptsource", text, "benign")


def interfaces():
    """What programs tell and ask people in many languages, and in English: passwords, rules, instructions, orders."""
    slot = re.compile(r"%\(\w+\)[sd]|%[sd]|{[^}]*}|<[^>]+>")
    texts = {}
    for path in files("*/**/locale/*/LC_MESSAGES/django.mo"):
        language = path.split(os.sep)[-3].split("_")[0].split("-")[0]
        with open(path, "rb") as file:
            catalog = gettext.GNUTranslations(file)._catalog
        for key, value in catalog.items():
            source = key[0] if isinstance(key, tuple) else key
            for name, text in (("en", source), (language, value)):
                text = " ".join(slot.sub("12", text.split("\x04")[-1]).split())
                if 20 <= len(text) <= 700 and not text.startswith("Project-Id"):
                    texts.setdefault(name, set()).add(text)
    for name, most in [("en", 3000), *((name, 900) for name in LANGUAGES)]:
        for text in spread(texts.get(name, ()), most):
            put("interfaces/" + name, text, "benign")


def scanners():
    """Attacks that other test tools send."""
    for path in files("giskard/llm/loaders/local/prompt_injections.csv"):
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                put("giskard", row["prompt"], "attack")
    wanted = ("prompt_injection", "hidden_context_exposure")
    for path in files("vigia/corpus/seeds/seeds_validated.json"):
        with open(path, encoding="utf-8") as file:
            for row in json.load(file):
                if row["language"] in ("es-ES", "ca-ES", "gl-ES") and row["category"] in wanted and "|" not in row["prompt"]:
                    put("vigia", row["prompt"], "attack")
    for path in files("vigia/corpus/seeds/agent_seeds.json"):
        with open(path, encoding="utf-8") as file:
            for row in json.load(file):
                put("vigia", row["prompt"], "planted")
    for path in files("garak_multilingual/payloads.py"):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values):
                    if getattr(key, "value", "") == "prompt" and isinstance(getattr(value, "value", None), str):
                        put("garak/multilingual", value.value, "attack")
    aims = ("prompt_leakage", "debug_access", "indirect_instruction", "cross_context_retrieval", "system_reconnaissance")
    skipped = ("multilingual", "math_problem", "adversarial_poetry")
    for path in files("deepteam/attacks/single_turn/*/template.py") + files("deepteam/vulnerabilities/*/template.py"):
        kind = path.split(os.sep)[-2]
        if kind in skipped or ("vulnerabilities" in path and kind not in aims):
            continue
        with open(path, encoding="utf-8") as file:
            for text in re.findall(r'"(?:input|prompt|enhanced_input)":\s*"([^"]{15,})"', file.read()):
                text = text.replace("\\\\n", "\n").replace("\\n", "\n").replace("{{", "{").replace("}}", "}")
                put("deepteam/" + ("frames" if "attacks" in path else "aims"), text, "attack")


for part in (pyrit, spikee, small, talk, docstrings, reference, tasks, interfaces, scanners, held_back):
    part()
