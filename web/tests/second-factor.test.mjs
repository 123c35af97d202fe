/** A code for a transfer in the browser: asked for in a field, never told what was wrong, never shown; over a reload. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { composer, lastReply, launch, say, shot, violations, visit } from "./browser.mjs";
import { binary, server } from "./server.mjs";

let browser;
let running;
let secret;
const settings = {
  VOSTRO__STEP_UP__KEY_FILE: "factor.key",
  VOSTRO__STEP_UP__ABOVE: "500.00",
  VOSTRO__DEMO__CUSTOMERS: "2",
};

before(async () => {
  browser = await launch();
  running = await server(settings, async (folder) => {
    writeFileSync(`${folder}/factor.key`, randomBytes(32).toString("hex"), { mode: 0o600 });
    const env = { ...process.env, ...settings, VOSTRO__DATABASE__URL: `sqlite:${folder}/vostro.db` };
    const run = (...args) => execFileSync(binary, args, { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] }).toString();
    run("seed");
    secret = /secret=([A-Z2-7]+)/.exec(run("customer", "totp", "enrol", "demo_001"))[1];
  });
});
after(async () => {
  await browser?.close();
  await running?.stop();
});

/** The code of this moment (RFC 6238). */
function code() {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  const key = Buffer.from(bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("a code is the yes: wrong ones move nothing and are told no reason, the right one counts", async () => {
  const { page, complaints } = await visit(browser, running.url, { user: "demo_001" });
  await say(page, "Send $600 to Anna");
  const field = () => page.getByLabel("Six-digit code from your authenticator app");
  assert.equal(await field().getAttribute("inputmode"), "numeric");
  assert.equal(await field().getAttribute("autocomplete"), "one-time-code");
  assert.deepEqual(await violations(page), []);
  await shot(page, "code-asked");

  const messages = () => page.locator("article").count();
  const count = await messages();
  for (const wrong of ["", "12", "12345a"]) {
    await field().fill(wrong);
    await page.keyboard.press("Enter");
  }
  assert.equal(await messages(), count, "what is no code is not sent");

  const right = code();
  await field().fill(right === "000000" ? "111111" : "000 000");
  await page.locator("[data-answer=confirm]").dblclick();
  await page.locator("article").nth(count + 1).waitFor();
  const refused = await lastReply(page);
  assert.match(await refused.innerText(), /was not accepted, and nothing was done/);
  assert.equal(await messages(), count + 2, "a double click is one try");
  assert.match(await page.locator(".mine").last().innerText(), /^•+$/);
  assert.equal(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), "{}", "a code is not kept");
  assert.deepEqual(await violations(page), []);
  await shot(page, "code-refused");

  await page.reload();
  await field().fill(code());
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Transfer sent" }).waitFor();
  assert.equal(await field().count(), 0);
  assert.deepEqual(complaints, []);
});

test("in Spanish, and no is a way out", async () => {
  const { page, complaints } = await visit(browser, running.url, { user: "demo_001", locale: "es-ES", path: "/" });
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem("vostro.preferences"));
    localStorage.setItem("vostro.preferences", JSON.stringify({ ...kept, language: "es" }));
  });
  await page.reload();
  await say(page, "Envía 700 dólares a Anna");
  await page.getByLabel("Código de seis cifras de su aplicación de autenticación").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Cancelar" }).click();
  await page.getByText("Cancelado", { exact: true }).waitFor();
  // Said in the composer, a code is not shown either.
  await say(page, "Envía 700 dólares a Anna");
  await composer(page).fill("000000");
  await composer(page).press("Enter");
  await page.getByText(/No se ha aceptado/).first().waitFor();
  assert.match(await page.locator(".mine").last().innerText(), /^•+$/);
  assert.deepEqual(complaints, []);
});
