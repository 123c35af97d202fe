/**
 * The tutorial, walked as it stands in docs/tutorial/: its commands in its order, its clicks and sentences. The binary
 * under test takes the place of the built one. With `VOSTRO_PACE_MS` it pauses so long at everything that is to be
 * read, and types like a person: that is how the tutorial's time was measured.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { composer, lastReply, launch, visit } from "./browser.mjs";
import { binary, server } from "./server.mjs";

const page = readFileSync(new URL("../../docs/tutorial/a-bank-in-ten-minutes.md", import.meta.url), "utf8");
const steps = page.split(/^## /m).slice(1);
const pace = Number(process.env["VOSTRO_PACE_MS"] ?? 0);
const read = () => pause(pace);
const token = /VOSTRO__AUTH__ADMIN_TOKEN=(\S+) make run/.exec(page)[1];

/** The commands of a step, without their prompt. */
const commands = (step) => [...steps[step - 1].matchAll(/^\$ (.*)$/gm)].map((match) => match[1]);

let browser, running, folder;
const settings = { VOSTRO__AUTH__ADMIN_TOKEN: token };
before(async () => {
  browser = await launch();
  running = await server(settings, async (made) => (folder = made));
});
after(async () => {
  await browser?.close();
  await running?.stop();
});

/** Runs a command of the tutorial in the server's folder, against the server's port. */
function run(command) {
  const here = command.replace("target/release/vostro", resolve(binary)).replace(":8000", `:${running.port}`);
  const env = { ...process.env, ...settings, VOSTRO__DATABASE__URL: `sqlite:${folder}/vostro.db` };
  const ran = spawnSync("bash", ["-c", here], { cwd: folder, env, encoding: "utf8" });
  assert.equal(ran.status, 0, `${command}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

async function type(page, text) {
  await composer(page).pressSequentially(text, { delay: pace > 0 ? 60 : 0 });
  const replies = await page.locator("article[aria-busy='false']").count();
  await composer(page).press("Enter");
  await page.locator("article[aria-busy='false']").nth(replies).waitFor();
  await read();
  return lastReply(page);
}

test("every step of the tutorial does what it says", async () => {
  const began = performance.now();
  assert.deepEqual(steps.slice(0, 6).map((step) => step[0]), ["1", "2", "3", "4", "5", "6"]);
  for (const command of commands(1)) assert.equal(command, "make run");
  const { page: bank } = await visit(browser, running.url, { user: "demo_001" });
  await read();

  const [, balance, spent, transfer] = /click through these: \*(.*)\* — \*(.*)\* — \*(.*)\*\./.exec(steps[1]);
  await (await type(bank, balance)).getByRole("region", { name: "Balances" }).waitFor();
  await (await type(bank, spent)).getByRole("region", { name: "Spending by category" }).waitFor();
  await type(bank, transfer);
  await bank.locator("[data-answer=confirm]").click();
  await bank.getByRole("region", { name: "Transfer sent" }).waitFor();
  await read();
  const answer = await type(bank, /Ask \*(.*)\* and open the source/.exec(steps[1])[1]);
  await answer.getByRole("list", { name: "Sources" }).getByRole("button").first().click();
  await bank.getByRole("dialog").locator("mark").waitFor();
  await read();
  await bank.keyboard.press("Escape");
  const secret = /Write \*(.*)\*, reload/.exec(steps[1])[1];
  await type(bank, secret);
  await bank.reload();
  await bank.getByText("***-**-****").first().waitFor();
  await read();

  await bank.getByRole("button", { name: "Talk to a person" }).click();
  await read();
  const desk = await browser.newPage();
  await desk.goto(`${running.url}/desk`);
  await desk.getByLabel("Your name").fill("anna");
  await desk.getByLabel("Operators’ token").fill(token);
  await desk.getByRole("button", { name: "Open the desk" }).click();
  await desk.getByRole("region", { name: "Queue" }).getByRole("button", { name: /demo_001/ }).first().click();
  const open = desk.getByRole("region", { name: "Conversation" });
  await open.getByRole("button", { name: "Take over" }).click();
  const words = open.getByRole("textbox", { name: "Reply to the customer" });
  await words.fill("Hello, this is Anna.");
  await words.press("Enter");
  await bank.getByRole("article", { name: "Colleague at the bank" }).getByText("Hello, this is Anna.").waitFor();
  await read();
  await open.getByRole("button", { name: "Give back to the assistant" }).click();
  await desk.getByRole("button", { name: "Insights" }).click();
  await desk.getByText("Containment", { exact: false }).first().waitFor();
  await read();

  const [, stop, approve] = commands(5);
  const asked = run(stop);
  const [id] = /apr_\w+/.exec(asked);
  run(approve.replace("apr_…", id));
  await read();
  const declined = await type(bank, transfer);
  assert.match(await declined.innerText(), /paused all transfers/);

  await running.kill();
  for (const command of commands(6)) run(command);
  await read();
  console.log(`walked in ${((performance.now() - began) / 1_000).toFixed(1)} s at a pace of ${pace} ms`);
});
