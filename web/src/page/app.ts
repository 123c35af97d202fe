/**
 * `<vostro-app>`: the customer's page. Conversations at the side, one of them open, and the settings.
 *
 * Which conversation is open stands in the address (`#c/<session>`), so that reload, back and a second tab work.
 */
import { type Conversation as Listed, VostroClient } from "@vostro/client";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ref, createRef } from "lit/directives/ref.js";

import { Conversation } from "../chat/conversation.js";
import "../chat/thread.js";
import type { Thread } from "../chat/thread.js";
import { tokens } from "../chat/tokens.js";
import { icon } from "../cards/icons.js";
import { dayAndTime } from "../text/format.js";
import { type Language, type Strings, strings } from "../text/strings.js";
import { type PageStrings, pageStrings } from "./strings.js";
import { preferences, type Preferences } from "./preferences.js";
import { pageStyles } from "./styles.js";

export class App extends LitElement {
  static override styles = [tokens, pageStyles];
  static override properties = {
    conversation: { state: true },
    listed: { state: true },
    preferences: { state: true },
    isMenuOpen: { state: true },
  };

  declare conversation: Conversation;
  declare listed: readonly Listed[];
  declare preferences: Preferences;
  declare isMenuOpen: boolean;
  #client: VostroClient;
  #thread = createRef<Thread>();

  constructor() {
    super();
    this.preferences = preferences.read();
    this.listed = [];
    this.isMenuOpen = false;
    this.#client = new VostroClient({ userId: this.preferences.userId });
    this.conversation = new Conversation(this.#client);
    preferences.apply(this.preferences);
  }

  get #words(): Strings & PageStrings {
    const { language } = this.preferences;
    return { ...strings(language), ...pageStrings(language) };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#onAddress);
    this.#show(sessionInAddress());
    void this.#list();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#onAddress);
  }

  override firstUpdated(): void {
    if (matchMedia("(hover: hover)").matches) void this.#focus();
  }

  async #focus(): Promise<void> {
    await this.updateComplete;
    await this.#thread.value?.updateComplete;
    this.#thread.value?.focusComposer();
  }

  #onAddress = (): void => {
    if (sessionInAddress() !== this.conversation.sessionId) this.#show(sessionInAddress());
  };

  #show(sessionId: string): void {
    this.conversation.removeEventListener("reply", this.#onReply);
    this.conversation.close();
    this.conversation = new Conversation(this.#client);
    this.conversation.addEventListener("reply", this.#onReply);
    void this.conversation.open(sessionId);
  }

  #onReply = (): void => {
    const address = `#c/${this.conversation.sessionId}`;
    if (location.hash !== address) history.replaceState(null, "", address);
    void this.#list();
  };

  async #list(): Promise<void> {
    try {
      this.listed = await this.#client.conversations();
    } catch {
      // The list is a convenience; the conversation itself says when the server is away.
    }
  }

  #begin = (): void => {
    history.pushState(null, "", location.pathname);
    this.#show("");
    this.#closeMenu();
    void this.#focus();
  };

  #choose(sessionId: string): void {
    location.hash = `c/${sessionId}`;
    this.#closeMenu();
    void this.#focus();
  }

  #change(change: Partial<Preferences>): void {
    const userChanged = change.userId !== undefined && change.userId !== this.preferences.userId;
    this.preferences = { ...this.preferences, ...change };
    preferences.write(this.preferences);
    if (!userChanged) return;
    this.#client = new VostroClient({ userId: this.preferences.userId });
    this.listed = [];
    this.#begin();
    void this.#list();
  }

  get #menu(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #openMenu = (): void => {
    this.isMenuOpen = true;
    this.#menu?.showModal();
  };

  #closeMenu = (): void => this.#menu?.close();

  override render(): TemplateResult {
    const words = this.#words;
    return html`
      <nav aria-label=${words.skip} class="skips"><button class="skip" @click=${() => this.#thread.value?.focusComposer()}>${words.skip}</button></nav>
      <aside class="side" aria-label=${words.conversations}>${this.#side()}</aside>
      <dialog class="drawer" aria-label=${words.conversations} @close=${() => (this.isMenuOpen = false)} @click=${this.#onBackdrop}>
        ${this.isMenuOpen
          ? html`<button class="plain drawer-close" aria-label=${words.closeMenu} @click=${this.#closeMenu}>${icon("close")}</button>${this.#side()}`
          : nothing}
      </dialog>
      <main>
        <header>
          <button class="plain menu" aria-label=${words.openMenu} aria-haspopup="dialog" @click=${this.#openMenu}>${icon("menu")}</button>
          <h1><span class="name">Vostro</span><span class="hidden">: </span><span class="soft">${words.assistant}</span>
            <span class="ai">${words.aiBadge}</span></h1>
          <button class="person" @click=${() => this.#thread.value?.say(words.talkToPersonMessage)}>
            ${icon("person")}<span>${words.talkToPerson}</span></button>
        </header>
        <vostro-thread ${ref(this.#thread)} .conversation=${this.conversation} .language=${this.preferences.language}></vostro-thread>
      </main>
    `;
  }

  #onBackdrop = (event: Event): void => {
    if (event.target === this.#menu) this.#closeMenu();
  };

  #side(): TemplateResult {
    const words = this.#words;
    return html`<div class="side-in">
      <p class="brand"><span class="seal">${icon("bank")}</span>Vostro</p>
      <button class="begin" @click=${this.#begin}>${icon("plus")}${words.newConversation}</button>
      <nav aria-label=${words.conversations}>
        <h2 class="eyebrow">${words.conversations}</h2>
        ${this.listed.length === 0 ? html`<p class="soft none">${words.noConversations}</p>` : nothing}
        <ul>${this.listed.map((each) => this.#entry(each))}</ul>
      </nav>
      ${this.#settings()}
    </div>`;
  }

  #entry(listed: Listed): TemplateResult {
    const isOpen = listed.session_id === this.conversation.sessionId;
    return html`<li><button class="entry" aria-current=${isOpen ? "true" : nothing} @click=${() => this.#choose(listed.session_id)}>
      <span class="title">${listed.title}</span>
      <span class="soft">${dayAndTime(new Date(listed.last_seen_at * 1_000), this.preferences.language)}</span>
    </button></li>`;
  }

  #settings(): TemplateResult {
    const words = this.#words;
    const { theme, language, userId } = this.preferences;
    const option = (value: string, name: string, chosen: string) =>
      html`<option value=${value} ?selected=${value === chosen}>${name}</option>`;
    const value = (event: Event) => (event.currentTarget as HTMLSelectElement | HTMLInputElement).value;
    return html`<details class="settings"><summary>${words.settings}<span class="soft">${userId}</span></summary>
      <label>${words.theme}<select @change=${(event: Event) => this.#change({ theme: value(event) as Preferences["theme"] })}>
        ${option("auto", words.themeAuto, theme)}${option("light", words.themeLight, theme)}${option("dark", words.themeDark, theme)}
      </select></label>
      <label>${words.language}<select @change=${(event: Event) => this.#change({ language: value(event) as Language })}>
        ${option("en", "English", language)}${option("es", "Español", language)}
      </select></label>
      <label>${words.demoCustomer}<input .value=${userId} maxlength="128" autocomplete="off" spellcheck="false"
        @change=${(event: Event) => this.#change({ userId: value(event).trim() || userId })}></label>
      <p class="soft">${words.demoHint}</p>
    </details>`;
  }
}

const sessionInAddress = (): string => /^#c\/([\w.-]{1,128})$/.exec(location.hash)?.[1] ?? "";

customElements.define("vostro-app", App);
