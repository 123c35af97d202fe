/**
 * One conversation with the server: sends, receives, keeps what could not be sent, and tells who watches.
 *
 * A message that is under way is remembered in the tab's session storage with its key, so that a reload sends
 * it again under the same key and gets the same answer.
 */
import { type VostroClient, VostroError } from "@vostro/client";

import {
  after,
  emptyReply,
  fromPeople,
  type Item,
  recorded,
  type ReplyItem,
  type UserItem,
  wasHandedOff,
} from "./model.js";

interface Unanswered {
  readonly id: string;
  readonly text: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly at: number;
}

const STORED = "vostro.unanswered";
/** How often a person's words are looked for, once one was called. */
const LOOK_MS = 4_000;

/** How a conversation tells of itself: `change` on every change, `reply` once when a reply is whole. */
export class Conversation extends EventTarget {
  items: readonly Item[] = [];
  sessionId = "";
  state: "idle" | "loading" | "answering" | "reconnecting" = "idle";
  loadError = "";
  #abort = new AbortController();
  #people: ReturnType<typeof setTimeout> | undefined;
  #seenOfPeople = 0;
  #reference = "";

  constructor(readonly client: VostroClient) {
    super();
  }

  get isBusy(): boolean {
    return this.state !== "idle";
  }

  /** Loads a recorded conversation, and goes on with a message that a reload interrupted. */
  async open(sessionId: string): Promise<void> {
    this.sessionId = sessionId;
    if (sessionId !== "") {
      this.#set("loading");
      try {
        const turns = await this.client.conversation(sessionId);
        this.items = recorded(turns);
        this.loadError = "";
        await this.#lookForPeople();
      } catch (error) {
        const isGone = error instanceof VostroError && (error.status === 404 || error.status === 403);
        if (isGone) this.sessionId = "";
        else this.loadError = error instanceof VostroError ? error.detail : String(error);
      }
    }
    this.#set("idle");
    const left = unanswered();
    if (left && left.userId === this.client.userId && left.sessionId === sessionId) {
      const item: UserItem = { kind: "user", id: left.id, text: left.text, at: left.at, state: "sending" };
      this.items = [...this.items, item];
      await this.#exchange(item);
    }
  }

  /** Sends a message. Only one is under way at a time; the composer waits. */
  async send(text: string, isSecret = false): Promise<void> {
    const trimmed = text.trim();
    if (trimmed === "" || this.isBusy) return;
    const item: UserItem = { kind: "user", id: newId(), text: trimmed, at: Date.now(), state: "sending", isSecret };
    this.items = [...this.items, item];
    await this.#exchange(item);
  }

  /** Sends a message that failed again, under its own key. */
  async retry(id: string): Promise<void> {
    const item = this.items.find((item): item is UserItem => item.kind === "user" && item.id === id);
    if (item === undefined || this.isBusy) return;
    await this.#exchange(item);
  }

  /** Goes on with what failed, once the network is back; but not with a code, whose time is over. */
  async retryFailed(): Promise<void> {
    const failed = this.items.find((item) => item.kind === "user" && item.state === "failed" && !item.isSecret);
    if (failed) await this.retry(failed.id);
  }

  /** Takes in what was said in this conversation elsewhere, such as in another tab. */
  async refresh(): Promise<void> {
    if (this.isBusy || this.sessionId === "") return;
    const turns = await this.client.conversation(this.sessionId).catch(() => []);
    const isReply = (item: Item): item is ReplyItem => item.kind === "reply";
    const known = this.items.filter((item) => isReply(item) && item.by === "assistant");
    if (this.isBusy || turns.length <= known.length) return;
    const people = this.items.filter((item) => isReply(item) && item.by === "person");
    const unsent = this.items.filter((item) => item.kind === "user" && item.state === "failed");
    this.items = [...[...recorded(turns), ...people].sort((a, b) => a.at - b.at), ...unsent];
    this.#set("idle");
    void this.#lookForPeople();
  }

  /** Stops listening; what the server works on goes on there. */
  close(): void {
    this.#abort.abort();
    clearTimeout(this.#people);
  }

  async #exchange(message: UserItem): Promise<void> {
    const left = { id: message.id, text: message.text, sessionId: this.sessionId, userId: this.client.userId };
    if (!message.isSecret) remember({ ...left, at: message.at });
    this.#replace({ ...message, state: "sending" });
    this.#set("answering");
    let reply = emptyReply(`${message.id}-reply`, Date.now());
    this.items = [...this.items.filter((item) => item.id !== reply.id), reply];
    try {
      const options = { sessionId: this.sessionId, idempotencyKey: message.id, signal: this.#abort.signal };
      const onRetry = () => this.#set("reconnecting");
      for await (const event of this.client.stream(message.text, { ...options, onRetry })) {
        this.state = "answering";
        reply = after(reply, event);
        if (event.type === "done") this.sessionId = event.data.session_id;
        this.#replace(reply);
      }
      remember(undefined);
      this.#replace({ ...message, state: "sent" });
      this.#set("idle");
      this.dispatchEvent(new CustomEvent<ReplyItem>("reply", { detail: reply }));
      void this.#lookForPeople();
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const wasRefused = error instanceof VostroError && !error.isPassing;
      if (wasRefused) remember(undefined);
      this.items = this.items.filter((item) => item.id !== reply.id);
      const said = error instanceof VostroError && error.status !== 0 ? { error: error.detail } : {};
      this.#replace({ ...message, state: "failed", ...said });
      this.#set("idle");
    }
  }

  /** Takes in what a colleague wrote, and looks again while the conversation is with people. */
  async #lookForPeople(): Promise<void> {
    clearTimeout(this.#people);
    if (this.#abort.signal.aborted || this.sessionId === "" || !wasHandedOff(this.items)) return;
    let isOver = false;
    try {
      const found = await this.client.handoff(this.sessionId, this.#seenOfPeople);
      if (found.reference !== this.#reference) {
        // A thread of its own, counted from its start.
        const wasBehind = this.#seenOfPeople > 0;
        this.#reference = found.reference;
        this.#seenOfPeople = 0;
        if (wasBehind) return void this.#lookForPeople();
      }
      isOver = found.status === "closed";
      this.#seenOfPeople = Math.max(this.#seenOfPeople, ...found.messages.map((message) => message.number));
      const theirs = fromPeople(found.messages);
      if (theirs.length > 0) {
        const all = [...this.items, ...theirs];
        // What is loaded has the server's times; what is typed now has this device's.
        this.items = this.state === "loading" ? all.sort((a, b) => a.at - b.at) : all;
        this.dispatchEvent(new Event("change"));
        for (const item of theirs) this.dispatchEvent(new CustomEvent<ReplyItem>("reply", { detail: item }));
      }
    } catch {
      // Asked again: nothing is lost, the thread is on the server.
    }
    if (!isOver && !this.#abort.signal.aborted) this.#people = setTimeout(() => void this.#lookForPeople(), LOOK_MS);
  }

  #replace(changed: Item): void {
    this.items = this.items.map((item) => (item.id === changed.id ? changed : item));
    this.dispatchEvent(new Event("change"));
  }

  #set(state: Conversation["state"]): void {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

/** A random UUID, also where the page is served over plain HTTP and `randomUUID` is not there. */
function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function remember(left: Unanswered | undefined): void {
  try {
    if (left) sessionStorage.setItem(STORED, JSON.stringify(left));
    else sessionStorage.removeItem(STORED);
  } catch {
    // Without storage a reload does not go on with the message; nothing else changes.
  }
}

function unanswered(): Unanswered | undefined {
  try {
    const left = JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Unanswered | null;
    return left ?? undefined;
  } catch {
    return undefined;
  }
}
