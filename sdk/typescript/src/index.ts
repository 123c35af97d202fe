/** The client of a Vostro concierge. Start with {@link VostroClient} and {@link Chat}. */
export { Chat } from "./chat.js";
export { type ClientOptions, type MessageOptions, VostroClient } from "./client.js";
export { VostroError } from "./errors.js";
export { type ServerSentEvent, serverSentEvents } from "./sse.js";
export type * from "./types.js";
