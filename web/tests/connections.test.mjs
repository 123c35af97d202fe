/** Other people's clients against the real server: OpenAI's package, and the Postman collection run by newman. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import newman from "newman";
import OpenAI from "openai";

import { server } from "./server.mjs";

let bank;
before(async () => (bank = await server()));
after(async () => bank?.stop());

test("OpenAI's client talks to the concierge, and confirms what it was shown", async () => {
  const client = new OpenAI({ baseURL: `${bank.url}/v1`, apiKey: "sandbox", maxRetries: 0 });
  const user = "openai_client";
  const messages = [];
  const say = async (content) => {
    messages.push({ role: "user", content });
    const completion = await client.chat.completions.create({ model: "vostro", user, messages });
    messages.push(completion.choices[0].message);
    return completion;
  };
  assert.match((await say("What's my balance?")).choices[0].message.content, /\$/);
  assert.match((await say("Send $6 to Anna")).choices[0].message.content, /confirm/i);
  const done = await say("yes");
  assert.equal(done.vostro.receipts.length, 1);
  assert.equal(done.vostro.receipts[0].movement.amount.minor, 600);

  const stream = await client.chat.completions.create({
    model: "vostro",
    user,
    stream: true,
    messages: [{ role: "user", content: "How do I transfer money?" }],
  });
  let text = "";
  let reason;
  for await (const chunk of stream) {
    text += chunk.choices[0].delta.content ?? "";
    reason = chunk.choices[0].finish_reason ?? reason;
  }
  assert.ok(text.length > 50);
  assert.equal(reason, "stop");
  assert.deepEqual((await client.models.list()).data.map((it) => it.id), ["vostro"]);
  const refused = await client.chat.completions.create({ model: "vostro", messages }).catch((error) => error);
  assert.equal(refused.status, 422);
});

test("every request of the Postman collection gets what it expects", async () => {
  const collection = new URL("../../docs/api/vostro.postman_collection.json", import.meta.url).pathname;
  const summary = await new Promise((resolve, reject) => {
    const options = { collection, envVar: [{ key: "vostro", value: bank.url }], reporters: [] };
    newman.run(options, (error, summary) => (error ? reject(error) : resolve(summary)));
  });
  const { requests, assertions } = summary.run.stats;
  assert.deepEqual(summary.run.failures.map((it) => `${it.source?.name}: ${it.error.message}`), []);
  assert.ok(requests.total >= 20 && assertions.total >= requests.total, `${requests.total}, ${assertions.total}`);
  console.log(`postman: ${requests.total} requests, ${assertions.total} assertions`);
});
