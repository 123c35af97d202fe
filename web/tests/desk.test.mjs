/** The desk: a colleague takes over, writes, and gives back; the customer sees it in their page. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { composer, launch, say, shot, violations, visit } from "./browser.mjs";
import { server } from "./server.mjs";

const TOKEN = "a-token-of-the-desk-test";
let bank, browser;
before(async () => ([bank, browser] = await Promise.all([server({ VOSTRO__AUTH__ADMIN_TOKEN: TOKEN }), launch()])));
after(async () => {
  await browser?.close();
  await bank?.stop();
});

async function enter(page, token = TOKEN) {
  await page.getByLabel("Your name").fill("Anna");
  await page.getByLabel("Operators’ token").fill(token);
  await page.getByRole("button", { name: "Open the desk" }).click();
}

test("without the token the desk shows nothing", async () => {
  const { page } = await visit(browser, bank.url, { path: "/desk" });
  assert.deepEqual(await violations(page), []);
  await enter(page, "wrong");
  await page.getByRole("alert").getByText(/./).waitFor();
  assert.equal(await page.getByRole("region", { name: "Queue" }).count(), 0);
});

test("a conversation is taken over, answered and given back, and the customer sees each word", async () => {
  const customer = await visit(browser, bank.url);
  await say(customer.page, "What's my balance?");
  await say(customer.page, "I want to talk to a person");
  const desk = await visit(browser, bank.url, { path: "/desk" });
  await enter(desk.page);
  const entry = desk.page.getByRole("region", { name: "Queue" }).getByRole("button", { name: new RegExp(customer.user) });
  await entry.click();
  const open = desk.page.getByRole("region", { name: "Conversation" });
  await open.getByText("What's my balance?").first().waitFor();
  await shot(desk.page, "desk-waiting");
  assert.deepEqual(await violations(desk.page), []);
  await open.getByRole("button", { name: "Take over" }).click();
  const reply = open.getByRole("textbox", { name: "Reply to the customer" });
  await reply.fill("Hello, this is Anna from the bank.");
  await reply.press("Enter");
  const theirs = customer.page.getByRole("article", { name: "Colleague at the bank" });
  await theirs.getByText("Hello, this is Anna from the bank.").waitFor();
  assert.equal(await theirs.count(), 1);
  await composer(customer.page).fill("Thank you, my question is about fees");
  await composer(customer.page).press("Enter");
  await open.getByText("my question is about fees").waitFor();
  await shot(desk.page, "desk-claimed");
  assert.deepEqual(await violations(desk.page), []);
  await shot(customer.page, "customer-with-person");
  assert.deepEqual(await violations(customer.page), []);
  await customer.page.reload();
  await theirs.getByText("Hello, this is Anna from the bank.").waitFor();
  assert.equal(await theirs.count(), 1);
  await open.getByRole("button", { name: "Give back to the assistant" }).click();
  await open.getByText("Closed", { exact: true }).waitFor();
  await say(customer.page, "What's my balance?");
  await customer.page.getByRole("region", { name: "Balances" }).last().waitFor();
  assert.deepEqual([...customer.complaints, ...desk.complaints], []);
});
