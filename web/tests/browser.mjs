/** A browser for the tests: Debian's Chromium, offline but for the server under test, with everything it complains of kept. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const executablePath = process.env["VOSTRO_CHROMIUM"] ?? "/usr/bin/chromium";
const shots = process.env["VOSTRO_SHOTS"] ?? new URL("../../.cache/shots", import.meta.url).pathname;

export const launch = () =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A page of a fresh customer. `complaints` holds console errors and warnings, thrown errors, refused content. */
export async function visit(browser, url, { user = `web_${Math.random().toString(36).slice(2)}`, path = "/", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-US", ...options });
  await context.addInitScript((user) => {
    const stored = localStorage.getItem("vostro.preferences");
    if (stored === null) localStorage.setItem("vostro.preferences", JSON.stringify({ userId: user }));
  }, user);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  await page.goto(url + path);
  return { page, context, complaints, user };
}

export const composer = (page) => page.getByRole("textbox", { name: /Message to the assistant|Mensaje para el asistente/ });

/** The latest reply, once it is whole. */
export async function lastReply(page) {
  const reply = page.locator("article[aria-label='Assistant'], article[aria-label='Asistente']").last();
  await page.locator("article[aria-busy='true']").waitFor({ state: "detached" });
  return reply;
}

export async function say(page, text) {
  const replies = await page.locator("article[aria-busy='false']").count();
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await page.locator("article[aria-busy='false']").nth(replies).waitFor();
  return lastReply(page);
}

/** The longest motion of the styles is 280 ms. */
const motionEnds = (page) => page.waitForTimeout(350);

/** Violations of WCAG 2.2 A and AA and of the best practices, by id and place. */
export async function violations(page) {
  await motionEnds(page); // What still fades in has less contrast than it will have.
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.flat().join(" ")}`));
}

export async function shot(page, name) {
  await mkdir(shots, { recursive: true });
  await motionEnds(page);
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
