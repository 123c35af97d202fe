/** The dialog that shows where a sentence of the knowledge base comes from, with the quotation marked. */
import type { Citation, Passage, VostroClient } from "@vostro/client";
import { html, type TemplateResult } from "lit";

import { fill, type Strings } from "../text/strings.js";
import { icon } from "../cards/icons.js";

export interface OpenPassage {
  readonly citation: Citation;
  /** The passage around the quotation; absent while it loads, or where the search does not answer. */
  readonly passage?: Passage | undefined;
}

/** Finds the passage that a citation is from. The quotation alone is shown when it is not to be had. */
export async function around(client: VostroClient, citation: Citation): Promise<Passage | undefined> {
  try {
    const found = await client.search(citation.quote.slice(0, 500), 10);
    return found.results.find((passage) => passage.chunk_id === citation.chunk_id);
  } catch {
    return undefined;
  }
}

export function passageDialog({ citation, passage }: OpenPassage, words: Strings, close: () => void): TemplateResult {
  const at = passage ? passage.content.indexOf(citation.quote) : -1;
  const quoted = passage && at >= 0 ? passage.content : citation.quote;
  const start = Math.max(at, 0);
  const end = start + citation.quote.length;
  const heading = passage && "heading" in passage && passage.heading ? passage.heading : undefined;
  return html`<div class="passage">
    <header>
      <div><h2 id="passage-title">${citation.title}</h2>
        <p class="soft">${heading ?? fill(words.passageOf, { title: citation.title })}</p></div>
      <button class="plain" aria-label=${words.close} @click=${close}>${icon("close")}</button>
    </header>
    <blockquote tabindex="0">${quoted.slice(0, start)}<mark>${quoted.slice(start, end)}</mark>${quoted.slice(end)}</blockquote>
  </div>`;
}
