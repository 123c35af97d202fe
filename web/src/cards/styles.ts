/** How cards look. */
import { css } from "lit";

export const cardStyles = css`
  .card {
    background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius);
    box-shadow: var(--shadow); padding: 1.125rem 1.25rem; width: 100%; max-width: 31rem;
  }
  .eyebrow { font: 600 .75rem/1.4 var(--font); letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
  .rows { list-style: none; margin-top: .25rem; }
  .row { display: flex; align-items: center; gap: .875rem; padding: .75rem 0; border-top: 1px solid var(--line); }
  .row:first-child { border-top: 0; }
  .rows:last-child .row:last-child { padding-bottom: 0; }
  .grow { flex: 1; min-width: 0; }
  .grow > span, .end > span { display: block; }
  .grow .strong { overflow-wrap: anywhere; }
  .row .soft { font-size: .875rem; line-height: 1.4; }
  .end { text-align: right; }
  .figure, .sum, .facts dd, .number { font-variant-numeric: tabular-nums lining-nums; }
  .figure { font-weight: 600; white-space: nowrap; }
  .figure.in { color: var(--good); }
  .sum { font: 500 1.875rem/1.2 var(--display); letter-spacing: -.01em; }
  .tag { font: 500 .75rem/1 var(--font); color: var(--on-warm); background: var(--warm); border-radius: 99px; padding: .2rem .45rem; vertical-align: .1em; }
  .badge { display: grid; place-items: center; width: 2.375rem; height: 2.375rem; border-radius: 50%; background: var(--tint); color: var(--accent); flex: none; }
  .badge.letter { font-weight: 600; font-size: .875rem; letter-spacing: .02em; }
  .day { font: 500 .8125rem/1.4 var(--font); color: var(--soft); padding-top: .875rem; }
  .day + .rows { margin-top: 0; }
  .day + .rows .row:first-child { padding-top: .5rem; }
  .lead { margin-top: .25rem; font-weight: 600; }
  .lead .soft { display: block; font-weight: 400; font-size: .875rem; }
  .foot { font-size: .8125rem; padding-top: .75rem; }
  .facts { margin-top: .875rem; }
  .facts > div { display: flex; gap: 1rem; justify-content: space-between; padding: .5rem 0; border-top: 1px solid var(--line); }
  .facts dt { color: var(--soft); flex: none; }
  .facts dd { text-align: right; overflow-wrap: anywhere; font-weight: 500; }
  .facts .total dd, .facts .total dt { font-weight: 600; color: var(--ink); }
  .reference { font-family: ui-monospace, "SF Mono", Menlo, monospace; font-size: .8125rem; font-weight: 400; align-self: center; }
  .totals { display: flex; justify-content: space-between; align-items: flex-end; gap: 1rem; padding: .5rem 0 .75rem; }
  .totals > div { display: grid; }
  .totals > div:last-child { text-align: right; }
  .totals .soft { font-size: .875rem; }
  .bars { list-style: none; display: grid; grid-template-columns: max-content 1fr max-content; gap: .625rem .875rem; align-items: center; }
  .bars li { display: contents; }
  .bars .figure { text-align: right; }
  .bar { width: 100%; height: .5rem; border-radius: 99px; overflow: hidden; }
  .bar .track { fill: var(--tint); }
  .bar .fill { fill: var(--accent); }
  .card h2.strong { font-size: 1rem; line-height: 1.4; }
  .proposal[data-state="open"] { border-color: color-mix(in srgb, var(--accent) 45%, var(--line)); }
  .proposal .sum { margin-top: .375rem; font-size: 2.25rem; }
  .answers { display: flex; flex-wrap: wrap; gap: .625rem; margin-top: 1rem; }
  .card button {
    min-height: 2.75rem; padding: .5rem 1.125rem; border-radius: 99px; border: 1px solid var(--line);
    background: transparent; font-weight: 600; transition: background .15s, border-color .15s, opacity .15s;
  }
  .card button:hover:enabled { border-color: var(--accent); background: var(--tint); }
  .card button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); flex: 1 1 auto; }
  .card button.primary:hover:enabled { background: color-mix(in srgb, var(--accent) 88%, var(--ink)); }
  .card button.small { min-height: 2.25rem; padding: .25rem .875rem; font-size: .875rem; }
  .card button:disabled { opacity: .55; }
  .proposal .what { margin-top: .375rem; font: 500 1.25rem/1.4 var(--display); overflow-wrap: anywhere; }
  .proposal .what::first-letter { text-transform: uppercase; }
  .code label { display: grid; gap: .375rem; margin-top: 1rem; font-weight: 600; font-size: .9375rem; }
  .code input {
    font: 500 1.375rem/1.2 var(--font); letter-spacing: .25em; font-variant-numeric: tabular-nums;
    width: 100%; max-width: 13rem; min-height: 2.75rem; padding: .25rem .75rem;
    color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: 10px;
  }
  .outcome { margin-top: 1rem; padding: .625rem .875rem; border-radius: 10px; background: var(--paper); font-weight: 600; color: var(--soft); }
  .outcome.confirmed { background: var(--tint); color: var(--accent); }
  .stamp { display: flex; align-items: center; gap: .875rem; }
  .stamp > div { flex: 1; min-width: 0; }
  .stamp .soft { font-size: .875rem; }
  .stamp .sum { font-size: 1.5rem; white-space: nowrap; }
  .receipt .badge { background: var(--accent); color: var(--on-accent); }
  .waits .badge { background: var(--warm); color: var(--on-warm); }
  .handoff { display: flex; gap: .875rem; align-items: flex-start; }
  @container (max-width: 25rem) {
    .card { padding: 1rem; }
    .proposal .sum { font-size: 1.875rem; }
    .answers button { flex: 1 1 100%; }
    .facts > div { gap: .75rem; }
  }
`;
