/** The TypeScript client against the real server, and against lines that break. Run by `.ci/web-test`. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { server } from "../../../web/tests/server.mjs";
import { Chat, serverSentEvents, VostroClient, VostroError } from "../dist/index.js";

let bank;
before(async () => (bank = await server()));
after(async () => bank?.stop());

const user = () => `sdk_${Math.random().toString(36).slice(2)}`;
const client = (options = {}) => new VostroClient({ baseUrl: bank.url, userId: user(), backoffMs: 1, ...options });

/** `fetch` with what goes wrong put in: one fault a request. */
function breaking(...faults) {
  const keys = [];
  const send = async (url, request) => {
    if (url.endsWith("/api/v1/chat")) keys.push(request.headers.get("idempotency-key"));
    const fault = faults.shift();
    if (fault === "refused") throw new TypeError("refused");
    const response = await fetch(url, request);
    if (fault === "answer lost") {
      await response.text();
      throw new TypeError("lost");
    }
    if (typeof fault === "number") {
      const events = (await response.text()).split("\n\n").slice(0, fault);
      return new Response(events.map((event) => `${event}\n\n`).join(""), { status: response.status });
    }
    return response;
  };
  return { fetch: send, keys };
}

const collect = async (stream) => {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
};

test("a conversation keeps its session", async () => {
  const talk = new Chat(client());
  assert.match((await talk.send("What's my balance?")).message, /\$/);
  const proposed = await talk.send("Send $3 to Anna");
  assert.equal(proposed.session_id, talk.sessionId);
  const { receipts } = await talk.send("yes");
  assert.equal(receipts[0].movement.amount.minor, 300);
  const listed = await talk.client.conversations();
  assert.deepEqual(listed.map((it) => it.session_id), [talk.sessionId]);
  const turns = await talk.client.conversation(talk.sessionId);
  assert.deepEqual(turns.map((it) => it.message), ["What's my balance?", "Send $3 to Anna", "yes"]);
});

test("messages that are sent at once are answered in order", async () => {
  const talk = new Chat(client());
  const replies = await Promise.all(["Hello", "Send $2 to Anna", "yes"].map((message) => talk.send(message)));
  assert.equal(new Set(replies.map((reply) => reply.session_id)).size, 1);
  assert.equal(replies[2].receipts.length, 1);
});

for (const faults of [["refused"], ["answer lost"], [0], [1], [2, "refused"], [2, 0]]) {
  test(`money moves once: ${JSON.stringify(faults)}`, async () => {
    const userId = user();
    const plain = new Chat(client({ userId }));
    await plain.send("Send $5 to Anna");
    const wire = breaking(...faults);
    const broken = new Chat(client({ userId, fetch: wire.fetch }), plain.sessionId);
    const events = await collect(broken.stream("yes"));
    const last = events.at(-1);
    assert.equal(last.type, "done");
    assert.equal(last.data.receipts.length, 1);
    const text = events.filter((it) => it.type === "sentence").map((it) => it.data.text).join("");
    assert.equal(text, last.data.message, "nothing twice, nothing lost");
    assert.equal(new Set(wire.keys).size, 1);
    assert.equal((await plain.client.conversation(plain.sessionId)).length, 2);
  });
}

test("refusals are errors with the server's words, and are not tried again", async () => {
  let requests = 0;
  const counting = (url, request) => ((requests += 1), fetch(url, request));
  const refused = await client({ fetch: counting }).send("").catch((error) => error);
  assert.ok(refused instanceof VostroError);
  assert.deepEqual([refused.status, refused.error, refused.isPassing, requests], [422, "ValidationError", false, 1]);
});

test("what is not there is given up after some attempts", async () => {
  const retries = [];
  const lost = new VostroClient({ baseUrl: "http://127.0.0.1:9", userId: "x", attempts: 3, backoffMs: 1 });
  const options = { onRetry: (error) => retries.push(error.error) };
  const error = await collect(lost.stream("Hello", options)).catch((error) => error);
  assert.equal(error.status, 0);
  assert.deepEqual(retries, ["Unreachable", "Unreachable"]);
});

test("an abort ends the waiting at once", async () => {
  const aborting = AbortSignal.timeout(100);
  const lost = new VostroClient({ baseUrl: "http://127.0.0.1:9", userId: "x", backoffMs: 60_000 });
  const began = Date.now();
  await assert.rejects(collect(lost.stream("Hello", { signal: aborting })));
  assert.ok(Date.now() - began < 5_000);
});

test("events are read as the standard says, wherever the bytes are cut", async () => {
  const text = ": hello\r\nevent: a\r\nid: 1\r\ndata: ü\r\ndata: y\r\n\r\ndata:z\n\nid: 2\rdata: w\r\revent: lost\ndata: q\n";
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events = await collect(serverSentEvents(body));
    assert.deepEqual(events.map((it) => [it.event, it.id, it.data]), [
      ["a", "1", "ü\ny"],
      ["message", "1", "z"],
      ["message", "2", "w"],
    ], `in pieces of ${size}`);
  }
});

test("search and check", async () => {
  const one = client();
  assert.equal((await one.search("How do I transfer money?", 2)).count, 2);
  assert.equal((await one.check("My SSN is 123-45-6789")).has_pii, true);
});

test("the example runs", async () => {
  const example = new URL("../examples/transfer.mjs", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [example, bank.url, user()]);
  assert.match(stdout, /receipt: trf_/);
});
