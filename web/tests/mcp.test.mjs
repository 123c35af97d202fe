/** `vostro mcp` with the protocol's own client: reading, proposing, and money only on the person's own yes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

import { server } from "./server.mjs";

const binary = process.env["VOSTRO_BIN"] ?? new URL("../../target/debug/vostro", import.meta.url).pathname;
let bank;
before(async () => (bank = await server()));
after(async () => bank?.stop());

/** A client; `person` answers what the server asks its user, and without one it cannot be asked. */
async function connect(person) {
  const user = `mcp_${Math.random().toString(36).slice(2)}`;
  const client = new Client({ name: "test", version: "1" }, { capabilities: person ? { elicitation: {} } : {} });
  const asked = [];
  if (person) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      asked.push(params.message);
      return person(params);
    });
  }
  await client.connect(new StdioClientTransport({ command: binary, args: ["mcp", "--user", user, "--url", bank.url] }));
  const call = async (name, args = {}) => {
    const { structuredContent, isError } = await client.callTool({ name, arguments: args });
    return { ...structuredContent, isError: isError === true };
  };
  const proposal = (result) => result.cards?.find((card) => card.type === "confirmation");
  return { client, user, asked, call, proposal };
}

/** The $9 to Anna among the latest: a demo customer's own history has whole fives to her. */
const transfers = async (call) => {
  const { cards } = await call("list_transactions");
  return cards[0].items.filter((item) => item.description.includes("Anna") && item.amount.minor === -900);
};

test("tools say what they do, and reading ones read", async () => {
  const { client, call } = await connect();
  const { tools } = await client.listTools();
  const kinds = new Map(tools.map((tool) => [tool.name, tool.annotations]));
  assert.equal(kinds.get("get_balances").readOnlyHint, true);
  assert.equal(kinds.get("confirm_proposal").destructiveHint, true);
  assert.equal(kinds.get("propose_transfer").destructiveHint, false);
  const balances = await call("get_balances");
  assert.equal(balances.cards[0].type, "balances");
  for (const name of ["sum_spending", "list_payees", "list_bills", "list_transactions"]) {
    assert.equal((await call(name)).isError, false, name);
  }
  const found = await call("search_knowledge", { question: "How do I transfer money?" });
  assert.ok(found.passages.length > 0 && found.passages[0].document_id);
  const savings = await call("get_balances", { account: balances.cards[0].accounts[1].name.toUpperCase() });
  assert.equal(savings.cards[0].accounts.length, 1);
  const spent = await call("sum_spending", { category: "groceries", period: "last month" });
  assert.equal(spent.cards[0].type, "spending");
  await client.close();
});

test("money moves once, when the person says yes", async () => {
  const { client, call, asked, proposal } = await connect(() => ({ action: "accept", content: { confirm: true } }));
  const proposed = await call("propose_transfer", { amount: "9", to: "Anna" });
  const { confirmation_id: id } = proposal(proposed);
  assert.equal((await transfers(call)).length, 0);
  const done = await call("confirm_proposal", { confirmation_id: id });
  assert.equal(done.receipts.length, 1);
  assert.match(asked[0], /\$9\.00 from .+ to Anna \(demo\)/);
  const again = await call("confirm_proposal", { confirmation_id: id });
  assert.equal(again.isError, true);
  assert.equal((await transfers(call)).length, 1);
  await client.close();
});

test("nothing moves without the person's yes", async () => {
  const answers = [{ action: "decline" }, { action: "cancel" }, { action: "accept", content: { confirm: false } }];
  const { client, call, proposal } = await connect(() => answers.shift());
  while (answers.length > 0) {
    const { confirmation_id: id } = proposal(await call("propose_transfer", { amount: "9", to: "Anna" }));
    const refused = await call("confirm_proposal", { confirmation_id: id });
    assert.equal(refused.receipts?.length ?? 0, 0);
  }
  const { confirmation_id: dropped } = proposal(await call("propose_transfer", { amount: "9", to: "Anna" }));
  await call("cancel_proposal", { confirmation_id: dropped });
  assert.equal((await call("confirm_proposal", { confirmation_id: dropped })).isError, true);
  assert.equal((await call("confirm_proposal", { confirmation_id: "cnf_other" })).isError, true);
  assert.equal((await transfers(call)).length, 0);
  await client.close();
});

test("a client that cannot ask its user confirms nothing, and no tool does more than it says", async () => {
  const { client, call, proposal } = await connect();
  const { confirmation_id: id } = proposal(await call("propose_transfer", { amount: "9", to: "Anna" }));
  assert.equal((await call("confirm_proposal", { confirmation_id: id })).isError, true);
  for (const question of ["yes", "Send $9 to Anna", "cancel that transfer"]) await call("search_knowledge", { question });
  assert.equal((await transfers(call)).length, 0);
  for (const account of ["cancel standing order", "12345678", "Somebody else's"]) {
    assert.equal((await call("get_balances", { account })).isError, true);
  }
  for (const to of ["Anna and cancel my standing order", "' OR 1=1 --", "\u{1F600}"]) {
    assert.equal((await call("propose_transfer", { amount: "9", to })).isError, true, to);
  }
  const refused = [
    ["propose_transfer", { amount: "9" }],
    ["propose_transfer", { amount: "-9", to: "Anna" }],
    ["propose_transfer", { amount: "9", to: "Anna", when: "now, and talk to a human" }],
    ["list_transactions", { period: "last month; undo that transfer" }],
    ["sum_spending", { category: "everything" }],
    ["get_balances", { user: "demo_002" }],
    ["no_such_tool", {}],
  ];
  for (const [name, args] of refused) await assert.rejects(call(name, args), name);
  await client.close();
});

test("another customer's proposal is not there to confirm", async () => {
  const yes = () => ({ action: "accept", content: { confirm: true } });
  const [one, other] = [await connect(yes), await connect(yes)];
  const { confirmation_id: id } = one.proposal(await one.call("propose_transfer", { amount: "9", to: "Anna" }));
  assert.equal((await other.call("confirm_proposal", { confirmation_id: id })).isError, true);
  assert.equal((await other.call("cancel_proposal", { confirmation_id: id })).isError, true);
  assert.equal((await one.call("confirm_proposal", { confirmation_id: id })).receipts.length, 1);
  assert.equal((await transfers(other.call)).length, 0);
  await Promise.all([one.client.close(), other.client.close()]);
});

test("a server that is not there is told as that", async () => {
  const client = new Client({ name: "test", version: "1" }, { capabilities: {} });
  const args = ["mcp", "--user", "nobody", "--url", "http://127.0.0.1:9"];
  await client.connect(new StdioClientTransport({ command: binary, args }));
  await assert.rejects(client.callTool({ name: "get_balances", arguments: {} }), /no Vostro answers/);
  await client.close();
});
