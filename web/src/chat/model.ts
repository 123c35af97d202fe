/**
 * What a conversation is on the screen, and what follows from it. Pure: no network, no DOM, no clock.
 */
import type { Card, ChatEvent, ChatResponse, Citation, ConversationTurn, HandOff } from "@vostro/client";

export interface UserItem {
  readonly kind: "user";
  readonly id: string;
  readonly text: string;
  readonly at: number;
  readonly state: "sending" | "sent" | "failed";
  /** A one-time code: never shown, never kept beyond the page. */
  readonly isSecret?: boolean;
  /** Why it failed, in the server's words. */
  readonly error?: string;
}

export interface ReplyItem {
  readonly kind: "reply";
  readonly id: string;
  readonly text: string;
  readonly cards: readonly Card[];
  readonly citations: readonly Citation[];
  readonly intent: string | undefined;
  /** Names of the commands that the message was understood as. */
  readonly commands: readonly string[];
  readonly passed: boolean;
  readonly isDone: boolean;
  readonly at: number;
  /** Who wrote it: the assistant, or a colleague at the bank. */
  readonly by: "assistant" | "person";
}

export type Item = UserItem | ReplyItem;

/** How a proposal stands, as far as this conversation knows. */
export type ProposalState = "open" | "confirmed" | "cancelled" | "superseded";

export const emptyReply = (id: string, at: number): ReplyItem => ({
  kind: "reply",
  id,
  text: "",
  cards: [],
  citations: [],
  intent: undefined,
  commands: [],
  passed: true,
  isDone: false,
  at,
  by: "assistant",
});

/** A reply after an event. Kinds that a later server adds change nothing. */
export function after(reply: ReplyItem, event: ChatEvent): ReplyItem {
  switch (event.type) {
    case "progress":
      return { ...reply, intent: event.data.intent ?? reply.intent };
    case "sentence":
      return { ...reply, text: reply.text + event.data.text };
    case "card":
      return { ...reply, cards: [...reply.cards, event.data] };
    case "restart":
      return emptyReply(reply.id, reply.at);
    case "done":
      return whole(reply.id, event.data);
    default:
      return reply;
  }
}

export function whole(id: string, response: ChatResponse): ReplyItem {
  const commands = response.commands.map((command) => (command as { command?: unknown }).command);
  return {
    kind: "reply",
    id,
    text: response.message,
    cards: response.cards,
    citations: response.citations,
    intent: response.intent ?? undefined,
    commands: commands.filter((name) => typeof name === "string"),
    passed: response.guardrails_passed,
    isDone: true,
    at: response.timestamp * 1_000,
    by: "assistant",
  };
}

/** Recorded turns as they stood on the screen. */
export function recorded(turns: readonly ConversationTurn[]): Item[] {
  return turns.flatMap((turn): Item[] => [
    { kind: "user", id: `${turn.turn_id}-message`, text: turn.message, at: turn.at * 1_000, state: "sent" },
    whole(turn.turn_id, turn.reply),
  ]);
}

/** Whether a person was called in this conversation. */
export const wasHandedOff = (items: readonly Item[]): boolean =>
  items.some((item) => item.kind === "reply" && item.cards.some((card) => card.type === "hand_off"));

/** What a colleague wrote, as items beside the others. */
export function fromPeople(messages: HandOff["messages"]): ReplyItem[] {
  const theirs = messages.filter((message) => message.sender === "colleague");
  return theirs.map((message) => {
    const at = Date.parse(message.at);
    const item = emptyReply(`person-${message.number}-${message.at}`, at);
    return { ...item, text: message.text, isDone: true, by: "person" };
  });
}

export type FactorMethod = Extract<Card, { type: "second_factor" }>["method"];

export interface Proposals {
  /** How each proposal stands. */
  readonly states: Map<string, ProposalState>;
  /** The item where the open one can be answered. */
  readonly answerable: string | undefined;
  /** The second factor that its answer needs. */
  readonly factor: FactorMethod | undefined;
}

const proposed = (card: Card): string | undefined =>
  card.type === "confirmation" || card.type === "change_confirmation" ? card.confirmation_id : undefined;

/** The second factor that a reply asks for. */
export const factorOf = (reply: ReplyItem): FactorMethod | undefined =>
  reply.cards.find((card): card is Extract<Card, { type: "second_factor" }> => card.type === "second_factor")?.method;

/** How proposals stand. One that a reply asks a second factor for stays open, and is answered there. */
export function proposals(items: readonly Item[]): Proposals {
  const states = new Map<string, ProposalState>();
  let shownBy: string | undefined;
  let factor: FactorMethod | undefined;
  const close = (state: ProposalState) => {
    for (const [id, was] of states) if (was === "open") states.set(id, state);
  };
  for (const item of items) {
    if (item.kind !== "reply" || !item.isDone) continue;
    for (const id of item.cards.flatMap(settles)) if (states.has(id)) states.set(id, "confirmed");
    if (item.commands.includes("deny") || item.commands.includes("cancel")) close("cancelled");
    const id = item.cards.map(proposed).find((id) => id !== undefined);
    const asked = factorOf(item);
    if (id !== undefined) {
      if (states.get(id) !== "open") close("superseded");
      states.set(id, "open");
    } else if (asked === undefined && item.commands.includes("confirm")) close("superseded");
    if (id !== undefined || asked !== undefined) {
      shownBy = item.id;
      factor = asked;
    }
  }
  const isOpen = [...states.values()].includes("open");
  return isOpen ? { states, answerable: shownBy, factor } : { states, answerable: undefined, factor: undefined };
}

/** The proposals that a card shows to be confirmed. */
function settles(card: Card): string[] {
  switch (card.type) {
    case "receipt":
      return [card.receipt.confirmation_id];
    case "pending":
      return [card.pending.confirmation_id];
    case "schedules":
      return card.items.map((item) => item.schedule_id);
    case "changed":
      return [card.confirmation_id];
    default:
      return [];
  }
}

const LISTED = new Set(["balances", "transactions", "spending", "payees", "bills", "schedules", "statement"]);
const LISTED_BY_INTENT = /^(check_balance|show_transactions|sum_spending|statement|list_\w+)$/;

/** The text without what stands beside it anyway: the list that a card shows, the sources that are shown apart. */
export function shownText(reply: ReplyItem): string {
  let text = reply.text;
  const isListed = reply.isDone
    ? reply.cards.some((card) => LISTED.has(card.type))
    : LISTED_BY_INTENT.test(reply.intent ?? "");
  if (isListed) {
    const lines = text.split("\n").filter((line) => !/^- /.test(line));
    text = lines.join("\n").trim();
  }
  const title = reply.citations[0]?.title;
  const cut = text.lastIndexOf("\n\n");
  const last = text.slice(cut + 2);
  if (title !== undefined && cut >= 0 && /^\p{L}+: /u.test(last) && last.includes(title) && !last.includes("\n")) {
    text = text.slice(0, cut);
  }
  return text;
}
