/**
 * The client: one method an operation, and the retries that all of them share.
 *
 * Every message goes out with an `Idempotency-Key`, and a repetition keeps it: whatever breaks, a message
 * has one answer and a payment is made once. What is left to the caller: keeping conversations (`Chat`).
 */
import { errorOf, interrupted, unreachable, VostroError } from "./errors.js";
import { type ServerSentEvent, serverSentEvents } from "./sse.js";
import type {
  ChatEvent,
  ChatResponse,
  CheckResponse,
  Conversation,
  ConversationTurn,
  HandOff,
  SearchResponse,
  Statement,
} from "./types.js";

export interface ClientOptions {
  /** Where the concierge is, without a path; by default the page's own origin. */
  readonly baseUrl?: string;
  /** Who speaks (in the sandbox; else the credential says it). */
  readonly userId: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  /** How often a request is sent at most; 6 by default, over about half a minute. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled each time, up to 8 seconds. 500 by default. */
  readonly backoffMs?: number;
  /** For tests, and for runtimes that bring their own. */
  readonly fetch?: typeof fetch;
}

export interface MessageOptions {
  /** The conversation to go on with; without one, a new one begins. */
  readonly sessionId?: string | undefined;
  /** Names this message for repetitions; a random UUID by default. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told before each further attempt, with what was in its way. */
  readonly onRetry?: ((error: VostroError) => void) | undefined;
}

const BACKOFF_MS_MAX = 8_000;

export class VostroClient {
  readonly userId: string;
  readonly #base: string;
  readonly #options: ClientOptions;
  readonly #attempts: number;

  constructor(options: ClientOptions) {
    this.userId = options.userId;
    this.#base = (options.baseUrl ?? "").replace(/\/+$/, "");
    this.#options = options;
    this.#attempts = Math.max(1, options.attempts ?? 6);
  }

  /** Sends a message and waits for the whole reply. */
  async send(message: string, options: MessageOptions = {}): Promise<ChatResponse> {
    const key = options.idempotencyKey ?? crypto.randomUUID();
    const response = await this.#persist(options, () => this.#post(message, key, options, "application/json"));
    return (await response.json()) as ChatResponse;
  }

  /**
   * Sends a message and gives its answer as it is made; the last event is `done` with the whole reply.
   * A stream that breaks off is resumed after the last event that was seen, also over a restart of the service.
   */
  async *stream(message: string, options: MessageOptions = {}): AsyncGenerator<ChatEvent, void, void> {
    const key = options.idempotencyKey ?? crypto.randomUUID();
    const seen = new Seen();
    let isDone = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await this.#open(message, key, options, seen);
        // Nothing further to resume, yet no end was seen: the answer is asked for as a whole.
        if (response.status === 204 || response.body === null) throw seen.forget();
        for await (const event of serverSentEvents(response.body)) {
          if (event.event === "error") throw failureOf(event);
          const wasRestarted = seen.isOtherTurn(event.id);
          if (!seen.take(event.id)) continue;
          if (wasRestarted) yield { type: "restart", data: null };
          yield { type: event.event, data: JSON.parse(event.data) } as ChatEvent;
          isDone ||= event.event === "done";
        }
        if (isDone) return;
        throw interrupted();
      } catch (cause) {
        if (isDone) return;
        await this.#wait(attempt, cause, options);
      }
    }
  }

  /** The customer's conversations, the latest first. */
  async conversations(limit = 50): Promise<Conversation[]> {
    const body = await this.#get<{ conversations: Conversation[] }>("/api/v1/conversations", { limit });
    return body.conversations;
  }

  /** The turns of a conversation, the oldest first. What the customer said comes with personal data masked. */
  async conversation(sessionId: string, after = 0): Promise<ConversationTurn[]> {
    const path = `/api/v1/conversations/${encodeURIComponent(sessionId)}`;
    const body = await this.#get<{ turns: ConversationTurn[] }>(path, { after });
    return body.turns;
  }

  /** How a conversation stands with the bank's people, and their messages after one; 404 when it was never handed off. */
  handoff(sessionId: string, after = 0): Promise<HandOff> {
    return this.#get("/api/v1/chat/handoff", { session_id: sessionId, after });
  }

  /** A page of a month's statement; `month` is `yyyy-mm`. */
  statement(accountId: string, month: string, after?: number): Promise<Statement> {
    const path = `/api/v1/accounts/${encodeURIComponent(accountId)}/statements/${encodeURIComponent(month)}`;
    return this.#get(path, after === undefined ? {} : { after });
  }

  /** Passages of the bank's knowledge base. */
  search(query: string, limit = 5): Promise<SearchResponse> {
    return this.#json("/api/v1/rag/search", { query, limit });
  }

  /** What the guardrails make of a text. */
  check(text: string, direction?: "input" | "output" | "document"): Promise<CheckResponse> {
    return this.#json("/api/v1/guardrails/check", direction === undefined ? { text } : { text, direction });
  }

  #open(message: string, key: string, options: MessageOptions, seen: Seen): Promise<Response> {
    if (seen.turn === "") return this.#post(message, key, options, "text/event-stream");
    const path = `/api/v1/chat/${encodeURIComponent(seen.turn)}/events?user_id=${encodeURIComponent(this.userId)}`;
    const headers = { accept: "text/event-stream", "last-event-id": `${seen.turn}.${seen.number}` };
    return this.#fetch(path, { headers, signal: options.signal ?? null }).catch((cause: unknown) => {
      // The turn was lost with its process before it was recorded: it is carried out afresh.
      if (cause instanceof VostroError && cause.status === 404) throw seen.forget();
      throw cause;
    });
  }

  #post(message: string, key: string, options: MessageOptions, accept: string): Promise<Response> {
    const body = { message, session_id: options.sessionId ?? "", user_id: this.userId };
    return this.#fetch("/api/v1/chat", {
      method: "POST",
      headers: { accept, "content-type": "application/json", "idempotency-key": `"${key}"` },
      body: JSON.stringify(body),
      signal: options.signal ?? null,
    });
  }

  async #json<T>(path: string, body: unknown): Promise<T> {
    const headers = { accept: "application/json", "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await this.#persist({}, () => this.#fetch(path, request));
    return (await response.json()) as T;
  }

  async #get<T>(path: string, query: Record<string, string | number>): Promise<T> {
    const parameters = new URLSearchParams({ user_id: this.userId });
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    const request = { headers: { accept: "application/json" } };
    const response = await this.#persist({}, () => this.#fetch(`${path}?${parameters}`, request));
    return (await response.json()) as T;
  }

  async #fetch(path: string, request: RequestInit): Promise<Response> {
    const { token, fetch: send = globalThis.fetch } = this.#options;
    const headers = new Headers(request.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    let response: Response;
    try {
      response = await send(this.#base + path, { ...request, headers });
    } catch (cause) {
      throw request.signal?.aborted ? cause : unreachable(cause);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  async #persist(options: MessageOptions, ask: () => Promise<Response>): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask();
      } catch (cause) {
        await this.#wait(attempt, cause, options);
      }
    }
  }

  /** Waits for the next attempt, or throws what cannot be mended by one. */
  async #wait(attempt: number, cause: unknown, { signal, onRetry }: MessageOptions): Promise<void> {
    if (signal?.aborted) throw cause;
    const error = cause instanceof VostroError ? cause : interrupted(cause);
    if (attempt >= this.#attempts || !error.isPassing) throw error;
    onRetry?.(error);
    const backoff = Math.min((this.#options.backoffMs ?? 500) * 2 ** (attempt - 1), BACKOFF_MS_MAX);
    const jittered = backoff * (0.75 + Math.random() / 2);
    await pause(Math.max(jittered, (error.retryAfter ?? 0) * 1_000), signal);
  }
}

/** How far a stream has been read: `<turn>.<number>`. */
class Seen {
  turn = "";
  number = 0;
  #before = "";

  /** Whether an event is new; it counts as seen then. An event without an id is always new. */
  take(id: string): boolean {
    const [turn, number] = split(id);
    if (turn === "") return true;
    if (turn === this.turn && number <= this.number) return false;
    this.turn = turn;
    this.number = number;
    this.#before = "";
    return true;
  }

  isOtherTurn(id: string): boolean {
    const [turn] = split(id);
    return turn !== "" && this.#before !== "";
  }

  /** Begins from the start, and gives the error that says why. */
  forget(): VostroError {
    this.#before = this.turn;
    this.turn = "";
    this.number = 0;
    return interrupted();
  }
}

function split(id: string): [string, number] {
  const dot = id.lastIndexOf(".");
  const number = Number.parseInt(id.slice(dot + 1), 10);
  return dot > 0 && Number.isFinite(number) ? [id.slice(0, dot), number] : ["", 0];
}

function failureOf(event: ServerSentEvent): VostroError {
  const told = JSON.parse(event.data) as { status?: number; error?: string; detail?: string };
  return new VostroError(told.status ?? 500, told.error ?? "InternalError", told.detail ?? "the turn failed");
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason ?? new DOMException("aborted", "AbortError"));
    }
    signal?.addEventListener("abort", stop, { once: true });
  });
}
