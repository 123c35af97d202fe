/**
 * `<vostro-insights>`: how conversations went. Figures at the top, what they consist of below, and behind every
 * figure its turns, behind every turn how it was decided.
 *
 * Charts are drawn from the figures and told as lists, so a screen reader hears the numbers. Nothing here sums up
 * anything: the server's figures agree with the turns that it lists.
 */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";

import { tokens } from "../chat/tokens.js";
import { dayAndTime, words as named } from "../text/format.js";
import { type DeskApi, type Insights, Refused, type Trace, type Turn, type TurnFilter } from "./api.js";
import { insightsStyles } from "./insights-styles.js";

const SPANS: readonly [number, string][] = [[1, "24 hours"], [7, "7 days"], [30, "30 days"], [90, "90 days"]];

/** The turns that are listed, and what they have in common in words. */
interface Listed {
  readonly title: string;
  readonly turns: readonly Turn[];
}

export class InsightsPage extends LitElement {
  static override styles = [tokens, insightsStyles];
  static override properties = {
    api: { attribute: false },
    days: { state: true },
    seen: { state: true },
    listed: { state: true },
    trace: { state: true },
    trouble: { state: true },
  };

  declare api: DeskApi | undefined;
  declare days: number;
  declare seen: Insights | undefined;
  declare listed: Listed | undefined;
  declare trace: Trace | undefined;
  declare trouble: string;

  constructor() {
    super();
    this.days = 7;
    this.trouble = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  #load = (): Promise<void> => this.#attempt(async (api) => void (this.seen = await api.insights(this.days)));

  async #attempt(action: (api: DeskApi) => Promise<void>): Promise<void> {
    if (!this.api) return;
    try {
      await action(this.api);
      this.trouble = "";
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      if (error instanceof Refused && (error.status === 401 || error.status === 403)) this.dispatchEvent(new Event("refused"));
    }
  }

  #span(days: number): void {
    this.days = days;
    this.listed = undefined;
    this.trace = undefined;
    void this.#load();
  }

  #list(title: string, filter: TurnFilter): void {
    this.trace = undefined;
    void this.#attempt(async (api) => {
      this.listed = { title, turns: await api.turns(this.days, filter) };
      await this.#show("Turns");
    });
  }

  #group(title: string, ids: readonly string[]): void {
    this.trace = undefined;
    void this.#attempt(async (api) => {
      const traces = await Promise.all(ids.map((id) => api.trace(id)));
      this.listed = { title, turns: traces.map((trace) => trace.turn) };
      await this.#show("Turns");
    });
  }

  #open(id: string): void {
    void this.#attempt(async (api) => {
      this.trace = await api.trace(id);
      await this.#show("Trace");
    });
  }

  /** What was asked for is brought into view, and the keyboard goes with it. */
  async #show(label: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`section[aria-label="${label}"] h3`)?.focus();
  }

  override render(): TemplateResult {
    const span = ([days, text]: readonly [number, string]) =>
      html`<button aria-pressed=${this.days === days ? "true" : "false"} @click=${() => this.#span(days)}>${text}</button>`;
    return html`<main>
      <div class="top"><h2>Insights</h2><div class="tabs" role="group" aria-label="Period">${SPANS.map(span)}</div></div>
      <div role="alert">${this.trouble ? html`<p class="trouble">${this.trouble}</p>` : nothing}</div>
      ${this.seen ? this.#figures(this.seen) : html`<p class="soft">Reading the records…</p>`}
      ${this.listed ? this.#turns(this.listed) : nothing}
      ${this.trace ? this.#trace(this.trace) : nothing}
    </main>`;
  }

  #figures(seen: Insights): TemplateResult {
    const tile = (name: string, value: string, about: string) =>
      html`<div class="tile"><dt>${name}</dt><dd>${value}</dd><dd class="soft">${about}</dd></div>`;
    const { latency_ms: latency, model } = seen;
    return html`
      <dl class="tiles">
        ${tile("Conversations", whole(seen.conversations), `${whole(seen.turns)} turns`)}
        ${tile("Containment", share(seen.containment), `${whole(seen.handed_off)} to a person`)}
        ${tile("Latency, half of the turns", milliseconds(latency.p50), `95 %: ${milliseconds(latency.p95)}, 99 %: ${milliseconds(latency.p99)}`)}
        ${tile("Model cost", `$${model.cost_dollars.toFixed(4)}`, `${whole(model.tokens)} tokens, ${whole(model.turns_understood)} turns understood`)}
      </dl>
      <section aria-label="Turns by day"><h3>Turns by day</h3>${byDay(seen.by_day)}</section>
      <div class="columns">
        ${this.#counts("How they ended", "disposition", seen.dispositions)}
        ${this.#counts("Guardrails’ verdicts", "verdict", seen.verdicts)}
        <section aria-label="Intents"><h3>Intents</h3>
          ${bars(seen.intents.map((each) => ({
            name: each.intent ? named(each.intent) : "Not understood as any",
            turns: each.turns,
            beside: each.unanswered ? `${whole(each.unanswered)} unanswered` : "",
            ...(each.intent ? { open: () => this.#list(`Intent: ${named(each.intent ?? "")}`, { intent: each.intent ?? "" }) } : {}),
          })))}</section>
        <section aria-label="Unanswered questions"><h3>Unanswered questions</h3>
          ${bars(seen.unanswered.map((each) => ({
            name: each.example,
            turns: each.turns,
            beside: "",
            open: () => this.#group(`Like: ${each.example}`, each.turn_ids),
          })))}</section>
      </div>`;
  }

  #counts(title: string, kind: "disposition" | "verdict", counts: Insights["dispositions"]): TemplateResult {
    return html`<section aria-label=${title}><h3>${title}</h3>
      ${bars(counts.map((each) => ({
        name: named(each.name),
        turns: each.turns,
        beside: "",
        open: () => this.#list(`${title}: ${named(each.name)}`, { [kind]: each.name }),
      })))}</section>`;
  }

  #turns({ title, turns }: Listed): TemplateResult {
    return html`<section class="sheet" aria-label="Turns"><h3 tabindex="-1">${title}</h3>
      <ul class="turns">${turns.map((turn) => html`<li><button @click=${() => this.#open(turn.turn_id)}>
        <span>${turn.message || "(nothing)"}</span>
        <span class="soft">${dayAndTime(new Date(turn.at), "en")} · ${turn.customer_id} · ${named(turn.disposition)} · ${milliseconds(turn.took_ms)}</span>
      </button></li>`)}</ul></section>`;
  }

  #trace({ turn, reply, commands, steps, replay, sources, audit }: Trace): TemplateResult {
    const row = (name: string, value: unknown) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing);
    return html`<section class="sheet" aria-label="Trace"><h3 tabindex="-1">How turn ${turn.turn_id} was decided</h3>
      <dl class="facts">
        ${row("Customer wrote", turn.message)}
        ${row("Guardrails", named(turn.verdict))}
        ${row("Understood by", turn.by_model ? "a language model, checked" : "the rules")}
        ${row("Commands", commands.map(named).join(" · "))}
        ${row("Decided", steps.map(step).join(" · "))}
        ${row("Sources", sources.join(" · "))}
        ${row("Replied", reply)}
        ${row("Ended", named(turn.disposition))}
        ${row("Took", milliseconds(turn.took_ms))}
        ${row("Decided again from the record", replay ? named(String(replay)) : "")}
      </dl>
      ${audit.length === 0 ? nothing : html`<h4>Audit trail</h4><ol class="audit">${audit.map(
        (each) => html`<li><span class="strong">${named(each.kind)}</span> <span class="soft">row ${each.sequence}</span>
          ${each.detail ? html`<code>${JSON.stringify(each.detail)}</code>` : html`<span class="soft">(erased)</span>`}</li>`,
      )}</ol>`}</section>`;
  }
}

interface Bar {
  readonly name: string;
  readonly turns: number;
  readonly beside: string;
  readonly open?: () => void;
}

function bars(rows: readonly Bar[]): TemplateResult {
  if (rows.length === 0) return html`<p class="soft">None.</p>`;
  const most = Math.max(1, ...rows.map((each) => each.turns));
  return html`<ul class="bars">${rows.map((each) => html`<li>
    ${each.open ? html`<button class="name" @click=${each.open}>${each.name}</button>` : html`<span class="name">${each.name}</span>`}
    <span class="figure">${whole(each.turns)}${each.beside ? html` <span class="soft">(${each.beside})</span>` : nothing}</span>
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      ${svg`<rect class="track" width="100" height="4"/><rect class="fill" width=${Math.max(1, (each.turns / most) * 100)} height="4"/>`}
    </svg></li>`)}</ul>`;
}

/** A column a day; the part without an answer is marked, and told in words. */
function byDay(days: Insights["by_day"]): TemplateResult {
  const most = Math.max(1, ...days.map((each) => each.turns));
  const width = 100 / Math.max(1, days.length);
  const column = (each: Insights["by_day"][number], place: number) => {
    const height = (turns: number) => (turns / most) * 38;
    const at = { x: place * width + width * 0.15, width: width * 0.7 };
    return svg`<rect class="fill" x=${at.x} width=${at.width} y=${40 - height(each.turns)} height=${height(each.turns)}/>
      <rect class="open" x=${at.x} width=${at.width} y=${40 - height(each.unanswered)} height=${height(each.unanswered)}/>`;
  };
  const told = days.filter((each) => each.turns > 0);
  return html`<svg class="days" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true" focusable="false">${days.map(column)}</svg>
    <ul class="hidden">${told.map((each) => html`<li>From ${dayAndTime(new Date(each.from), "en")}: ${each.turns} turns, ${each.unanswered} unanswered</li>`)}</ul>
    <p class="soft legend"><span class="key fill"></span> turns <span class="key open"></span> unanswered</p>`;
}

function step(value: unknown): string {
  const { step: name, ...rest } = value as Record<string, unknown>;
  const detail = Object.values(rest).filter((each) => typeof each === "string").map(String);
  return [named(String(name)), ...detail].join(" ");
}

const whole = (count: number): string => count.toLocaleString("en-US");
const share = (value: number | null | undefined): string => (typeof value === "number" ? `${(value * 100).toFixed(1)} %` : "–");
const milliseconds = (value: number): string => (value >= 100 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`);

customElements.define("vostro-insights", InsightsPage);
