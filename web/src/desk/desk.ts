/**
 * `<vostro-desk>`: where the bank's colleagues take over conversations. The queue at the side, one conversation open.
 *
 * The operators' secret is asked for and kept in this tab's session storage only. Everything here comes from the
 * desk's endpoints, which know nothing but masked texts; the page asks again every few seconds while it is seen.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";

import { tokens } from "../chat/tokens.js";
import { icon } from "../cards/icons.js";
import { dayAndTime, words as named } from "../text/format.js";
import { type Briefing, type Detail, DeskApi, type HandOff, Refused, type Status } from "./api.js";
import "./insights.js";
import { deskStyles } from "./styles.js";

const STORED = "vostro.desk";
const AGAIN_MS = 3_000;
/** Priorities up to this one are shown as urgent. */
const URGENT_MAX = 1;
const VIEWS = ["conversations", "insights"] as const;
type View = (typeof VIEWS)[number];
const STATUSES: readonly Status[] = ["waiting", "claimed", "closed"];

export class Desk extends LitElement {
  static override styles = [tokens, deskStyles];
  static override properties = {
    api: { state: true },
    status: { state: true },
    queue: { state: true },
    detail: { state: true },
    briefing: { state: true },
    trouble: { state: true },
    isBusy: { state: true },
    view: { state: true },
  };

  declare api: DeskApi | undefined;
  declare status: Status;
  declare queue: readonly HandOff[];
  declare detail: Detail | undefined;
  declare briefing: Briefing | undefined;
  declare trouble: string;
  declare isBusy: boolean;
  declare view: View;
  #shown = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.status = "waiting";
    this.queue = [];
    this.trouble = "";
    this.isBusy = false;
    this.view = "conversations";
    const [token, by] = remembered();
    if (token && by) this.api = new DeskApi(token, by);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => document.hidden || void this.#refresh(), AGAIN_MS);
    void this.#refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  async #refresh(): Promise<void> {
    await this.#attempt(async (api) => {
      this.queue = await api.queue(this.status);
      const open = this.detail?.handoff.id;
      if (open) this.detail = await api.one(open);
    });
  }

  /** What was said last is seen, unless somebody reads further up. */
  override updated(): void {
    const talk = this.renderRoot.querySelector(".talk");
    const count = talk?.childElementCount ?? 0;
    if (talk && count !== this.#shown) talk.scrollTop = talk.scrollHeight;
    this.#shown = count;
  }

  /** Does something with the service; a refusal is shown, and a secret that is none is forgotten. */
  async #attempt(action: (api: DeskApi) => Promise<void>): Promise<boolean> {
    if (!this.api) return false;
    try {
      await action(this.api);
      this.trouble = "";
      return true;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      if (error instanceof Refused && (error.status === 401 || error.status === 403)) this.#leave();
      return false;
    }
  }

  async #order(action: (api: DeskApi) => Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    const isDone = await this.#attempt(async (api) => void (await action(api)));
    const trouble = this.trouble;
    await this.#refresh();
    this.trouble ||= trouble;
    this.isBusy = false;
    return isDone;
  }

  #enter = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const [token, by] = [String(fields.get("token") ?? "").trim(), String(fields.get("by") ?? "").trim()];
    if (token === "" || by === "") return;
    try {
      sessionStorage.setItem(STORED, JSON.stringify([token, by]));
    } catch {
      // Without storage the secret is asked for again after a reload.
    }
    this.api = new DeskApi(token, by);
    void this.#refresh();
  };

  #leave = (): void => {
    sessionStorage.removeItem(STORED);
    this.api = undefined;
    this.detail = undefined;
    this.queue = [];
  };

  #choose(status: Status): void {
    this.status = status;
    this.queue = [];
    void this.#refresh();
  }

  #open(id: string): void {
    this.briefing = undefined;
    const opened = this.#attempt(async (api) => void (this.detail = await api.one(id)));
    void opened.then(() => this.#brief(id));
  }

  /** A model's few sentences, which come when they come; the entry stands without them. */
  async #brief(id: string): Promise<void> {
    const briefing = await this.api?.briefing(id).catch(() => undefined);
    if (this.detail?.handoff.id === id) this.briefing = briefing;
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>(".reply textarea");
    const id = this.detail?.handoff.id;
    const text = field?.value.trim() ?? "";
    if (!field || !id || text === "") return;
    if (await this.#order((api) => api.reply(id, text))) field.value = "";
    field.focus();
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) void this.#send(event);
  };

  override render(): TemplateResult {
    return html`
      <header><h1>Vostro desk</h1>
        ${this.api
          ? html`<nav aria-label="Views">${VIEWS.map((view) => this.#viewButton(view))}</nav>
              <span class="soft by">${this.api.by}</span><button @click=${this.#leave}>Leave</button>`
          : nothing}</header>
      ${this.api ? this.#room(this.api) : html`<main class="door-room">${this.#door()}</main>`}
    `;
  }

  #viewButton(view: View): TemplateResult {
    return html`<button aria-pressed=${this.view === view ? "true" : "false"} @click=${() => (this.view = view)}>${named(view)}</button>`;
  }

  #room(api: DeskApi): TemplateResult {
    if (this.view === "insights") return html`<vostro-insights .api=${api} @refused=${this.#leave}></vostro-insights>`;
    return html`<main>${this.#queue()}${this.detail ? this.#detail(this.detail) : this.#nothing()}</main>`;
  }

  #door(): TemplateResult {
    return html`<form class="door" @submit=${this.#enter}>
      <h2>Conversations that wait for a person</h2>
      <label>Your name<input name="by" required maxlength="64" autocomplete="name"></label>
      <label>Operators’ token<input name="token" type="password" required autocomplete="off"></label>
      <p class="soft">The token is <code>auth.admin_token</code> of the server. It stays in this tab.</p>
      <div role="alert">${this.trouble ? html`<p class="trouble">${this.trouble}</p>` : nothing}</div>
      <button class="primary">Open the desk</button>
    </form>`;
  }

  #queue(): TemplateResult {
    const tab = (status: Status) => html`<button aria-pressed=${this.status === status ? "true" : "false"}
      @click=${() => this.#choose(status)}>${named(status)}</button>`;
    return html`<section class="queue" aria-label="Queue">
      <div class="tabs" role="group" aria-label="Which conversations">${STATUSES.map(tab)}</div>
      ${this.queue.length === 0 ? html`<p class="soft none">Nobody is ${this.status === "waiting" ? "waiting" : "here"}.</p>` : nothing}
      <ul>${this.queue.map((each) => this.#entry(each))}</ul>
    </section>`;
  }

  #entry(each: HandOff): TemplateResult {
    const isOpen = each.id === this.detail?.handoff.id;
    return html`<li><button class="entry" aria-current=${isOpen ? "true" : "false"} @click=${() => this.#open(each.id)}>
      <span class="line"><span class="strong">${named(each.reason)}</span>
        ${each.priority <= URGENT_MAX ? html`<span class="tag urgent">Urgent</span>` : nothing}</span>
      <span class="soft">${each.customer_id}</span>
      <span class="line soft"><span>${dayAndTime(new Date(each.opened_at), "en")}</span>
        <span>${each.colleague ?? `${each.messages} messages`}</span></span>
    </button></li>`;
  }

  #nothing(): TemplateResult {
    return html`<section class="empty" aria-label="Conversation"><h2>No conversation is open</h2><p>Choose one from the queue.</p></section>`;
  }

  #detail({ handoff, conversation, thread }: Detail): TemplateResult {
    const isMine = handoff.status === "claimed" && handoff.colleague === this.api?.by;
    const at = (time: string) => dayAndTime(new Date(time), "en");
    return html`<section class="detail" aria-label="Conversation">
      <div class="about">
        <div class="line"><h2>${named(handoff.reason)}</h2><span class="tag">${named(handoff.status)}</span></div>
        <dl>
          <div><dt>Customer</dt><dd>${handoff.customer_id}</dd></div>
          <div><dt>Reference</dt><dd>${handoff.id}</dd></div>
          ${summary(handoff.summary).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
        </dl>
        ${this.briefing?.sentences.length ? briefed(this.briefing) : nothing}
        <div class="orders">
          ${handoff.status === "waiting"
            ? html`<button class="primary" ?disabled=${this.isBusy} @click=${() => this.#order((api) => api.claim(handoff.id))}>Take over</button>`
            : nothing}
          ${isMine
            ? html`<button ?disabled=${this.isBusy} @click=${() => this.#order((api) => api.close(handoff.id, false))}>Resolved</button>
                <button ?disabled=${this.isBusy} @click=${() => this.#order((api) => api.close(handoff.id, true))}>Give back to the assistant</button>`
            : nothing}
        </div>
        <div role="alert">${this.trouble ? html`<p class="trouble">${this.trouble}</p>` : nothing}</div>
      </div>
      <div class="talk" role="log" aria-label="What was said" tabindex="0">
        ${said(conversation, thread).map(
          ({ by, text, at: time }) => html`<div class="say ${by}"><small>${named(by)} · ${at(time)}</small>${text}</div>`,
        )}
      </div>
      ${isMine
        ? html`<form class="reply" @submit=${this.#send}>
            <textarea rows="1" maxlength="4000" aria-label="Reply to the customer" placeholder="Write to the customer…" @keydown=${this.#onKey}></textarea>
            <button class="primary" ?disabled=${this.isBusy} aria-label="Send">${icon("send")}</button>
          </form>`
        : nothing}
    </section>`;
  }
}

/** What a model says the conversation was about, and of which turns. */
function briefed({ sentences, written_by: model }: Briefing): TemplateResult {
  const turns = (of: readonly number[]) => `(${of.length === 1 ? "turn" : "turns"} ${of.join(", ")})`;
  return html`<div class="briefing" role="note" aria-label="In short">
    <p>${sentences.map((each) => html`${each.text} <small class="soft">${turns(each.turns)}</small> `)}</p>
    <small class="soft">Written by the language model${model ? ` ${model}` : ""} from what was said below.</small>
  </div>`;
}

interface Said {
  readonly by: "customer" | "assistant" | "colleague";
  readonly text: string;
  readonly at: string;
}

/** What was said, in order. While a colleague has the conversation, the customer's words are in both records. */
function said(conversation: Detail["conversation"], thread: Detail["thread"]): Said[] {
  const turns = conversation.flatMap((turn): Said[] => [
    { by: "customer", text: turn.message, at: turn.at },
    ...(turn.reply ? [{ by: "assistant", text: turn.reply, at: turn.at } as const] : []),
  ]);
  const messages = thread
    .filter((each) => each.sender === "colleague" || !turns.some((turn) => turn.by === "customer" && turn.text === each.text))
    .map((each): Said => ({ by: each.sender === "colleague" ? "colleague" : "customer", text: each.text, at: each.at }));
  return [...turns, ...messages].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The summary's fields as words; what is nested is told flat. */
function summary(value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, value]): [string, string][] => {
    if (typeof value === "string" || typeof value === "number") return value === "" ? [] : [[named(name), String(value)]];
    return summary(value);
  });
}

function remembered(): string[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
    return Array.isArray(stored) ? stored.map(String) : [];
  } catch {
    return [];
  }
}

customElements.define("vostro-desk", Desk);
