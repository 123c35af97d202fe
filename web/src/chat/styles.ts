/** How the thread of messages and the composer look. */
import { css } from "lit";

export const threadStyles = css`
  :host { display: grid; grid-template-rows: minmax(0, 1fr) auto; min-height: 0; height: 100%; background: var(--paper); position: relative; }
  .scroll { overflow-y: auto; overscroll-behavior: contain; scroll-behavior: smooth; outline-offset: -2px; }
  .column { container-type: inline-size; width: 100%; max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.25rem 2rem; display: flex; flex-direction: column; gap: 1.5rem; }
  .welcome { padding: clamp(1rem, 9vh, 5.5rem) 0 .5rem; display: grid; gap: 1.125rem; }
  .welcome h2 { font: 500 clamp(1.75rem, 1.2rem + 2.6vw, 2.75rem)/1.14 var(--display); letter-spacing: -.02em; max-width: 17ch; text-wrap: balance; }
  .promise { display: grid; gap: .5rem; color: var(--soft); max-width: 36rem; }
  .promise p { display: flex; gap: .625rem; }
  .promise .icon { color: var(--accent); margin-top: .15rem; }
  .message { display: grid; gap: .75rem; max-width: 100%; }
  .mine { justify-items: end; }
  .bubble { background: var(--mine); color: var(--on-mine); border-radius: 1.25rem 1.25rem .375rem 1.25rem; padding: .625rem 1rem; max-width: min(85%, 34rem); white-space: pre-wrap; overflow-wrap: anywhere; }
  .failed .bubble { background: transparent; color: var(--ink); border: 1px dashed var(--bad); }
  .trouble { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; justify-content: flex-end; font-size: .875rem; color: var(--bad); }
  .who { display: flex; align-items: center; gap: .5rem; font-size: .8125rem; color: var(--soft); }
  .who .mark { display: grid; place-items: center; width: 1.5rem; height: 1.5rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
  .who .mark .icon { width: .875rem; height: .875rem; }
  .who.person .mark { background: var(--on-warm); color: var(--warm); }
  .text { display: grid; gap: .625rem; overflow-wrap: anywhere; max-width: 38rem; }
  .text ul, .text ol { padding-left: 1.375rem; display: grid; gap: .25rem; }
  .text li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
  .text .heading { font-weight: 600; }
  .text code { font: .9em ui-monospace, "SF Mono", Menlo, monospace; background: var(--tint); border-radius: 4px; padding: .1em .3em; }
  .table { overflow-x: auto; }
  table { border-collapse: collapse; font-size: .9375rem; }
  th, td { text-align: left; padding: .375rem .875rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  .arrived > * { animation: arrive .28s cubic-bezier(.2, .7, .2, 1) both; }
  @keyframes arrive { from { opacity: 0; transform: translateY(6px); } }
  .typing { display: inline-flex; gap: .3rem; padding: .5rem 0; }
  .typing i { width: .4375rem; height: .4375rem; border-radius: 50%; background: var(--soft); animation: pulse 1.2s infinite ease-in-out; }
  .typing i:nth-child(2) { animation-delay: .15s; }
  .typing i:nth-child(3) { animation-delay: .3s; }
  @keyframes pulse { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
  .blocked { display: flex; gap: .5rem; align-items: center; font-size: .875rem; color: var(--on-warm); background: var(--warm); border-radius: 10px; padding: .5rem .75rem; justify-self: start; }
  .sources { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; list-style: none; }
  .chip { display: inline-flex; align-items: center; gap: .5rem; min-height: 2.5rem; padding: .375rem .9375rem; border: 1px solid var(--line); border-radius: 99px; background: var(--surface); font-size: .9375rem; text-align: left; transition: border-color .15s, background .15s; }
  .chip:hover:enabled { border-color: var(--accent); background: var(--tint); }
  .chip:disabled { opacity: .6; }
  .chip.source { min-height: 2rem; padding: .125rem .75rem; font-size: .8125rem; color: var(--soft); }
  .chip.source .icon { width: 1rem; height: 1rem; }
  .chips { display: flex; flex-wrap: wrap; gap: .5rem; }
  .link { border: 0; background: none; padding: .25rem; font-weight: 600; text-decoration: underline; text-underline-offset: .2em; color: inherit; min-height: 1.75rem; }
  .foot-bar { background: linear-gradient(to top, var(--paper) 75%, transparent); padding: 0 1.25rem max(.75rem, env(safe-area-inset-bottom)); }
  .composer { max-width: 46rem; margin: 0 auto; display: grid; gap: .375rem; }
  .status { font-size: .875rem; color: var(--on-warm); background: var(--warm); border-radius: 10px; padding: .5rem .875rem; display: flex; gap: .5rem; align-items: center; }
  .field { display: flex; align-items: flex-end; gap: .5rem; background: var(--surface); border: 1px solid color-mix(in srgb, var(--soft) 55%, var(--line)); border-radius: 1.625rem; padding: .375rem .375rem .375rem 1.125rem; box-shadow: var(--shadow); }
  .field:focus-within { border-color: var(--accent); box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 22%, transparent); }
  textarea { flex: 1; width: 0; min-width: 0; overflow-wrap: anywhere; resize: none; border: 0; background: none; padding: .5625rem 0; line-height: 1.4; max-height: 9.5rem; field-sizing: content; }
  textarea:focus-visible { outline: none; }
  textarea::placeholder { color: var(--soft); opacity: 1; }
  .round { display: grid; place-items: center; width: 2.625rem; height: 2.625rem; border-radius: 50%; border: 0; background: var(--accent); color: var(--on-accent); flex: none; transition: opacity .15s; }
  .round:disabled { background: var(--line); color: var(--soft); }
  .note { font-size: .75rem; color: var(--soft); text-align: center; }
  .jump { position: absolute; left: 50%; bottom: 7.5rem; translate: -50% 0; width: 2.5rem; height: 2.5rem; border-radius: 50%; border: 1px solid var(--line); background: var(--surface); color: var(--ink); box-shadow: var(--shadow); display: grid; place-items: center; }
  dialog { border: 0; border-radius: var(--radius); background: var(--surface); color: var(--ink); padding: 0; width: min(40rem, calc(100vw - 2rem)); max-height: min(44rem, calc(100vh - 4rem)); box-shadow: 0 24px 64px -16px rgb(0 0 0 / 45%); }
  dialog::backdrop { background: rgb(8 16 13 / 55%); }
  .passage { display: grid; gap: .875rem; padding: 1.25rem 1.5rem 1.5rem; }
  .passage header { display: flex; gap: 1rem; justify-content: space-between; align-items: flex-start; }
  .passage h2 { font: 500 1.375rem/1.25 var(--display); }
  .passage blockquote { white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); }
  mark { background: var(--tint); color: var(--ink); border-radius: 3px; box-decoration-break: clone; padding: .05em .1em; }
  .plain { border: 0; background: none; width: 2.5rem; height: 2.5rem; display: grid; place-items: center; border-radius: 50%; flex: none; }
  .plain:hover { background: var(--tint); }
`;
