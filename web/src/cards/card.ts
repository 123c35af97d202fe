/** A card of a reply as a template. Everything on it comes from the card's data; a kind that is not known is left out. */
import type { Amount, Card } from "@vostro/client";
import { html, nothing, type TemplateResult } from "lit";

import { day, money } from "../text/format.js";
import { fill } from "../text/strings.js";
import type { CardContext } from "./context.js";
import { icon } from "./icons.js";
import { changeConfirmation, changed, secondFactor } from "./answers.js";
import { confirmation, pending, receipt } from "./movement.js";
import { spending } from "./spending.js";
import { facts } from "./facts.js";
import { transactions } from "./transactions.js";

type Of<Type extends Card["type"]> = Extract<Card, { type: Type }>;

export function renderCard(card: Card, context: CardContext): TemplateResult | typeof nothing {
  switch (card.type) {
    case "balances":
      return balances(card, context);
    case "transactions":
      return transactions(card, context);
    case "spending":
      return spending(card, context);
    case "confirmation":
      return confirmation(card, context);
    case "change_confirmation":
      return changeConfirmation(card, context);
    case "changed":
      return changed(card, context);
    case "second_factor":
      return secondFactor(card, context);
    case "receipt":
      return receipt(card.receipt, context);
    case "pending":
      return pending(card.pending, context);
    case "schedules":
      return schedules(card, context);
    case "statement":
      return statement(card, context);
    case "payees":
      return payees(card, context);
    case "bills":
      return bills(card, context);
    case "hand_off":
      return handOff(context);
    case "choices":
      return nothing;
    default:
      return facts(card as Record<string, unknown>, context);
  }
}

/** "Demo Power & Light": DP. */
const initials = (name: string): string =>
  name.split(/\s+/).filter((word) => /^\p{L}/u.test(word)).slice(0, 2).map((word) => word.charAt(0).toUpperCase()).join("");

const ACCOUNT_ICONS: Record<string, Parameters<typeof icon>[0]> = { savings: "savings", credit_card: "card" };

function balances(card: Of<"balances">, { words, language }: CardContext): TemplateResult {
  const account = (each: (typeof card.accounts)[number]) => {
    const isOwed = each.kind === "credit_card" && each.balance.minor < 0;
    const shown: Amount = isOwed
      ? { ...each.balance, minor: -each.balance.minor, display: each.balance.display.replace(/^[-−]/, "") }
      : each.balance;
    const differs = each.available.minor !== each.balance.minor;
    return html`<li class="row">
      <span class="badge">${icon(ACCOUNT_ICONS[each.kind] ?? "bank")}</span>
      <span class="grow"><span class="strong">${each.name}</span><span class="soft number">${each.number}</span></span>
      <span class="end">
        <span class="figure">${money(shown, language)}${isOwed ? html` <span class="tag">${words.owed}</span>` : nothing}</span>
        ${differs ? html`<span class="soft">${fill(words.available, { amount: money(each.available, language) })}</span>` : nothing}
      </span>
    </li>`;
  };
  return html`<section class="card" aria-label=${words.balances}>
    <h2 class="eyebrow">${words.balances}</h2>
    <ul class="rows">${card.accounts.map(account)}</ul>
  </section>`;
}

function schedules(card: Of<"schedules">, { words, language }: CardContext): TemplateResult {
  return html`<section class="card" aria-label=${words.schedules}>
    <h2 class="eyebrow">${words.schedules}</h2>
    <ul class="rows">${card.items.map(
      (item) => html`<li class="row">
        <span class="badge">${icon("clock")}</span>
        <span class="grow"><span class="strong">${item.movement.target}</span>
          <span class="soft">${item.schedule}</span></span>
        <span class="end"><span class="figure">${money(item.movement.amount, language)}</span>
          <span class="soft">${item.next_due ? `${words.next}: ${day(item.next_due, language)}` : words.ended}</span></span>
      </li>`,
    )}</ul>
  </section>`;
}

function statement(card: Of<"statement">, { words, language }: CardContext): TemplateResult {
  const line = (name: string, amount: Amount, isTotal = false) =>
    html`<div class=${isTotal ? "total" : ""}><dt>${name}</dt><dd>${money(amount, language)}</dd></div>`;
  return html`<section class="card" aria-label=${words.statement}>
    <h2 class="eyebrow">${words.statement}</h2>
    <p class="lead">${card.account}<span class="soft">${day(card.from, language)} – ${day(card.to, language)}</span></p>
    <dl class="facts">
      ${line(words.opening, card.opening)} ${line(words.received, card.received)} ${line(words.spent, card.spent)}
      ${line(words.closing, card.closing, true)}
    </dl>
    <p class="soft foot">${fill(words.counted, { count: String(card.count) })}</p>
  </section>`;
}

function payees(card: Of<"payees">, { words }: CardContext): TemplateResult {
  return html`<section class="card" aria-label=${words.payees}>
    <h2 class="eyebrow">${words.payees}</h2>
    <ul class="rows">${card.items.map(
      (item) => html`<li class="row">
        <span class="badge letter" aria-hidden="true">${initials(item.name)}</span>
        <span class="grow strong">${item.name}</span><span class="soft number">${item.number}</span>
      </li>`,
    )}</ul>
  </section>`;
}

function bills(card: Of<"bills">, { words, language, say, isBusy }: CardContext): TemplateResult {
  return html`<section class="card" aria-label=${words.bills}>
    <h2 class="eyebrow">${words.bills}</h2>
    <ul class="rows">${card.items.map((item) => {
      const due = item.amount_due;
      return html`<li class="row">
        <span class="badge letter" aria-hidden="true">${initials(item.name)}</span>
        <span class="grow"><span class="strong">${item.name}</span>
          <span class="soft">${due && item.due_on ? fill(words.due, { date: day(item.due_on, language) }) : words.nothingDue}</span></span>
        ${due
          ? html`<span class="figure">${money(due, language)}</span>
            <button class="small" ?disabled=${isBusy} aria-label=${`${words.pay} ${item.name}`}
              @click=${() => say(fill(words.payMessage, { name: item.name }))}>${words.pay}</button>`
          : nothing}
      </li>`;
    })}</ul>
  </section>`;
}

function handOff({ words }: CardContext): TemplateResult {
  return html`<section class="card handoff" aria-label=${words.handOff}>
    <span class="badge">${icon("person")}</span>
    <div><h2 class="strong">${words.handOff}</h2><p class="soft">${words.handOffBody}</p></div>
  </section>`;
}

