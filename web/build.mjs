/**
 * Builds what the binary carries into `dist/`: the pages with hashed files under `assets/`, the widget as one file
 * with a name that stays, and a gzip beside each. `dist/` itself stays, so that cargo always finds it.
 */
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const OUT = "dist";
const target = "es2022";

for (const name of await readdir(OUT)) {
  if (name !== ".gitignore") await rm(join(OUT, name), { recursive: true });
}

/** Takes the white space that means nothing out of styles and templates, which no minifier looks into. */
const tight = {
  name: "tight-templates",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith(".ts")) return undefined;
    const styles = code.replace(/\bcss`([^`$]*)`/g, (_, style) => {
      const short = style.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1");
      return `css\`${short.replace(/: /g, ":").replace(/;}/g, "}").trim()}\``;
    });
    // A line break with its indentation is one space, in markup as in code.
    const templates = styles.includes("html`") ? styles.replace(/(?<=[>}"`])\n\s+(?=[<$@?.\w])/g, "\n ") : styles;
    return { code: templates, map: null };
  },
};

const shared = { configFile: false, logLevel: "warn", resolve: { tsconfigPaths: true }, plugins: [tight] };
const pages = Object.entries({ page: "index.html", desk: "desk.html" }).filter(([, page]) => existsSync(page));
await build({
  ...shared,
  build: {
    target,
    outDir: OUT,
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    rollupOptions: { input: Object.fromEntries(pages) },
  },
});
await build({
  ...shared,
  publicDir: false,
  build: {
    target,
    outDir: OUT,
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    rollupOptions: { input: "src/widget/widget.ts", output: { entryFileNames: "assets/vostro-chat.js" } },
  },
});

const sizes = [];
for (const file of await readdir(OUT, { recursive: true, withFileTypes: true })) {
  const path = join(file.parentPath, file.name);
  if (!file.isFile() || !/\.(html|js|css|svg)$/.test(file.name)) continue;
  const bytes = await readFile(path);
  const packed = gzipSync(bytes, { level: 9 });
  await writeFile(`${path}.gz`, packed);
  sizes.push({ file: path, bytes: bytes.length, gzip: packed.length });
}
console.table(sizes.sort((a, b) => b.gzip - a.gzip));
