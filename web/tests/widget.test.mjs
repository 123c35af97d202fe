/** The widget on a page of another origin, with the policy that such a page may have. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";

import { launch, shot, violations } from "./browser.mjs";
import { server } from "./server.mjs";

let site, bank, browser, origin;
before(async () => {
  site = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url, origin);
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; script-src ${bank.url}; connect-src ${bank.url}; img-src data:; style-src 'self'; require-trusted-types-for 'script'`,
    });
    response.end(`<!doctype html><html lang="${searchParams.get("lang") ?? "en"}"><head><meta charset="utf-8"><title>A bank's site</title>
      <link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1"></head>
      <body><main><h1>A bank's site</h1></main>
      <script type="module" src="${bank.url}/assets/vostro-chat.js"></script>
      <vostro-chat user-id="${searchParams.get("user")}" ${searchParams.get("more") ?? ""}></vostro-chat></body></html>`);
  });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  origin = `http://127.0.0.1:${site.address().port}`;
  const allowed = { VOSTRO__SERVER__ALLOWED_ORIGINS: `["${origin}"]` };
  [bank, browser] = await Promise.all([server(allowed), launch()]);
});
after(async () => {
  await browser?.close();
  await bank?.stop();
  site?.close();
});

async function visit(query, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const user = `widget_${Math.random().toString(36).slice(2)}`;
  await page.goto(`${origin}/?${new URLSearchParams({ user, ...query })}`);
  return { page, complaints };
}

test("one line brings the assistant to another site: open, ask, confirm, close, by keyboard", async () => {
  const { page, complaints } = await visit({});
  const launchButton = page.getByRole("button", { name: "Open the banking assistant" });
  await launchButton.focus();
  await page.keyboard.press("Enter");
  await page.getByText("I’m an AI assistant", { exact: false }).waitFor();
  await page.keyboard.type("Send $4 to Anna");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: /Confirm transfer/ }).getByRole("button", { name: /^Confirm/ }).click();
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  await shot(page, "widget");
  assert.deepEqual(await violations(page), []);
  await page.reload();
  await page.getByRole("button", { name: "Open the banking assistant" }).click();
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("I’m an AI assistant", { exact: false }).waitFor({ state: "hidden" });
  assert.deepEqual(complaints, []);
});

test("it speaks the site's language, follows its colours, and fills an element when told to", async () => {
  const { page, complaints } = await visit({ lang: "es", more: "inline" }, { colorScheme: "dark" });
  await page.getByText("Soy un asistente de IA", { exact: false }).waitFor();
  await page.locator("vostro-chat").evaluate((it) => it.style.setProperty("--vostro-accent", "rgb(200, 0, 120)"));
  const send = page.getByRole("button", { name: "Enviar" });
  await page.getByRole("textbox").fill("Hola");
  assert.equal(await send.evaluate((it) => getComputedStyle(it).backgroundColor), "rgb(200, 0, 120)");
  await shot(page, "widget-inline");
  assert.deepEqual(complaints, []);
});

test("on a phone it has the whole screen", async () => {
  const { page } = await visit({}, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await page.getByRole("button", { name: "Open the banking assistant" }).tap();
  await page.getByText("I’m an AI assistant", { exact: false }).waitFor();
  assert.equal(await page.locator("vostro-chat .panel").evaluate((it) => it.getBoundingClientRect().width), 390);
  await shot(page, "widget-phone");
  assert.deepEqual(await violations(page), []);
});
