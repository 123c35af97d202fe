/** Transactions under their days, newest first as they come. */
import type { Card } from "@vostro/client";
import { html, nothing, type TemplateResult } from "lit";

import { category, day, money } from "../text/format.js";
import type { CardContext } from "./context.js";

type Transactions = Extract<Card, { type: "transactions" }>;
type Transaction = Transactions["items"][number];

export function transactions(card: Transactions, { words, language }: CardContext): TemplateResult {
  const days = new Map<string, Transaction[]>();
  for (const item of card.items) days.set(item.date, [...(days.get(item.date) ?? []), item]);
  const row = (item: Transaction) => html`<li class="row">
    <span class="grow"><span class="strong">${item.description}</span>
      <span class="soft">${category(item.category, language)} · ${item.account}</span></span>
    <span class="figure ${item.amount.minor > 0 ? "in" : ""}">${item.amount.minor > 0 ? "+" : ""}${money(item.amount, language)}</span>
  </li>`;
  return html`<section class="card" aria-label=${words.transactions}>
    <h2 class="eyebrow">${words.transactions}</h2>
    ${card.items.length === 0 ? html`<p class="soft">${words.noTransactions}</p>` : nothing}
    ${[...days].map(
      ([date, items]) => html`<h3 class="day">${day(date, language)}</h3><ul class="rows">${items.map(row)}</ul>`,
    )}
    ${card.more ? html`<p class="soft foot">${words.older}</p>` : nothing}
  </section>`;
}
