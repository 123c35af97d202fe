/** What a card needs besides its data. */
import type { Language, Strings } from "../text/strings.js";
import type { FactorMethod, ProposalState } from "../chat/model.js";

export interface CardContext {
  readonly words: Strings;
  readonly language: Language;
  /** Whether this item is where an open proposal can be answered. */
  readonly isAnswerable: boolean;
  readonly isBusy: boolean;
  /** The second factor that the answer needs. */
  readonly factor: FactorMethod | undefined;
  /** Whether this item shows what is to be answered, and not only that a factor is wanted. */
  readonly isBesideProposal: boolean;
  readonly now: number;
  readonly stateOf: (confirmationId: string) => ProposalState | undefined;
  /** Says something for the customer, as if typed. */
  readonly say: (text: string) => void;
}
