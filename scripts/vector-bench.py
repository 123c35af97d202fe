#!/usr/bin/env python3
"""What searching vectors in each process costs against searching them in PostgreSQL: time of a whole search over HTTP,
memory of the server, and how much of the exact answer the database's index finds.

    scripts/test-postgres.sh run scripts/vector-bench.py target/release/vostro 1000 10000

Texts are made of common words and vectors are synthetic: passages of fifty are scattered about one direction, so that
neighbours are near, as those of a topic are. Questions are embedded by the model, which must be there (`vostro models fetch`).
Needs psql beside the server's programs, or in the path.
"""

import json
import os
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL, DIMENSIONS = "all-minilm-l6-v2-int8-1", 384
QUESTIONS, TOPIC, SECTIONS = 300, 50, 10
PORT = 18_461
WORDS = """account balance branch card cash charge cheque claim code credit currency customer day debit deposit dispute due
fee form freeze fund hold interest limit loan lost month mortgage notice number online overdraft paper pay payee phone pin
plan policy post rate receipt refund report rule safe save send sign spend state stop tax term time token transfer travel
trust update value visit wait wire withdraw write year""".split()


def psql(url, *arguments, text=None):
    """Runs psql, and gives what it says on both lines."""
    said = subprocess.run([PSQL, "-X", "-q", "-d", url, "-v", "ON_ERROR_STOP=1", *arguments], input=text, text=True,
                          capture_output=True, check=False)
    if said.returncode:
        sys.exit(said.stderr)
    return said.stdout + said.stderr


def environment(url, place):
    """Settings of a server over this database that has no articles."""
    names = {"DATABASE__URL": url, "KNOWLEDGE__VECTORS": place, "DEMO__ENABLED": "false", "LOG__FILTER": "warn"}
    return {**os.environ, **{f"VOSTRO__{name}": value for name, value in names.items()}}


def fill(vostro, url, passages, folder):
    """Ingests texts without the model, and gives their passages vectors."""
    dice = random.Random(passages)
    file = folder / "documents.jsonl"
    with file.open("w") as out:
        for number in range(passages // SECTIONS):
            sections = [f"## Part {part}\n\n" + ". ".join(
                " ".join(dice.choices(WORDS, k=12)) for _ in range(12)) + "." for part in range(SECTIONS)]
            row = {"id": f"d{number}", "title": f"Terms {number}", "content": "\n\n".join(sections)}
            out.write(json.dumps(row) + "\n")
    subprocess.run([vostro, "ingest", file], env={**environment(url, "in-process"), "VOSTRO__EMBEDDING__ENABLED": "false"},
                   check=True, stdout=subprocess.DEVNULL)
    keys = psql(url, "-At", "-c", "SELECT passage_key FROM knowledge_passages ORDER BY document_id, number").split()
    centre, rows = [], []
    for place, key in enumerate(dict.fromkeys(keys)):
        if place % TOPIC == 0:
            centre = [dice.gauss(0, 1) for _ in range(DIMENSIONS)]
        vector = [value + dice.gauss(0, 0.8) for value in centre]
        size = sum(value * value for value in vector) ** 0.5
        rows.append(f"{key}\t\\\\x{struct.pack(f'<{DIMENSIONS}f', *(value / size for value in vector)).hex()}\n")
    (folder / "vectors.tsv").write_text("".join(rows))
    psql(url, text=f"""CREATE TEMP TABLE made (passage_key text, vector bytea);
        \\copy made FROM '{folder / "vectors.tsv"}'
        UPDATE knowledge_passages p SET vector = made.vector, model = '{MODEL}'
        FROM made WHERE made.passage_key = p.passage_key;
        UPDATE knowledge_state SET version = version + 1;""")
    return len(keys)


def ask(path, body=None):
    """A request's answer as JSON, whatever its status."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def memory(process):
    """Resident memory now, in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def measure(vostro, url, place):
    """Starts a server that searches in this place, waits for the model, and asks."""
    began = time.monotonic()
    env = {**environment(url, place), "VOSTRO__SERVER__RAG_PORT": str(PORT)}
    process = subprocess.Popen([vostro, "serve", "--role", "rag"], env=env, stdout=subprocess.DEVNULL)
    try:
        while True:
            time.sleep(0.2)
            if process.poll() is not None or time.monotonic() - began > 600:
                sys.exit("the server is not ready")
            try:
                if ask("/ready")["checks"]["embedding"] == "ready":
                    break
            except (urllib.error.URLError, KeyError):
                continue
        ready = time.monotonic() - began
        dice, times = random.Random(1), []
        for _ in range(QUESTIONS):
            query = " ".join(dice.choices(WORDS, k=8))
            before = time.monotonic()
            found = ask("/api/v1/rag/search", {"query": query})["results"]
            times.append((time.monotonic() - before) * 1000)
            assert found, query
        times.sort()
        print(f"{place:>10}: ready after {ready:.1f} s, resident {memory(process):.0f} MiB, a search p50 "
              f"{statistics.median(times):.1f} ms, p95 {times[len(times) * 95 // 100]:.1f} ms", flush=True)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def main():
    """Measures each number of passages."""
    vostro, server = sys.argv[1], os.environ["VOSTRO_TEST_DATABASE_URL"]
    for passages in map(int, sys.argv[2:]):
        name = f"vostro_vectors_{passages}"
        psql(server, "-c", f"CREATE DATABASE {name}")
        url = server.rsplit("/", 1)[0] + f"/{name}"
        with tempfile.TemporaryDirectory() as folder:
            count = fill(vostro, url, passages, Path(folder))
        print(f"{count} passages", flush=True)
        for place in ("in-process", "pgvector"):
            measure(vostro, url, place)
        print(psql(url, "-f", str(HERE / "vector-recall.sql")).rpartition("NOTICE:")[2].strip(), flush=True)
        psql(server, "-c", f"DROP DATABASE {name} WITH (FORCE)")


BIN = subprocess.run([HERE / "test-postgres.sh", "fetch"], capture_output=True, text=True, check=False).stdout.split()
PSQL = next((str(Path(part, "psql")) for part in BIN if Path(part, "psql").is_file()), "psql")

if __name__ == "__main__":
    main()
