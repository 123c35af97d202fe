/** Spending by category: bars that a screen reader gets as a list of figures. */
import type { Card } from "@vostro/client";
import { html, svg, type TemplateResult } from "lit";

import { category, money } from "../text/format.js";
import { fill } from "../text/strings.js";
import type { CardContext } from "./context.js";

type Spending = Extract<Card, { type: "spending" }>;

export function spending(card: Spending, { words, language }: CardContext): TemplateResult {
  const shown = card.by_category.filter((each) => each.spent.minor > 0);
  const most = Math.max(1, ...shown.map((each) => each.spent.minor));
  return html`<section class="card" aria-label=${words.spending}>
    <h2 class="eyebrow">${words.spending}</h2>
    <div class="totals">
      <div><span class="soft">${words.spent}</span><span class="sum">${money(card.spent, language)}</span></div>
      <div><span class="soft">${words.received}</span><span class="figure in">${money(card.received, language)}</span></div>
    </div>
    <ul class="bars">${shown.map((each) => {
      // A bar keeps its rounded end even where the share is tiny.
      const width = Math.max(1.5, (each.spent.minor / most) * 100);
      return html`<li>
        <span class="name">${category(each.category, language)}</span>
        <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          ${svg`<rect class="track" width="100" height="8"/><rect class="fill" width=${width} height="8"/>`}
        </svg>
        <span class="figure">${money(each.spent, language)}</span>
      </li>`;
    })}</ul>
    <p class="soft foot">${fill(words.counted, { count: String(card.count) })}</p>
  </section>`;
}
