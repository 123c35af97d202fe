/** A card of a kind that this page does not know yet: its fields by name, amounts and days as such. */
import type { Amount } from "@vostro/client";
import { html, nothing, type TemplateResult } from "lit";

import { day, money, words as named } from "../text/format.js";
import type { CardContext } from "./context.js";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isAmount = (value: unknown): value is Amount =>
  isFields(value) && typeof value["minor"] === "number" && typeof value["display"] === "string";
/** Ids mean nothing to a customer. */
const isShown = ([name, value]: [string, unknown]): boolean =>
  name !== "type" && !/(^|_)id$/.test(name) && value !== null && value !== "";

export function facts(card: Fields, context: CardContext): TemplateResult | typeof nothing {
  const title = typeof card["type"] === "string" ? named(card["type"]) : "";
  const body = lines(card, context, 0);
  if (title === "" || body === nothing) return nothing;
  return html`<section class="card" aria-label=${title}><h2 class="eyebrow">${title}</h2>${body}</section>`;
}

function lines(fields: Fields, context: CardContext, depth: number): TemplateResult | typeof nothing {
  const shown = Object.entries(fields).filter(isShown);
  const flat = shown.filter(([, value]) => text(value, context) !== undefined);
  const deep = depth > 2 ? [] : shown.filter(([, value]) => text(value, context) === undefined);
  if (flat.length + deep.length === 0) return nothing;
  return html`
    ${flat.length > 0
      ? html`<dl class="facts">${flat.map(
          ([name, value]) => html`<div><dt>${named(name)}</dt><dd>${text(value, context)}</dd></div>`,
        )}</dl>`
      : nothing}
    ${deep.map(([, value]) =>
      Array.isArray(value)
        ? value.filter(isFields).map((each) => lines(each, context, depth + 1))
        : lines(value as Fields, context, depth + 1),
    )}
  `;
}

function text(value: unknown, { language }: CardContext): string | undefined {
  if (isAmount(value)) return money(value, language);
  if (typeof value === "string") return /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? day(value, language) : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join(", ");
  return undefined;
}
