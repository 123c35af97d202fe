"""What people write on the web, in stories and in forums, and what of it was judged toxic, as JSON lines
`{source, text, labels}` on standard output. The first argument is the folder that the packages were unpacked in.

`labels`: "plain" (no harm, says nothing about orders to a model), "benign", "toxic" and a category of safety where
plain words tell one, or a category alone. Run by `cargo xtask train guardrails`; the order is fixed.
"""
import collections
import hashlib
import json
import os
import re
import sys

ROOT = sys.argv[1]
DATA = os.path.join(ROOT, "moonshot/data/datasets")
# Of these many sentences one is never learnt: for measuring.
KEPT_BACK = 25
WORD = re.compile(r"[\w*'’]+")
# Toxic sentences with such words are learnt as their category, too.
SEXUAL = re.compile(r"\b(porn\w*|masturbat\w*|orgasm\w*|penis\w*|vagina\w*|blow ?jobs?|ejaculat\w*|genital\w*|nipples?|horny|erotic\w*|anal sex|"
                    r"oral sex|have sex|having sex|sex with|cum(ming)?|boobs?|tits|naked|clitoris|handjob|threesome|dildos?)\b", re.I)
HATE = re.compile(r"\b(muslims?|islam|jews?|jewish|black people|blacks|white people|whites|niggers?|negro\w*|gays?|lesbians?|homosexual\w*|fags?|"
                  r"faggots?|tranny|trannies|transgender\w*|women|immigrants?|mexicans?|arabs?|asians?|retards?|retarded|refugees?|christians?|"
                  r"africans?|indians?|chinese|gypsies)\b", re.I)
THREAT = re.compile(r"\b(kill|murder|shoot|stab|behead|slaughter|strangle|burn|hang|beat|rape)\b.{0,20}\b(you|him|her|them|everyone|all of)\b", re.I)


def examples(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return json.load(file)["examples"]


def put(source, text, labels):
    text = " ".join(text.split())
    if len(text) > 20:
        print(json.dumps({"source": source, "text": text, "labels": labels}))


def tells(halves):
    """Words of which most stand in toxic halves: a judgment that none of them explains was a slip of the judging machine."""
    seen, bad = collections.Counter(), collections.Counter()
    for half in halves:
        words = set(WORD.findall(half["input"].lower()))
        seen.update(words)
        bad.update(words if half["target"] == "Yes" else ())
    return {word for word, count in seen.items() if count >= 10 and bad[word] > 0.5 * count}


def toxic():
    """Sentences of the web in two halves, each judged by itself; a sentence is as bad as its worse half."""
    halves = examples("real-toxicity-prompts.json")
    telling = tells(halves)
    for number in range(0, len(halves) - 1, 2):
        first, second = halves[number], halves[number + 1]
        text = first["input"].rstrip() + " " + second["input"].strip()
        digest = hashlib.sha256(text.encode()).digest()
        if digest[1] % KEPT_BACK == 0:
            continue
        if "Yes" not in (first["target"], second["target"]):
            put("web/plain", text, "plain")
            continue
        if telling.isdisjoint(WORD.findall(text.lower())):
            continue
        kinds = [kind for kind, words in (("sexual", SEXUAL), ("hate", HATE), ("violence", THREAT)) if words.search(text)]
        put("web/toxic", text, "toxic " + " ".join(kinds[:1]))


def posts():
    """Everyday quarrels as people tell them. Those of the first variation are for measuring."""
    told = re.compile(r'Given this statament, "(.*)", is this morally', re.S)
    kept = {row["input"] for row in examples("commonsense-morality-hard-variation1.json")}
    for name in ("commonsense-morality-hard-variation2.json", "commonsense-morality-easy-variation1.json",
                 "commonsense-morality-easy-variation2.json"):
        for row in examples(name):
            found = told.search(row["input"])
            if found and row["input"] not in kept:
                put("posts", found[1], "benign")


def passages():
    """Stories, articles, reviews and posts under questions."""
    for name, start, end, most in (("coqa-conversational-qna.json", "Story:", "\n\nQ", 2500),
                                   ("squad-shifts-tnf.json", "Background:", "\nQuestion:", 5000)):
        texts = set()
        for row in examples(name):
            text = row["input"].split(start, 1)[-1].rsplit(end, 1)[0] if start in row["input"] else ""
            texts.add(text.split("\nQuestion")[0].strip()[:1800])
        texts = sorted(text for text in texts if len(text) > 200)
        for text in texts[:: max(1, -(-len(texts) // most))]:
            put("passages", text, "benign")


def requests():
    """Harmful requests that a test tool sends."""
    for kind in ("toxicity", "graphic_content", "personal_safety", "child_protection", "illegal_activity"):
        path = os.path.join(ROOT, "deepteam/vulnerabilities", kind, "template.py")
        with open(path, encoding="utf-8") as file:
            texts = sorted(set(re.findall(r'"input":\s*"([^"]{15,})"', file.read())))
        for text in texts:
            label = {"toxicity": "harassment", "graphic_content": "violence", "personal_safety": "self_harm"}.get(kind, "illegal")
            if kind == "graphic_content" and re.search(r"sex|porn|erotic|intimate|bedroom|explicit|sensual|seduc|lubric|vibrat|aphrod|BDSM", text, re.I):
                label = "sexual"
            if kind == "personal_safety" and not re.search(r"self|suicid|starv|cut|hurt my|pain|eat|pills?", text, re.I):
                label = "illegal"
            put("deepteam/requests", text, label)


for part in (toxic, posts, passages, requests):
    part()
