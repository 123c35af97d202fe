/** What people do wrong, on purpose: nothing, too much, twice, backwards, in two tabs. Nothing is lost and money moves once. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { composer, lastReply, launch, say, shot, violations, visit } from "./browser.mjs";
import { server } from "./server.mjs";

let bank, browser;
before(async () => ([bank, browser] = await Promise.all([server(), launch()])));
after(async () => {
  await browser?.close();
  await bank?.stop();
});

const opened = (options) => visit(browser, bank.url, options);
const confirm = (page) => page.locator("[data-answer=confirm]");

test("nothing, and 50,000 characters: neither is sent, and what was pasted is still there", async () => {
  const { page, complaints } = await opened();
  for (const text of ["", "   \n "]) {
    await composer(page).fill(text);
    await composer(page).press("Enter");
  }
  assert.equal(await page.locator("article").count(), 0);
  await composer(page).fill("x".repeat(50_000));
  await page.getByText("50000 characters, and a message has at most 10000").waitFor();
  await composer(page).press("Enter");
  assert.equal(await page.locator("article").count(), 0);
  assert.equal((await composer(page).inputValue()).length, 50_000);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  assert.deepEqual(await violations(page), []);
  await shot(page, "too-long");
  const reply = await say(page, "What's my balance?");
  await reply.getByRole("region", { name: "Balances" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("confirm pressed twice, and Enter held: one yes, one receipt", async () => {
  const { page, complaints } = await opened();
  await say(page, "Send $12 to Anna");
  await confirm(page).dblclick();
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  await lastReply(page);
  assert.equal(await page.getByRole("region", { name: "Transfer sent" }).count(), 1);
  assert.equal(await page.locator(".mine").filter({ hasText: "Yes" }).count(), 1);
  assert.deepEqual(complaints, []);
});

test("asked again, the older card points to where it is answered, and never says that it has expired", async () => {
  const { page, complaints } = await opened();
  await say(page, "Send $13 to Anna");
  await say(page, "What's my balance?");
  await say(page, "hmm, yes or no?");
  const cards = page.locator(".proposal");
  for (const text of await cards.allInnerTexts()) assert.doesNotMatch(text, /Expired/);
  assert.equal(await confirm(page).count(), 1);
  assert.deepEqual(complaints, []);
});

test("back out of a proposal and forward again: it is still there to be answered", async () => {
  const { page, complaints } = await opened();
  await say(page, "Send $14 to Anna");
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByText("How can I help with your money today?").waitFor();
  await page.goBack();
  await confirm(page).click();
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("one conversation in two tabs: the second takes in what the first did, and pays nothing twice", async () => {
  const { page, context, complaints } = await opened();
  await say(page, "Send $15 to Anna");
  const second = await context.newPage();
  await second.goto(page.url());
  await confirm(second).waitFor();
  await confirm(page).click();
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  await lastReply(page);
  // As when the person comes back to the tab.
  await second.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await second.getByRole("region", { name: "Transfer sent" }).waitFor();
  assert.equal(await confirm(second).count(), 0);
  const listed = await say(second, "Show my recent transactions");
  assert.equal(await listed.getByText("$15.00").count(), 1);
  assert.deepEqual(complaints, []);
});

test("a change of a record has its buttons too, and is made once", async () => {
  const { page, complaints } = await opened();
  await say(page, "Freeze my debit card");
  assert.deepEqual(await violations(page), []);
  await confirm(page).dblclick();
  await page.getByRole("region", { name: "Done" }).waitFor();
  await page.getByText("Confirmed", { exact: true }).waitFor();
  assert.equal(await confirm(page).count(), 0);
  await shot(page, "card-frozen");
  assert.deepEqual(complaints, []);
});
