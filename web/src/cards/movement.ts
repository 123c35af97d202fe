/** Money on the move: the proposal with its two buttons, the receipt, the payment that waits. */
import type { Card, Movement, Receipt } from "@vostro/client";
import { html, nothing, type TemplateResult } from "lit";

import { dayAndTime, money } from "../text/format.js";
import { answers, standing } from "./answers.js";
import type { CardContext } from "./context.js";
import { icon } from "./icons.js";

type Confirmation = Extract<Card, { type: "confirmation" }>;
type Pending = Extract<Card, { type: "pending" }>["pending"];

const isBill = (movement: Movement): boolean => movement.kind === "bill_payment";

function parties({ source, target }: Movement, { words }: CardContext, more: unknown = nothing): TemplateResult {
  return html`<dl class="facts">
    <div><dt>${words.from}</dt><dd>${source}</dd></div>
    <div><dt>${words.to}</dt><dd>${target}</dd></div>
    ${more}
  </dl>`;
}

export function confirmation(card: Confirmation, context: CardContext): TemplateResult {
  const { words, language } = context;
  const title = isBill(card.movement) ? words.confirmPayment : words.confirmTransfer;
  const amount = money(card.movement.amount, language);
  return html`<section class="card proposal" aria-label=${`${title}: ${amount}`} data-state=${standing(card, context)}>
    <h2 class="eyebrow">${title}</h2>
    <p class="sum">${amount}</p>
    ${parties(
      card.movement,
      context,
      html`<div><dt>${words.when}</dt><dd>${card.schedule ?? words.now}</dd></div>`,
    )}
    ${answers(card, context, amount)}
  </section>`;
}

export function receipt(receipt: Receipt, context: CardContext): TemplateResult {
  const { words, language } = context;
  const kind = receipt.movement.kind;
  const title = kind === "bill_payment" ? words.paid : kind === "own_transfer" ? words.moved : words.sent;
  const posted = new Date(receipt.posted_at);
  return html`<section class="card receipt" aria-label=${title}>
    <div class="stamp"><span class="badge">${icon("check")}</span>
      <div><h2 class="strong">${title}</h2>
        <time class="soft" datetime=${receipt.posted_at}>${dayAndTime(posted, language)}</time></div>
      <span class="sum">${money(receipt.movement.amount, language)}</span></div>
    ${parties(
      receipt.movement,
      context,
      html`<div><dt>${words.balanceAfter}</dt><dd>${money(receipt.source_balance, language)}</dd></div>
        <div><dt>${words.reference}</dt><dd class="reference">${receipt.transfer_id}</dd></div>`,
    )}
  </section>`;
}

export function pending(pending: Pending, context: CardContext): TemplateResult {
  const { words, language, isBusy, now, say } = context;
  const final = new Date(pending.final_at);
  const isHeld = pending.status === "pending";
  return html`<section class="card receipt waits" aria-label=${isHeld ? words.pending : words.voided}>
    <div class="stamp"><span class="badge">${icon(isHeld ? "clock" : "close")}</span>
      <div><h2 class="strong">${isHeld ? words.pending : words.voided}</h2>
        ${isHeld
          ? html`<span class="soft">${words.pendingUntil} ${dayAndTime(final, language)}</span>`
          : nothing}</div>
      <span class="sum">${money(pending.movement.amount, language)}</span></div>
    ${parties(
      pending.movement,
      context,
      html`<div><dt>${words.reference}</dt><dd class="reference">${pending.transfer_id}</dd></div>`,
    )}
    ${isHeld && final.getTime() > now
      ? html`<div class="answers"><button ?disabled=${isBusy} @click=${() => say(words.takeBackMessage)}>${words.takeBack}</button></div>`
      : nothing}
  </section>`;
}
