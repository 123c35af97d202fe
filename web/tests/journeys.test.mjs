/** What customers do, by click and by keyboard, in a real browser against the real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { composer, lastReply, launch, say, shot, visit } from "./browser.mjs";
import { server } from "./server.mjs";

let bank, browser;
before(async () => ([bank, browser] = await Promise.all([server(), launch()])));
after(async () => {
  await browser?.close();
  await bank?.stop();
});

const opened = (options) => visit(browser, bank.url, options);

test("the first contact says that it is an AI, and offers where to begin", async () => {
  const { page, complaints } = await opened();
  await page.getByText("I’m an AI assistant", { exact: false }).waitFor();
  await page.getByRole("button", { name: "What’s my balance?" }).click();
  const reply = await lastReply(page);
  await reply.getByRole("region", { name: "Balances" }).getByText("Everyday Checking").waitFor();
  assert.match(await reply.getByRole("region", { name: "Balances" }).innerText(), /\$[\d,]+\.\d\d/);
  await shot(page, "balances");
  assert.deepEqual(complaints, []);
});

test("transactions and spending come as cards, once", async () => {
  const { page, complaints } = await opened();
  const listed = await say(page, "Show my recent transactions");
  const rows = listed.getByRole("region", { name: "Transactions" }).getByRole("listitem");
  assert.ok((await rows.count()) >= 3);
  assert.equal(await listed.getByText("Card purchase").count() > 0, true);
  assert.equal(await listed.locator(".text li").count(), 0, "the list of the text is the card");
  const spent = await say(page, "How much did I spend last month?");
  const card = spent.getByRole("region", { name: "Spending by category" });
  const bars = await card.locator("svg .fill").evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("width"))));
  assert.ok(bars.length >= 3 && bars[0] === 100);
  assert.deepEqual(bars, bars.toSorted((a, b) => b - a), "the largest first");
  await shot(page, "spending");
  assert.deepEqual(complaints, []);
});

test("a transfer is confirmed by its button, and done once", async () => {
  const { page, complaints, user } = await opened();
  await say(page, "Send $25 to Anna");
  const card = page.getByRole("region", { name: /Confirm transfer/ });
  for (const part of ["$25.00", "Everyday Checking", "Anna"]) assert.match(await card.innerText(), new RegExp(`\\${part}`));
  await shot(page, "transfer-proposed");
  await card.getByRole("button", { name: /^Confirm \$25/ }).click();
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  await card.getByText("Confirmed", { exact: true }).waitFor();
  assert.equal(await card.getByRole("button").count(), 0);
  assert.equal(await composer(page).evaluate((it) => it === it.getRootNode().activeElement), true, "the keyboard is in the composer");
  await shot(page, "transfer-sent");
  const found = await fetch(`${bank.url}/api/v1/conversations?user_id=${user}`).then((it) => it.json());
  assert.equal(found.conversations.length, 1);
  assert.deepEqual(complaints, []);
});

test("a bill is paid from the list, and another cancelled", async () => {
  const { page, complaints } = await opened();
  const bills = await say(page, "Show my bills");
  await shot(page, "bills");
  await bills.getByRole("button", { name: /^Pay / }).first().click();
  const card = page.getByRole("region", { name: /Confirm payment/ });
  await card.getByRole("button", { name: /^Confirm/ }).click();
  await page.getByRole("region", { name: "Bill paid" }).waitFor();
  await say(page, "Send $5 to Anna");
  const second = page.getByRole("region", { name: /Confirm transfer/ });
  await second.getByRole("button", { name: "Cancel" }).click();
  await second.getByText("Cancelled", { exact: true }).waitFor();
  assert.deepEqual(complaints, []);
});

test("an answer names its sources, and opens the passage with the quotation marked", async () => {
  const { page, complaints } = await opened();
  const reply = await say(page, "How do I transfer money?");
  assert.equal(await reply.getByText("Source:").count(), 0);
  const source = reply.getByRole("list", { name: "Sources" }).getByRole("button").first();
  await source.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.locator("mark").waitFor();
  assert.ok((await dialog.locator("mark").innerText()).length > 20);
  await shot(page, "passage");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await source.evaluate((it) => it === it.getRootNode().activeElement), true, "focus is back where it was");
  assert.deepEqual(complaints, []);
});

test("a person is one button away, from every conversation", async () => {
  const { page, complaints } = await opened();
  await page.getByRole("button", { name: "Talk to a person" }).click();
  await page.getByRole("region", { name: "A person will take over" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("everything is done by keyboard alone", async () => {
  const { page, complaints } = await opened();
  await page.waitForFunction(() => document.querySelector("vostro-app")?.shadowRoot?.querySelector("vostro-thread") !== null);
  await page.keyboard.type("Send $7 to Anna");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("please");
  await page.keyboard.press("Enter");
  const card = page.getByRole("region", { name: /Confirm transfer/ });
  await card.waitFor();
  // Backwards from the composer: the way out of a card's buttons, the last one first.
  for (let steps = 0; steps < 12; steps += 1) {
    await page.keyboard.press("Shift+Tab");
    const answer = await page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.getAttribute("data-answer");
    });
    if (answer === "confirm") break;
  }
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("Enter that picks a candidate of an input method sends nothing", async () => {
  const { page } = await opened();
  await composer(page).fill("にほん");
  await composer(page).evaluate((it) => {
    it.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }));
    it.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }));
  });
  await page.waitForTimeout(200);
  assert.equal(await page.locator("article").count(), 0);
  await composer(page).press("Enter");
  await page.locator("article").first().waitFor();
});

test("conversations are kept apart, listed, and open where they were left", async () => {
  const { page, complaints } = await opened();
  await say(page, "What's my balance?");
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByText("How can I help", { exact: false }).waitFor();
  await say(page, "Show my saved payees");
  const list = page.getByRole("navigation", { name: "Conversations" }).getByRole("button");
  await list.nth(1).waitFor();
  assert.equal(await list.count(), 2);
  await list.filter({ hasText: "What's my balance?" }).click();
  await page.getByRole("region", { name: "Balances" }).waitFor();
  assert.equal(await page.getByRole("region", { name: "Saved payees" }).count(), 0);
  await page.goBack();
  await page.getByRole("region", { name: "Saved payees" }).waitFor();
  await shot(page, "conversations");
  assert.deepEqual(complaints, []);
});

test("a reply's text is text: no element, link or image comes out of it", async () => {
  const { page, complaints } = await opened();
  await say(page, "<img src=x onerror=alert(1)> <b>bold</b> ![x](https://example.com/x.png)");
  assert.equal(await page.locator("article img, article b, article a, article script").count(), 0);
  assert.deepEqual(complaints, []);
});

test("Spanish: the interface follows, and keeps its choice", async () => {
  const { page, complaints } = await opened({ locale: "es-ES" });
  await page.getByText("Soy un asistente de IA", { exact: false }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "es");
  await page.getByRole("button", { name: "¿Cuál es mi saldo?" }).click();
  const card = page.getByRole("region", { name: "Saldos" });
  await card.waitFor();
  assert.match(await card.innerText(), /\d,\d\d/);
  await page.getByText("Ajustes").click();
  await page.getByRole("combobox", { name: "Idioma" }).selectOption("en");
  await page.reload();
  await page.getByRole("region", { name: "Balances" }).waitFor();
  await shot(page, "spanish-to-english");
  assert.deepEqual(complaints, []);
});
