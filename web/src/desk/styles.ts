/** How the desk looks. */
import { css } from "lit";

export const deskStyles = css`
  :host { display: grid; grid-template-rows: auto minmax(0, 1fr); height: 100dvh; background: var(--paper); }
  header { display: flex; align-items: center; gap: 1rem; padding: .75rem 1.25rem; border-bottom: 1px solid var(--line); }
  h1 { flex: 1; font: 500 1.3125rem/1.2 var(--display); }
  nav { display: flex; gap: .375rem; }
  nav button[aria-pressed="true"] { background: var(--tint); border-color: var(--accent); color: var(--accent); }
  main { display: grid; grid-template-columns: 21rem minmax(0, 1fr); min-height: 0; }
  button { min-height: 2.5rem; padding: .375rem 1rem; border-radius: 99px; border: 1px solid var(--line); background: var(--surface); font-weight: 600; }
  button:hover:enabled { border-color: var(--accent); background: var(--tint); }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  button:disabled { opacity: .55; }
  main.door-room { display: block; overflow-y: auto; }
  .door { max-width: 24rem; margin: 12vh auto 0; padding: 0 1.25rem; display: grid; gap: 1rem; align-content: start; }
  .door h2, .empty h2 { font: 500 1.75rem/1.2 var(--display); }
  label { display: grid; gap: .25rem; font-weight: 600; font-size: .9375rem; }
  input, textarea { width: 100%; min-height: 2.75rem; border: 1px solid color-mix(in srgb, var(--soft) 55%, var(--line)); border-radius: 10px; background: var(--surface); padding: .5rem .75rem; font-weight: 400; }
  .queue { border-right: 1px solid var(--line); display: grid; grid-template-rows: auto minmax(0, 1fr); min-height: 0; }
  .tabs { display: flex; gap: .375rem; padding: .75rem; }
  .tabs button { flex: 1; padding: .25rem .5rem; font-size: .875rem; }
  .tabs button[aria-pressed="true"] { background: var(--tint); border-color: var(--accent); color: var(--accent); }
  .queue ul { list-style: none; overflow-y: auto; padding: 0 .75rem .75rem; display: grid; gap: .375rem; align-content: start; }
  .entry { display: grid; gap: .125rem; width: 100%; text-align: left; border-radius: 12px; padding: .625rem .875rem; font-weight: 400; }
  .entry[aria-current="true"] { border-color: var(--accent); background: var(--tint); }
  .entry .soft, .soft small { font-size: .8125rem; }
  .line { display: flex; gap: .5rem; align-items: center; justify-content: space-between; }
  .tag { font: 600 .75rem/1 var(--font); padding: .25rem .5rem; border-radius: 99px; background: var(--tint); color: var(--accent); }
  .tag.urgent { background: var(--warm); color: var(--on-warm); }
  .none { padding: 1rem; }
  .detail { display: grid; grid-template-rows: auto minmax(0, 1fr) auto; min-height: 0; }
  .about { padding: 1rem 1.5rem; border-bottom: 1px solid var(--line); display: grid; gap: .625rem; }
  .about h2 { font: 500 1.375rem/1.25 var(--display); }
  .briefing { border-left: 3px solid var(--line); padding-left: .75rem; display: grid; gap: .25rem; }
  .briefing p { margin: 0; }
  .orders { display: flex; gap: .5rem; flex-wrap: wrap; }
  dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; font-size: .9375rem; }
  dl > div { display: flex; gap: .5rem; }
  dt { color: var(--soft); }
  dd { overflow-wrap: anywhere; }
  .talk { overflow-y: auto; padding: 1.25rem 1.5rem; display: grid; gap: .75rem; align-content: start; outline-offset: -2px; }
  .say { max-width: 36rem; padding: .5rem .875rem; border-radius: 14px; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--surface); border: 1px solid var(--line); justify-self: start; }
  .say.assistant { background: none; color: var(--soft); }
  .say.colleague { justify-self: end; background: var(--mine); color: var(--on-mine); border: 0; }
  .say small { display: block; font-size: .75rem; opacity: .9; }
  .reply { display: flex; gap: .625rem; align-items: flex-end; padding: .75rem 1.5rem 1rem; border-top: 1px solid var(--line); }
  .reply textarea { resize: none; field-sizing: content; max-height: 9rem; }
  .trouble { color: var(--bad); font-weight: 600; }
  .empty { place-self: center; text-align: center; color: var(--soft); display: grid; gap: .5rem; }
  .empty h2 { color: var(--ink); }
  @media (max-width: 52rem) {
    header { flex-wrap: wrap; gap: .5rem; padding: .75rem 1rem; }
    .by { display: none; }
    main { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(8rem, 34%) minmax(0, 1fr); }
    .queue { border-right: 0; border-bottom: 1px solid var(--line); }
    .about, .talk, .reply { padding-left: 1rem; padding-right: 1rem; }
  }
`;
