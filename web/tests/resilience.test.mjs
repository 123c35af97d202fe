/** What happens when things break: reload, a lost line, a server that is killed amid an answer, refusals. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { composer, lastReply, launch, say, shot, visit } from "./browser.mjs";
import { line, server } from "./server.mjs";

let bank, browser, wire;
before(async () => {
  [bank, browser] = await Promise.all([server(), launch()]);
  wire = await line(bank.port);
});
after(async () => {
  await browser?.close();
  await wire?.close();
  await bank?.stop();
});

const turnsOf = async (user) => {
  const list = await fetch(`${bank.url}/api/v1/conversations?user_id=${user}`).then((it) => it.json());
  const pages = list.conversations.map(({ session_id: id }) =>
    fetch(`${bank.url}/api/v1/conversations/${id}?user_id=${user}`).then((it) => it.json()),
  );
  return (await Promise.all(pages)).flatMap((page) => page.turns);
};

test("a reload shows the conversation as it was, and an open proposal can still be confirmed", async () => {
  const { page, complaints } = await visit(browser, wire.url);
  await say(page, "What's my balance?");
  await say(page, "Send $11 to Anna");
  await page.reload();
  await page.getByRole("region", { name: "Balances" }).waitFor();
  const card = page.getByRole("region", { name: /Confirm transfer/ });
  await card.getByRole("button", { name: /^Confirm/ }).click();
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  await page.reload();
  await card.getByText("Confirmed", { exact: true }).waitFor();
  assert.deepEqual(complaints, []);
});

test("an answer that breaks off midway goes on where it stopped", async () => {
  const { page, user } = await visit(browser, wire.url);
  wire.cutAfter(2);
  const reply = await say(page, "Show my recent transactions");
  await reply.getByRole("region", { name: "Transactions" }).waitFor();
  assert.equal((await turnsOf(user)).length, 1);
});

test("a server killed amid a confirmation: it is paid once, and the receipt is shown", async () => {
  const { page, user } = await visit(browser, wire.url);
  await say(page, "Send $13 to Anna");
  wire.cutAfter(1, async () => {
    await bank.kill();
    setTimeout(() => void bank.start(), 1_500);
  });
  await page.getByRole("region", { name: /Confirm transfer/ }).getByRole("button", { name: /^Confirm/ }).click();
  await page.getByText("Connection lost", { exact: false }).waitFor();
  await shot(page, "reconnecting");
  await page.getByRole("region", { name: "Transfer sent" }).waitFor({ timeout: 30_000 });
  const turns = await turnsOf(user);
  assert.equal(turns.length, 2);
  assert.equal(turns.flatMap((turn) => turn.reply.receipts).length, 1);
});

test("offline: the message is kept, said to be, and sent once when the line is back", async () => {
  const { page, context, user } = await visit(browser, wire.url);
  await say(page, "Hello");
  await context.setOffline(true);
  await page.getByText("You are offline", { exact: false }).waitFor();
  await composer(page).fill("What's my balance?");
  await composer(page).press("Enter");
  await shot(page, "offline");
  await context.setOffline(false);
  await page.getByRole("region", { name: "Balances" }).waitFor({ timeout: 30_000 });
  assert.equal((await turnsOf(user)).length, 2);
});

test("a reload while the answer is under way sends the same message again under its key", async () => {
  const { page, user } = await visit(browser, wire.url);
  await say(page, "Hello");
  // The answer is held back in the browser, so the turn is done and its reply never seen.
  await page.route("**/api/v1/chat", async (route) => {
    await route.fetch().catch(() => undefined);
    await new Promise(() => undefined);
  });
  await composer(page).fill("Show my saved payees");
  await composer(page).press("Enter");
  await page.waitForTimeout(1_500);
  assert.equal((await turnsOf(user)).length, 2);
  await page.unroute("**/api/v1/chat");
  await page.reload();
  await page.getByRole("region", { name: "Saved payees" }).first().waitFor();
  await lastReply(page);
  assert.equal((await turnsOf(user)).length, 2, "it had one effect");
});

test("a refusal is told in words, with a way to try again", async () => {
  const { page } = await visit(browser, wire.url);
  await page.route("**/api/v1/chat", (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify({ error: "ValidationError", detail: "`message` is too long", timestamp: 0 }),
    }),
  );
  await composer(page).fill("Hello");
  await composer(page).press("Enter");
  await page.getByRole("alert").getByText("is too long", { exact: false }).waitFor();
  await shot(page, "refused");
  await page.unroute("**/api/v1/chat");
  await page.getByRole("button", { name: "Try again" }).click();
  await lastReply(page);
  assert.equal(await page.getByRole("alert").count(), 0);
});
