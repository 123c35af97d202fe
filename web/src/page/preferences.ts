/** What a customer chose on this device: appearance, language and, in the sandbox, who they are. */
import { type Language, languageOf } from "../text/strings.js";

export interface Preferences {
  readonly theme: "auto" | "light" | "dark";
  readonly language: Language;
  readonly userId: string;
}

const STORED = "vostro.preferences";
/** A customer of the demo bank. */
const DEMO_CUSTOMER = "demo_001";

function read(): Preferences {
  const stored = json(safely(() => localStorage.getItem(STORED)) ?? "{}");
  const { theme, language, userId } = stored;
  return {
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    language: language === "en" || language === "es" ? language : languageOf(navigator.languages),
    userId: typeof userId === "string" && userId !== "" ? userId : DEMO_CUSTOMER,
  };
}

function write(preferences: Preferences): void {
  safely(() => localStorage.setItem(STORED, JSON.stringify(preferences)));
  apply(preferences);
}

/** Puts appearance and language on the document; everything below inherits them. */
function apply({ theme, language }: Preferences): void {
  document.documentElement.dataset["theme"] = theme;
  document.documentElement.lang = language;
}

function json(text: string): Partial<Record<keyof Preferences, unknown>> {
  const value: unknown = safely(() => JSON.parse(text));
  return typeof value === "object" && value !== null ? value : {};
}

/** Storage may be switched off, and what is in it may be anything. */
function safely<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

export const preferences = { read, write, apply };
