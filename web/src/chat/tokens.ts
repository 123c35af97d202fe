/**
 * The look: colours, type, space. Every value can be overridden from outside by its `--vostro-…` property;
 * light or dark follows `color-scheme`.
 */
import { css } from "lit";

export const tokens = css`
  :host {
    --paper: var(--vostro-paper, light-dark(#f8f6f1, #0f1513));
    --surface: var(--vostro-surface, light-dark(#ffffff, #171f1c));
    --ink: var(--vostro-ink, light-dark(#15211d, #e8eeeb));
    --soft: var(--vostro-soft, light-dark(#56625d, #a4b2ac));
    --line: var(--vostro-line, light-dark(#e5e1d7, #2a3531));
    --accent: var(--vostro-accent, light-dark(#0b5d4e, #74d4bf));
    --on-accent: var(--vostro-on-accent, light-dark(#ffffff, #05231d));
    --tint: var(--vostro-tint, light-dark(#e7f1ed, #173029));
    --mine: var(--vostro-mine, light-dark(#123d35, #1d4a40));
    --on-mine: var(--vostro-on-mine, light-dark(#f4fbf8, #eafff8));
    --good: var(--vostro-good, light-dark(#0a6a4d, #7fd9b4));
    --bad: var(--vostro-bad, light-dark(#a3232b, #ff9d9d));
    --warm: var(--vostro-warm, light-dark(#fbf1d9, #33290f));
    --on-warm: var(--vostro-on-warm, light-dark(#614500, #f2d894));
    --shadow: var(--vostro-shadow, 0 1px 2px rgb(15 25 20 / 5%), 0 8px 24px -12px rgb(15 25 20 / 14%));
    --font: var(--vostro-font, "Inter", "Segoe UI Variable Text", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
    --display: var(--vostro-display, "Iowan Old Style", "Palatino Linotype", "Book Antiqua", Palatino, Georgia, ui-serif, serif);
    --radius: var(--vostro-radius, 16px);
    color: var(--ink);
    font: 400 1rem/1.55 var(--font);
    -webkit-font-smoothing: antialiased;
  }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, h4, p, ul, ol, dl, dd, blockquote { margin: 0; padding: 0; }
  button, textarea, input, select { font: inherit; color: inherit; }
  button { cursor: pointer; }
  button:disabled { cursor: default; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .icon { width: 1.25rem; height: 1.25rem; flex: none; fill: none; stroke: currentcolor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .soft { color: var(--soft); }
  .strong { font-weight: 600; }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
  }
`;
