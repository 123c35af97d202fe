/**
 * `<vostro-chat>`: the assistant on a bank's own site, in one line.
 *
 *     <script type="module" src="https://assistant.example.com/assets/vostro-chat.js"></script>
 *     <vostro-chat user-id="demo_001"></vostro-chat>
 *
 * A button at the corner opens the panel; with `inline` the panel fills the element and there is no button. The
 * server is the one that the script came from, unless `base-url` names another. Colours and type are set from
 * outside by `--vostro-…` properties (`chat/tokens.ts`); `color-scheme` chooses light or dark.
 */
import { VostroClient } from "@vostro/client";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";

import { Conversation } from "../chat/conversation.js";
import "../chat/thread.js";
import type { Thread } from "../chat/thread.js";
import { tokens } from "../chat/tokens.js";
import { icon } from "../cards/icons.js";
import { type Language, languageOf, type Strings, strings } from "../text/strings.js";

/** Where this script came from is where the server is. */
const HOME = new URL(import.meta.url).origin;
const STORED = "vostro.session";

export class Widget extends LitElement {
  static override styles = [
    tokens,
    css`
      :host { position: fixed; right: max(1.25rem, env(safe-area-inset-right)); bottom: max(1.25rem, env(safe-area-inset-bottom)); z-index: var(--vostro-z-index, 2147483000); }
      :host([inline]) { position: static; display: block; height: 100%; min-height: 24rem; }
      .launch { display: grid; place-items: center; width: 3.5rem; height: 3.5rem; border-radius: 50%; border: 0; background: var(--accent); color: var(--on-accent); box-shadow: var(--shadow); margin-left: auto; }
      .launch .icon { width: 1.625rem; height: 1.625rem; }
      .panel { display: grid; grid-template-rows: auto minmax(0, 1fr); width: min(25rem, calc(100vw - 2.5rem)); height: min(40rem, calc(100dvh - 7rem)); margin-bottom: .75rem; border-radius: var(--radius); border: 1px solid var(--line); overflow: hidden; background: var(--paper); box-shadow: 0 24px 64px -16px rgb(0 0 0 / 35%); }
      .panel[hidden] { display: none; }
      :host([inline]) .panel { width: 100%; height: 100%; margin: 0; box-shadow: none; }
      header { display: flex; align-items: center; gap: .5rem; padding: .5rem .5rem .5rem 1.125rem; border-bottom: 1px solid var(--line); }
      h2 { flex: 1; font: 600 1rem/1.3 var(--font); display: flex; gap: .5rem; align-items: center; }
      .ai { font-size: .6875rem; border: 1px solid var(--accent); color: var(--accent); border-radius: 6px; padding: .0625rem .3125rem; }
      .plain { border: 0; background: none; width: 2.5rem; height: 2.5rem; display: grid; place-items: center; border-radius: 50%; }
      .plain:hover { background: var(--tint); }
      @media (max-width: 30rem) {
        :host(:not([inline])) .panel { position: fixed; inset: 0; width: 100vw; height: 100dvh; margin: 0; border: 0; border-radius: 0; }
      }
    `,
  ];
  static override properties = {
    baseUrl: { attribute: "base-url" },
    userId: { attribute: "user-id" },
    token: {},
    language: {},
    inline: { type: Boolean, reflect: true },
    open: { type: Boolean, reflect: true },
    conversation: { state: true },
  };

  declare baseUrl: string;
  declare userId: string;
  declare token: string | undefined;
  declare language: string;
  declare inline: boolean;
  declare open: boolean;
  declare conversation: Conversation | undefined;

  constructor() {
    super();
    this.baseUrl = HOME;
    this.userId = "";
    this.language = "";
    this.inline = false;
    this.open = false;
  }

  get #language(): Language {
    return languageOf([this.language, document.documentElement.lang, ...navigator.languages].filter(Boolean));
  }

  get #words(): Strings {
    return strings(this.#language);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const isShown = this.open || this.inline;
    const isNew = changed.has("baseUrl") || changed.has("userId") || changed.has("token");
    if (isNew) {
      this.conversation?.close();
      this.conversation = undefined;
    }
    // Nothing is loaded before somebody opens the panel.
    if (!isShown || this.conversation || this.userId === "") return;
    const { baseUrl, userId, token } = this;
    const client = new VostroClient({ baseUrl, userId, ...(token ? { token } : {}) });
    this.conversation = new Conversation(client);
    this.conversation.addEventListener("reply", () => this.#remember());
    void this.conversation.open(this.#remembered());
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("open") && this.open) void this.#focus();
  }

  async #focus(): Promise<void> {
    const thread = this.renderRoot.querySelector<Thread>("vostro-thread");
    await thread?.updateComplete;
    thread?.focusComposer();
  }

  #remember(): void {
    try {
      sessionStorage.setItem(STORED, JSON.stringify([this.userId, this.conversation?.sessionId]));
    } catch {
      // Without storage a reload begins anew.
    }
  }

  #remembered(): string {
    try {
      const [user, session] = JSON.parse(sessionStorage.getItem(STORED) ?? "[]") as unknown[];
      return user === this.userId && typeof session === "string" ? session : "";
    } catch {
      return "";
    }
  }

  #toggle = (): void => {
    this.open = !this.open;
    if (!this.open) this.renderRoot.querySelector<HTMLButtonElement>(".launch")?.focus();
  };

  #onKey = (event: KeyboardEvent): void => {
    const isInDialog = event.composedPath().some((at) => at instanceof HTMLDialogElement);
    if (event.key === "Escape" && !this.inline && !isInDialog) this.#toggle();
  };

  override render(): TemplateResult {
    const words = this.#words;
    const isShown = this.open || this.inline;
    const launch = html`<button class="launch" aria-expanded=${this.open ? "true" : "false"} aria-label=${this.open ? words.closeChat : words.openChat}
      @click=${this.#toggle}>${icon(this.open ? "close" : "chat")}</button>`;
    return html`
      <section class="panel" ?hidden=${!isShown} aria-label=${words.assistant} lang=${this.#language} @keydown=${this.#onKey}>
        <header>
          <h2>${words.assistant}<span class="ai">${words.aiBadge}</span></h2>
          <button class="plain" aria-label=${words.talkToPerson} title=${words.talkToPerson}
            @click=${() => this.renderRoot.querySelector<Thread>("vostro-thread")?.say(words.talkToPersonMessage)}>${icon("person")}</button>
          ${this.inline ? nothing : html`<button class="plain" aria-label=${words.closeChat} @click=${this.#toggle}>${icon("close")}</button>`}
        </header>
        ${this.conversation
          ? html`<vostro-thread .conversation=${this.conversation} .language=${this.#language}></vostro-thread>`
          : nothing}
      </section>
      ${this.inline ? nothing : launch}
    `;
  }
}

customElements.define("vostro-chat", Widget);
