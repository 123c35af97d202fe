/** What waits for the customer's yes: the two buttons, the field for a code, what became of it; and changes of records. */
import type { Card } from "@vostro/client";
import { html, nothing, type TemplateResult } from "lit";

import type { ProposalState } from "../chat/model.js";
import { time } from "../text/format.js";
import { fill } from "../text/strings.js";
import type { CardContext } from "./context.js";
import { icon } from "./icons.js";

type Of<Type extends Card["type"]> = Extract<Card, { type: Type }>;
type Proposed = Of<"confirmation"> | Of<"change_confirmation">;

/** How a proposal stands here: `elsewhere` is open, and answered further down. */
export function standing(card: Proposed, context: CardContext): ProposalState | "elsewhere" | "expired" {
  const state = context.stateOf(card.confirmation_id) ?? "superseded";
  if (state !== "open") return state;
  if (Date.parse(card.expires_at) <= context.now) return "expired";
  return context.isAnswerable ? "open" : "elsewhere";
}

/** The answers to an open proposal, or what became of it. `what` stands on the button that says yes. */
export function answers(card: Proposed, context: CardContext, what = ""): TemplateResult {
  const { words, language } = context;
  const state = standing(card, context);
  if (state !== "open") return html`<p class="outcome ${state}">${words[state]}</p>`;
  return html`${context.factor === "code" ? code(context, what) : buttons(context, what)}
    <p class="soft foot">${context.factor === "approval" ? words.approveFirst : nothing}
      ${fill(words.confirmUntil, { time: time(new Date(card.expires_at), language) })}</p>`;
}

function cancel({ words, isBusy, say }: CardContext): TemplateResult {
  return html`<button type="button" data-answer="cancel" ?disabled=${isBusy} @click=${() => say(words.no)}>${words.cancel}</button>`;
}

function buttons(context: CardContext, what: string): TemplateResult {
  const { words, isBusy, say } = context;
  return html`<div class="answers">
    <button class="primary" data-answer="confirm" ?disabled=${isBusy} @click=${() => say(words.yes)}>${words.confirm} ${what}</button>
    ${cancel(context)}
  </div>`;
}

/** A code is the yes. What is not six digits is not sent; whether one is right, nobody is told why. */
function code(context: CardContext, what: string): TemplateResult {
  const { words, isBusy, say } = context;
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const field = form.elements.namedItem("code") as HTMLInputElement;
    const digits = field.value.replace(/\s/g, "");
    field.setCustomValidity(/^\d{6}$/.test(digits) ? "" : words.codeDigits);
    if (!form.reportValidity()) return;
    form.reset();
    say(digits);
  };
  const onInput = (event: InputEvent) => (event.currentTarget as HTMLInputElement).setCustomValidity("");
  return html`<form class="code" novalidate autocomplete="on" @submit=${onSubmit}>
    <label>${words.codeLabel}
      <input name="code" type="text" inputmode="numeric" autocomplete="one-time-code" enterkeyhint="done" maxlength="7"
        spellcheck="false" ?disabled=${isBusy} @input=${onInput}></label>
    <div class="answers">
      <button class="primary" data-answer="confirm" ?disabled=${isBusy}>${words.confirm} ${what}</button>
      ${cancel(context)}
    </div>
  </form>`;
}

/** The field for another try, where the proposal stands further up. */
export function secondFactor(card: Of<"second_factor">, context: CardContext): TemplateResult | typeof nothing {
  const { words, isAnswerable, isBesideProposal } = context;
  if (isBesideProposal || !isAnswerable) return nothing;
  return html`<section class="card proposal" aria-label=${words.factor} data-state="open">
    <h2 class="eyebrow">${words.factor}</h2>
    ${card.method === "code"
      ? code(context, "")
      : html`<p class="soft foot">${words.approveFirst}</p>${buttons(context, "")}`}
  </section>`;
}

export function changeConfirmation(card: Of<"change_confirmation">, context: CardContext): TemplateResult {
  const { words } = context;
  return html`<section class="card proposal" aria-label=${words.confirmChange} data-state=${standing(card, context)}>
    <h2 class="eyebrow">${words.confirmChange}</h2>
    <p class="what">${card.what}</p>
    ${answers(card, context)}
  </section>`;
}

export function changed(card: Of<"changed">, { words }: CardContext): TemplateResult {
  return html`<section class="card receipt" aria-label=${words.changed}>
    <div class="stamp"><span class="badge">${icon("check")}</span>
      <div><h2 class="strong">${words.changed}</h2><p class="soft">${card.what}</p></div></div>
  </section>`;
}
