/** Names for the shapes of the API; `schema.d.ts` is generated from the OpenAPI document. */
import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type ChatResponse = Schemas["ChatResponse"];
export type Card = Schemas["Card"];
export type Amount = Schemas["Amount"];
export type Movement = Schemas["Movement"];
export type Citation = Schemas["Citation"];
export type Receipt = Schemas["ReceiptView"];
export type Statement = Schemas["Statement"];
export type SearchResponse = Schemas["SearchResponse"];
export type Passage = SearchResponse["results"][number];
export type CheckResponse = Schemas["Verdict"];
export type Conversation = Schemas["Conversation"];
export type HandOff = Schemas["CustomerHandoff"];
export type ConversationTurn = Schemas["ConversationTurn"];

/** A turn while it is being answered. What a later version adds comes as an event that is not named here. */
export type ChatEvent =
  | { readonly type: "progress"; readonly data: { readonly step?: string; readonly intent?: string | null } }
  | { readonly type: "sentence"; readonly data: { readonly text: string } }
  | { readonly type: "card"; readonly data: Card }
  | { readonly type: "done"; readonly data: ChatResponse }
  /** What came before is void, the answer comes again from its start: it was broken off and made anew. */
  | { readonly type: "restart"; readonly data: null };
