/** What a card needs besides its data. */
import type { Language, Strings } from "../text/strings.js";
import type { ProposalState } from "../chat/model.js";

export interface CardContext {
  readonly words: Strings;
  readonly language: Language;
  /** Whether this item is where an open proposal can be answered. */
  readonly isAnswerable: boolean;
  readonly isBusy: boolean;
  readonly now: number;
  readonly stateOf: (confirmationId: string) => ProposalState | undefined;
  /** Says something for the customer, as if typed. */
  readonly say: (text: string) => void;
}
