/** A conversation: it remembers its session, and sends one message after the other. */
import type { MessageOptions, VostroClient } from "./client.js";
import type { ChatEvent, ChatResponse } from "./types.js";

type Options = Omit<MessageOptions, "sessionId">;

export class Chat {
  /** The session's id, once the first reply has come. */
  sessionId: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly client: VostroClient,
    sessionId?: string,
  ) {
    this.sessionId = sessionId;
  }

  /** Sends a message and waits for the reply. Messages that are sent at once are answered in order. */
  send(message: string, options: Options = {}): Promise<ChatResponse> {
    const reply = this.#last.then(async () => {
      const answer = await this.client.send(message, { ...options, sessionId: this.sessionId });
      this.sessionId = answer.session_id;
      return answer;
    });
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  /** Sends a message and gives the answer as it is made. */
  async *stream(message: string, options: Options = {}): AsyncGenerator<ChatEvent, void, void> {
    const before = this.#last;
    let finish = (): void => undefined;
    this.#last = new Promise<void>((resolve) => (finish = resolve));
    try {
      await before;
      for await (const event of this.client.stream(message, { ...options, sessionId: this.sessionId })) {
        if (event.type === "done") this.sessionId = event.data.session_id;
        yield event;
      }
    } finally {
      finish();
    }
  }
}
