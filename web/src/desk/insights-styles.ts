/** How the insights look. */
import { css } from "lit";

export const insightsStyles = css`
  :host { display: block; min-height: 0; overflow-y: auto; }
  main { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1.5rem 3rem; display: grid; gap: 1.25rem; }
  .top { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; justify-content: space-between; }
  h2 { font: 500 1.5rem/1.2 var(--display); }
  h3 { font: 600 1rem/1.4 var(--font); outline-offset: 4px; }
  h4 { font: 600 .9375rem/1.4 var(--font); margin-top: .75rem; }
  .tabs { display: flex; gap: .375rem; flex-wrap: wrap; }
  .tabs button { min-height: 2.25rem; padding: .25rem .875rem; border-radius: 99px; border: 1px solid var(--line); background: var(--surface); font-weight: 600; font-size: .875rem; }
  .tabs button[aria-pressed="true"] { background: var(--tint); border-color: var(--accent); color: var(--accent); }
  .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; }
  .tile, section { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.25rem; min-width: 0; }
  .tile dt { color: var(--soft); font-size: .875rem; }
  .tile dd:first-of-type { font: 500 1.75rem/1.3 var(--display); }
  .tile .soft, .legend, .turns .soft { font-size: .8125rem; }
  .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: .75rem; align-items: start; }
  ul, ol { list-style: none; }
  .bars { display: grid; gap: .5rem; margin-top: .625rem; }
  .bars li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; align-items: baseline; }
  .bars svg { grid-column: 1 / -1; width: 100%; height: 4px; border-radius: 2px; }
  .name { overflow-wrap: anywhere; text-align: left; }
  button.name { border: 0; background: none; padding: .125rem 0; min-height: 1.5rem; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 3px; }
  button.name:hover { color: var(--accent); text-decoration-color: var(--accent); }
  .figure { font-variant-numeric: tabular-nums; }
  .track { fill: var(--line); }
  rect.fill { fill: var(--accent); }
  rect.open { fill: var(--bad); }
  .days { width: 100%; height: 7rem; margin-top: .5rem; border-bottom: 1px solid var(--line); }
  .key { display: inline-block; width: .75rem; height: .75rem; border-radius: 3px; vertical-align: -1px; }
  .key.fill { background: var(--accent); }
  .key.open { background: var(--bad); margin-left: .75rem; }
  .turns { display: grid; gap: .375rem; margin-top: .5rem; }
  .turns button { display: grid; width: 100%; text-align: left; border: 1px solid var(--line); border-radius: 12px; background: none; padding: .5rem .875rem; overflow-wrap: anywhere; }
  .turns button:hover { border-color: var(--accent); background: var(--tint); }
  .facts { display: grid; gap: .375rem; margin-top: .5rem; }
  .facts > div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: .25rem 1rem; }
  .facts dt { color: var(--soft); }
  .facts dd { overflow-wrap: anywhere; white-space: pre-wrap; }
  .audit { display: grid; gap: .375rem; margin-top: .25rem; }
  code { display: block; font-size: .8125rem; overflow-wrap: anywhere; white-space: pre-wrap; color: var(--soft); }
  .trouble { color: var(--bad); font-weight: 600; }
  @media (max-width: 40rem) {
    main { padding: 1rem 1rem 2rem; }
    .facts > div { grid-template-columns: minmax(0, 1fr); }
  }
`;
