/** How the page around the thread looks. */
import { css } from "lit";

export const pageStyles = css`
  :host { display: grid; grid-template-columns: 18.5rem minmax(0, 1fr); height: 100dvh; background: var(--paper); }
  .skip { position: absolute; border: 0; white-space: nowrap; left: .75rem; top: -4rem; z-index: 2; background: var(--accent); color: var(--on-accent); padding: .625rem 1rem; border-radius: 10px; }
  .skip:focus { top: .75rem; }
  .side { border-right: 1px solid var(--line); background: color-mix(in srgb, var(--paper) 60%, var(--surface)); min-height: 0; }
  .side-in { display: grid; grid-template-rows: auto auto minmax(0, 1fr) auto; gap: 1rem; height: 100%; padding: 1.125rem 1rem 1rem; }
  .brand { display: flex; align-items: center; gap: .625rem; font: 500 1.3125rem/1 var(--display); letter-spacing: -.01em; padding: .125rem .25rem; }
  .seal { display: grid; place-items: center; width: 2rem; height: 2rem; border-radius: 9px; background: var(--accent); color: var(--on-accent); }
  .seal .icon { width: 1.125rem; height: 1.125rem; }
  .begin { display: flex; align-items: center; gap: .625rem; min-height: 2.75rem; padding: .375rem .875rem; border-radius: 12px; border: 1px solid var(--line); background: var(--surface); font-weight: 600; }
  .begin:hover { border-color: var(--accent); }
  .skips { position: absolute; }
  .side nav, .drawer nav { overflow-y: auto; min-height: 0; margin: 0 -.375rem; padding: 0 .375rem; }
  .eyebrow { font: 600 .75rem/1.4 var(--font); letter-spacing: .06em; text-transform: uppercase; color: var(--soft); padding: .25rem; }
  .none { font-size: .875rem; padding: .25rem; }
  nav ul { list-style: none; display: grid; gap: .125rem; }
  .entry { display: grid; width: 100%; text-align: left; border: 0; background: none; border-radius: 10px; padding: .5rem .625rem; line-height: 1.35; }
  .entry .title { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .entry .soft { font-size: .75rem; }
  .entry:hover { background: var(--tint); }
  .entry[aria-current] { background: var(--tint); font-weight: 600; }
  .entry[aria-current] .soft { font-weight: 400; }
  .settings { border-top: 1px solid var(--line); padding-top: .625rem; font-size: .875rem; }
  .settings summary { cursor: pointer; padding: .5rem .25rem; font-weight: 600; border-radius: 8px; }
  .settings summary .soft { float: right; font-weight: 400; max-width: 9rem; overflow: hidden; text-overflow: ellipsis; }
  .settings label { display: grid; grid-template-columns: 1fr 9.5rem; align-items: center; gap: .5rem; padding: .25rem; }
  .settings select, .settings input { min-height: 2.25rem; width: 100%; border: 1px solid color-mix(in srgb, var(--soft) 55%, var(--line)); border-radius: 8px; background: var(--surface); padding: .25rem .5rem; }
  .settings p { font-size: .75rem; padding: .375rem .25rem 0; line-height: 1.45; }
  main { display: grid; grid-template-rows: auto minmax(0, 1fr); min-width: 0; min-height: 0; }
  header { display: flex; align-items: center; gap: .75rem; padding: .625rem 1.25rem; border-bottom: 1px solid var(--line); min-height: 3.75rem; }
  h1 { flex: 1; min-width: 0; font: 600 1rem/1.3 var(--font); display: flex; align-items: center; gap: .5rem; }
  h1 .name { display: none; }
  h1 .soft { font-weight: 600; color: var(--ink); }
  .ai { font-size: .6875rem; font-weight: 600; letter-spacing: .04em; border: 1px solid var(--accent); color: var(--accent); border-radius: 6px; padding: .0625rem .3125rem; }
  .person { display: flex; align-items: center; gap: .5rem; min-height: 2.5rem; padding: .25rem .875rem; border-radius: 99px; border: 1px solid var(--line); background: var(--surface); font-size: .9375rem; font-weight: 500; }
  .person:hover { border-color: var(--accent); background: var(--tint); }
  .plain { border: 0; background: none; width: 2.75rem; height: 2.75rem; display: grid; place-items: center; border-radius: 50%; flex: none; }
  .plain:hover { background: var(--tint); }
  .menu { display: none; margin-left: -.625rem; }
  .drawer { margin: 0; border: 0; padding: 0; height: 100dvh; max-height: none; width: min(20rem, 86vw); max-width: none; background: var(--paper); color: var(--ink); }
  .drawer[open] { animation: slide .22s cubic-bezier(.2, .7, .2, 1); }
  @keyframes slide { from { translate: -2rem 0; opacity: 0; } }
  .drawer::backdrop { background: rgb(8 16 13 / 55%); }
  .drawer-close { position: absolute; right: .5rem; top: .625rem; }
  @media (max-width: 52rem) {
    :host { grid-template-columns: minmax(0, 1fr); }
    .side { display: none; }
    .menu { display: grid; }
    header { padding: .375rem .75rem .375rem 1rem; min-height: 3.5rem; }
  }
  @media (max-width: 26rem) {
    .person span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .person { padding: .25rem .6875rem; }
  }
`;
