/** Money, days and times by locale. Amounts come in minor units and stay whole numbers until they are shown. */
import type { Amount } from "@vostro/client";

import type { Language } from "./strings.js";

const LOCALES: Record<Language, string> = { en: "en-US", es: "es-ES" };

/** An amount. In English as the server wrote it; elsewhere by the locale, from the exact minor units. */
export function money(amount: Amount, language: Language): string {
  if (language === "en") return amount.display;
  const style = { style: "currency", currency: amount.currency } as const;
  try {
    const format = new Intl.NumberFormat(LOCALES[language], style);
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    return format.format(decimal(amount.minor, digits));
  } catch {
    return amount.display;
  }
}

/** Minor units as a decimal text, which `format` takes without a detour over binary fractions. */
function decimal(minor: number, digits: number): Intl.StringNumericLiteral {
  const sign = minor < 0 ? "-" : "";
  const text = Math.abs(minor).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const part = digits === 0 ? "" : `.${text.slice(-digits)}`;
  return `${sign}${whole}${part}` as Intl.StringNumericLiteral;
}

/** A day such as `2026-11-20`; a day has no time zone. */
export function day(text: string, language: Language): string {
  const at = new Date(`${text.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return text;
  return at.toLocaleDateString(LOCALES[language], { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** The time of an instant, where the customer is. */
export function time(at: Date, language: Language): string {
  return at.toLocaleTimeString(LOCALES[language], { hour: "numeric", minute: "2-digit" });
}

export function dayAndTime(at: Date, language: Language): string {
  return at.toLocaleString(LOCALES[language], { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
}

/** A name from the wire, `food_and_drink`, as words. */
export function words(name: string): string {
  const text = name.replace(/[_-]+/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const CATEGORIES_ES: Record<string, string> = {
  groceries: "Supermercado",
  dining: "Restaurantes",
  transport: "Transporte",
  utilities: "Suministros",
  entertainment: "Ocio",
  shopping: "Compras",
  health: "Salud",
  housing: "Vivienda",
  income: "Ingresos",
  transfer: "Transferencias",
  transfers: "Transferencias",
  fees: "Comisiones",
  travel: "Viajes",
  subscriptions: "Suscripciones",
  bills: "Facturas",
  other: "Otros",
};

export const category = (name: string, language: Language): string =>
  (language === "es" ? CATEGORIES_ES[name] : undefined) ?? words(name);
