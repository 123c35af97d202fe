/** A server of the real binary over a store of its own, and a line to it that can be cut. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export const binary = process.env["VOSTRO_BIN"] ?? new URL("../../target/debug/vostro", import.meta.url).pathname;

/** Three free ports in a row: the roles' ports follow each other. Below those that the system gives to connections. */
async function freePorts() {
  for (let tries = 0; tries < 50; tries += 1) {
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await Promise.all([0, 1, 2].map((more) => isFree(first + more)));
    if (free.every(Boolean)) return first;
  }
  throw new Error("no three free ports in a row");
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Starts a server; `stop` and `start` again keep its port and its data. `before` prepares its folder. */
export async function server(settings = {}, before = async () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "vostro-web-"));
  const port = await freePorts();
  await before(folder);
  let child;
  const running = {
    port,
    url: `http://127.0.0.1:${port}`,
    async start() {
      child = spawn(binary, ["serve", "--port", String(port), "--database-url", `sqlite:${folder}/vostro.db`], {
        cwd: folder,
        env: { ...process.env, VOSTRO__LOG__FILTER: "error", ...settings },
        stdio: ["ignore", "ignore", "inherit"],
      });
      for (let tries = 0; tries < 300; tries += 1) {
        const ready = await fetch(`${running.url}/ready`).catch(() => undefined);
        if (ready?.ok) return running;
        if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
        await pause(100);
      }
      throw new Error("the server does not get ready");
    },
    /** As a crash: no time to finish anything. */
    async kill() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  return running.start();
}

/** A line to a server. `cutAfter(n, then)` lets n events of the next stream pass and breaks it off. */
export async function line(to) {
  let cut;
  const proxy = http.createServer((request, response) => {
    const { method, url, headers } = request;
    const onward = http.request({ host: "127.0.0.1", port: to, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      const isStream = answer.headers["content-type"]?.startsWith("text/event-stream");
      if (!cut || !isStream) return void answer.pipe(response);
      const { events, then } = cut;
      cut = undefined;
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", async () => {
        const text = Buffer.concat(parts).toString();
        const passed = text.split("\n\n").slice(0, events).map((event) => `${event}\n\n`).join("");
        // The headers and these events are out before the line breaks.
        response.write(passed, async () => {
          await then();
          response.destroy();
        });
      });
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    cutAfter: (events, then = async () => {}) => (cut = { events, then }),
    async close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
