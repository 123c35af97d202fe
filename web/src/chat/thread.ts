/**
 * `<vostro-thread>`: the messages of one conversation and the composer. The page and the widget are frames around it.
 *
 * For screen readers the log itself is silent, since a stream would be read out piece by piece; a whole reply is
 * announced once by a status region. What it leaves to others: the network (`conversation.ts`), what items mean
 * (`model.ts`), how cards look (`cards/`).
 */
import type { Card, Citation } from "@vostro/client";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";

import { renderCard } from "../cards/card.js";
import type { CardContext } from "../cards/context.js";
import { icon } from "../cards/icons.js";
import { cardStyles } from "../cards/styles.js";
import { markdown } from "../text/markdown.js";
import { fill, type Language, type Strings, strings } from "../text/strings.js";
import type { Conversation } from "./conversation.js";
import { type Item, proposals, type ReplyItem, shownText, type UserItem } from "./model.js";
import { around, type OpenPassage, passageDialog } from "./passage.js";
import { threadStyles } from "./styles.js";
import { tokens } from "./tokens.js";

/** Within so many pixels of its end the log follows what comes. */
const NEAR_END_PX = 96;
const MESSAGE_CHARS_MAX = 10_000;
/** A turn that takes longer than this is said to be worked on. */
const SLOW_MS = 6_000;

export class Thread extends LitElement {
  static override styles = [tokens, threadStyles, cardStyles];
  static override properties = {
    conversation: { attribute: false },
    language: {},
    isOnline: { state: true },
    isAway: { state: true },
    isSlow: { state: true },
    announced: { state: true },
    open: { state: true },
    draft: { state: true },
  };

  declare conversation: Conversation;
  declare language: Language;
  declare isOnline: boolean;
  declare isAway: boolean;
  declare isSlow: boolean;
  declare announced: string;
  declare open: OpenPassage | undefined;
  declare draft: string;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;
  #follows = true;

  constructor() {
    super();
    this.language = "en";
    this.isOnline = navigator.onLine;
    this.isAway = false;
    this.isSlow = false;
    this.announced = "";
    this.draft = "";
  }

  get #words(): Strings {
    return strings(this.language);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("online", this.#onNetwork);
    window.addEventListener("offline", this.#onNetwork);
    document.addEventListener("visibilitychange", this.#onVisible);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.#onNetwork);
    window.removeEventListener("offline", this.#onNetwork);
    document.removeEventListener("visibilitychange", this.#onVisible);
    clearTimeout(this.#expiry);
    clearTimeout(this.#slow);
  }

  /** Says something for the customer, and brings the keyboard back to the composer. */
  say(text: string): void {
    this.#follows = true;
    const awaitsCode = proposals(this.conversation.items).factor === "code";
    void this.conversation.send(text, awaitsCode && /^\s*\d{3}\s?\d{3}\s*$/.test(text));
    this.focusComposer();
  }

  focusComposer(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  #onNetwork = (): void => {
    this.isOnline = navigator.onLine;
    if (this.isOnline) void this.conversation.retryFailed();
  };

  /** Back from another tab, where the conversation may have gone on. */
  #onVisible = (): void => {
    if (document.visibilityState === "visible") void this.conversation.refresh();
  };

  #onChange = (): void => {
    const isBusy = this.conversation.state === "answering";
    if (isBusy && this.#slow === undefined) {
      this.#slow = setTimeout(() => (this.isSlow = true), SLOW_MS);
    } else if (!isBusy) {
      clearTimeout(this.#slow);
      this.#slow = undefined;
      this.isSlow = false;
    }
    this.requestUpdate();
  };

  #onReply = (event: Event): void => {
    const reply = (event as CustomEvent<ReplyItem>).detail;
    this.announced = reply.text;
  };

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("conversation")) return;
    const before = changed.get("conversation");
    before?.removeEventListener("change", this.#onChange);
    before?.removeEventListener("reply", this.#onReply);
    this.conversation.addEventListener("change", this.#onChange);
    this.conversation.addEventListener("reply", this.#onReply);
    this.#follows = true;
  }

  override updated(): void {
    if (this.#follows) this.#toEnd("instant");
  }

  #toEnd(behavior: ScrollBehavior): void {
    const log = this.renderRoot.querySelector(".scroll");
    log?.scrollTo({ top: log.scrollHeight, behavior });
  }

  #onScroll = (event: Event): void => {
    const log = event.currentTarget as HTMLElement;
    this.#follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    this.isAway = !this.#follows;
  };

  override render(): TemplateResult {
    const words = this.#words;
    const { items, state } = this.conversation;
    return html`
      <div class="scroll" role="log" aria-live="off" aria-label=${words.log} tabindex="0" lang=${this.language}
        aria-busy=${this.conversation.isBusy ? "true" : "false"} @scroll=${this.#onScroll}>
        <div class="column">
          ${items.length === 0 && state !== "loading" ? this.#welcome() : nothing}
          ${state === "loading" ? html`<p class="soft">${words.loading}</p>` : nothing}
          ${this.#items(items)}
        </div>
      </div>
      ${this.isAway
        ? html`<button class="jump" aria-label=${words.jumpDown} @click=${() => this.#toEnd("smooth")}>${icon("down")}</button>`
        : nothing}
      ${this.#composer()}
      <div class="hidden" role="status" aria-live="polite">${this.announced}</div>
      <dialog aria-labelledby="passage-title" @close=${() => (this.open = undefined)} @click=${this.#onBackdrop}>
        ${this.open ? passageDialog(this.open, words, () => this.#dialog?.close()) : nothing}
      </dialog>
    `;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #onBackdrop = (event: Event): void => {
    if (event.target === this.#dialog) this.#dialog?.close();
  };

  #welcome(): TemplateResult {
    const words = this.#words;
    return html`<div class="welcome">
      <h2>${words.welcomeTitle}</h2>
      <div class="promise">
        <p>${icon("spark")}<span>${words.welcomeAi}</span></p>
        <p>${icon("check")}<span>${words.welcomeSafe}</span></p>
      </div>
      ${this.#chips(words.starters)}
    </div>`;
  }

  #chips(options: readonly string[]): TemplateResult {
    return html`<div class="chips" role="group" aria-label=${this.#words.suggestions}>
      ${options.map(
        (option) => html`<button class="chip" ?disabled=${this.conversation.isBusy} @click=${() => this.say(option)}>${option}</button>`,
      )}
    </div>`;
  }

  #items(items: readonly Item[]): unknown {
    const { states, answerable, factor } = proposals(items);
    const now = Date.now();
    this.#wakeAtExpiry(items, now);
    const last = items.at(-1);
    return items.map((item) =>
      item.kind === "user"
        ? this.#message(item)
        : this.#reply(item, item === last, {
            words: this.#words,
            language: this.language,
            isAnswerable: item.id === answerable,
            isBusy: this.conversation.isBusy,
            factor: item.id === answerable ? factor : undefined,
            isBesideProposal: item.cards.some((card) => card.type === "confirmation" || card.type === "change_confirmation"),
            now,
            stateOf: (id) => states.get(id),
            say: (text) => this.say(text),
          }),
    );
  }

  /** A proposal that runs out loses its buttons then, not with the next message. */
  #wakeAtExpiry(items: readonly Item[], now: number): void {
    clearTimeout(this.#expiry);
    const cards = items.flatMap((item) => (item.kind === "reply" ? item.cards : []));
    const ends = cards.map((card) => ("expires_at" in card ? Date.parse(card.expires_at) : 0));
    const next = Math.min(...ends.filter((end) => end > now));
    if (Number.isFinite(next)) this.#expiry = setTimeout(() => this.requestUpdate(), next - now + 50);
  }

  #message(item: UserItem): TemplateResult {
    const words = this.#words;
    return html`<article class="message mine ${item.state}" aria-label=${words.you}>
      <div class="bubble">${item.isSecret ? html`<span role="img" aria-label=${words.codeSaid}>••••••</span>` : item.text}</div>
      ${item.state === "failed"
        ? html`<div class="trouble" role="alert">${icon("warning")}<span>${words.notSent} ${item.error ?? ""}</span>
            <button class="link" @click=${() => void this.conversation.retry(item.id)}>${words.retry}</button></div>`
        : nothing}
    </article>`;
  }

  #reply(item: ReplyItem, isLast: boolean, context: CardContext): TemplateResult {
    const words = this.#words;
    const isPerson = item.by === "person";
    const text = shownText(item);
    const isEmpty = !item.isDone && text === "" && item.cards.length === 0;
    const choices = item.cards.find((card): card is Extract<Card, { type: "choices" }> => card.type === "choices");
    return html`<article class="message" aria-label=${isPerson ? words.person : words.assistant}
      aria-busy=${item.isDone ? "false" : "true"}>
      <div class="who ${item.by}"><span class="mark">${icon(isPerson ? "person" : "spark")}</span>
        <span>${isPerson ? words.person : `${words.assistant} · ${words.aiBadge}`}</span></div>
      ${isEmpty
        ? html`<div class="typing" role="img" aria-label=${words.typing}><i></i><i></i><i></i></div>
            ${this.isSlow ? html`<p class="soft">${words.slow}</p>` : nothing}`
        : nothing}
      ${item.isDone && !item.passed ? html`<div class="blocked">${icon("warning")}${words.blocked}</div>` : nothing}
      ${text === "" ? nothing : html`<div class="text arrived">${markdown(text)}</div>`}
      ${item.cards.map((card) => renderCard(card, context))}
      ${item.citations.length > 0 ? this.#sources(item.citations) : nothing}
      ${isLast && item.isDone && choices ? this.#chips(choices.options) : nothing}
    </article>`;
  }

  #sources(citations: readonly Citation[]): TemplateResult {
    const words = this.#words;
    const first = citations.filter((each, at) => citations.findIndex((other) => other.chunk_id === each.chunk_id) === at);
    const named = first.map((citation, at) => {
      const before = first.slice(0, at).filter((other) => other.title === citation.title).length;
      return { citation, name: before === 0 ? citation.title : `${citation.title} (${before + 1})` };
    });
    return html`<ul class="sources" aria-label=${words.sources}>${named.map(
      ({ citation, name }) => html`<li><button class="chip source" aria-haspopup="dialog" aria-label=${`${words.openPassage}: ${name}`}
        @click=${() => this.#openPassage(citation)}>${icon("book")}${name}</button></li>`,
    )}</ul>`;
  }

  async #openPassage(citation: Citation): Promise<void> {
    this.open = { citation };
    await this.updateComplete;
    this.#dialog?.showModal();
    const passage = await around(this.conversation.client, citation);
    if (this.open?.citation === citation && passage) this.open = { citation, passage };
  }

  #composer(): TemplateResult {
    const words = this.#words;
    const { state, loadError } = this.conversation;
    const status = !this.isOnline
      ? words.offline
      : state === "reconnecting"
        ? words.reconnecting
        : this.#isTooLong
          ? fill(words.tooLong, { count: String(this.draft.length), most: String(MESSAGE_CHARS_MAX) })
          : loadError !== ""
            ? `${words.loadFailed} ${loadError}`
            : "";
    return html`<div class="foot-bar"><form class="composer" @submit=${this.#onSubmit}>
      <div role="status">${status === "" ? nothing : html`<div class="status">${icon("warning")}${status}</div>`}</div>
      <div class="field">
        <textarea rows="1" name="message" .value=${this.draft} autocomplete="off" aria-invalid=${this.#isTooLong ? "true" : "false"}
          aria-label=${words.composerLabel} aria-describedby="hint" placeholder=${words.composerPlaceholder}
          enterkeyhint="send" @input=${this.#onInput} @keydown=${this.#onKey}></textarea>
        <button class="round" aria-label=${words.send} ?disabled=${!this.#canSend}>
          ${icon("send")}</button>
      </div>
      <p class="note">${words.disclaimer}<span class="hidden" id="hint">${words.composerHint}</span></p>
    </form></div>`;
  }

  #onInput = (event: InputEvent): void => {
    this.draft = (event.currentTarget as HTMLTextAreaElement).value;
  };

  /** Enter sends, but not while an input method is composing: there it picks a candidate. */
  #onKey = (event: KeyboardEvent): void => {
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    this.#submit();
  };

  #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#submit();
  };

  get #isTooLong(): boolean {
    return this.draft.length > MESSAGE_CHARS_MAX;
  }

  get #canSend(): boolean {
    return this.draft.trim() !== "" && !this.#isTooLong && !this.conversation.isBusy;
  }

  #submit(): void {
    if (!this.#canSend) return;
    const text = this.draft;
    this.draft = "";
    this.say(text);
  }
}

customElements.define("vostro-thread", Thread);
