/** Line icons of 24 units, drawn with the current colour; decoration only, so hidden from screen readers. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

const PATHS = {
  bank: svg`<path d="M4 10h16M5.5 10v8M10 10v8M14 10v8M18.5 10v8M3.5 18.5h17M12 4 4 8.5V10h16V8.5z"/>`,
  savings: svg`<path d="M12 20V9M12 13c-4.5 0-7-2.4-7-6.5 4.4 0 7 2.2 7 6.5ZM12 11c0-3.6 2.3-5.8 6.5-5.8C18.5 9 16.2 11 12 11Z"/>`,
  card: svg`<rect x="3" y="5.5" width="18" height="13" rx="2.5"/><path d="M3 10h18M6.5 14.5h4"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`,
  person: svg`<circle cx="12" cy="8.5" r="3.75"/><path d="M5 20c.6-3.7 3.3-5.5 7-5.5s6.4 1.8 7 5.5"/>`,
  send: svg`<path d="M12 19V5.5M6 11l6-6 6 6"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  menu: svg`<path d="M4 7h16M4 12h16M4 17h10"/>`,
  close: svg`<path d="M6 6l12 12M18 6 6 18"/>`,
  down: svg`<path d="M12 5v14M6 13l6 6 6-6"/>`,
  copy: svg`<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2"/>`,
  chat: svg`<path d="M5 5h14a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 5Z"/>`,
  spark: svg`<path d="M12 3.5c.6 4.9 3.6 7.9 8.5 8.5-4.9.6-7.9 3.6-8.5 8.5-.6-4.9-3.6-7.9-8.5-8.5 4.9-.6 7.9-3.6 8.5-8.5Z"/>`,
  book: svg`<path d="M5 5.5A2 2 0 0 1 7 3.5h12v14H7a2 2 0 0 0-2 2v-14Zm0 14a1.5 1.5 0 0 0 1.5 1.5H19v-3.5"/>`,
  warning: svg`<path d="M12 4.5 3.5 19h17L12 4.5ZM12 10v4M12 16.6v.1"/>`,
} as const satisfies Record<string, SVGTemplateResult>;

export type Icon = keyof typeof PATHS;

export const icon = (name: Icon): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
