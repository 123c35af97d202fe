/**
 * Builds what the binary carries into `dist/`: the page with hashed files under `assets/`, the widget as one file
 * with a name that stays, and a gzip beside each. `dist/` itself stays, so that cargo always finds it.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const OUT = "dist";
const target = "es2022";

for (const name of await readdir(OUT)) {
  if (name !== ".gitignore") await rm(join(OUT, name), { recursive: true });
}

const shared = { configFile: false, logLevel: "warn", resolve: { tsconfigPaths: true } };
await build({
  ...shared,
  build: {
    target,
    outDir: OUT,
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { page: "index.html" } },
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
