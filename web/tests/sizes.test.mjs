/** What a browser loads stays small. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const dist = new URL("../dist/", import.meta.url);
const KB = 1_000;

test("the page has at most 60 KB, gzip", () => {
  const page = readFileSync(new URL("index.html", dist), "utf8");
  const files = [...page.matchAll(/"\/(assets\/[^"]+)"/g)].map((match) => match[1]);
  const bytes = ["index.html", ...files].map((file) => readFileSync(new URL(`${file}.gz`, dist)).length);
  const sum = bytes.reduce((a, b) => a + b, 0);
  console.log(`page: ${sum} bytes gzip in ${bytes.length} files`);
  assert.ok(files.length >= 3 && sum <= 60 * KB);
});


test("the widget has at most 25 KB, gzip, in one file", () => {
  const widget = readFileSync(new URL("assets/vostro-chat.js", dist), "utf8");
  const bytes = readFileSync(new URL("assets/vostro-chat.js.gz", dist)).length;
  console.log(`widget: ${bytes} bytes gzip`);
  assert.ok(bytes <= 25 * KB);
  assert.ok(!/\bimport\s*["{*]/.test(widget), "it loads nothing more");
});
