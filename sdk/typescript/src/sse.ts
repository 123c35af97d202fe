/**
 * Server-sent events out of a response's body (WHATWG HTML, section 9.2.6).
 *
 * A parser of its own, since `EventSource` can neither POST nor set headers.
 */

/** One event as it came. */
export interface ServerSentEvent {
  /** The event's name; `message` when none was given. */
  readonly event: string;
  /** The last id that was seen, this event's included. */
  readonly id: string;
  readonly data: string;
}

/** An event may be large, an endless line may not. */
const LINE_CHARS_MAX = 4 << 20;

/** The events of a body. Ends when the body does; an event without its blank line at the end is dropped, as the standard says. */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const fields = { event: "", id: "", data: [] as string[] };
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += value === undefined ? "" : decoder.decode(value, { stream: true });
      if (done) return;
      if (rest.length > LINE_CHARS_MAX) throw new TypeError("the event stream has a line without an end");
      // A line feed may still follow a carriage return at the end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = take(line, fields);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function take(line: string, fields: { event: string; id: string; data: string[] }): ServerSentEvent | undefined {
  if (line === "") {
    const event =
      fields.data.length === 0
        ? undefined
        : { event: fields.event || "message", id: fields.id, data: fields.data.join("\n") };
    fields.event = "";
    fields.data = [];
    return event;
  }
  const colon = line.indexOf(":");
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (name === "event") fields.event = value;
  else if (name === "data") fields.data.push(value);
  else if (name === "id" && !value.includes("\0")) fields.id = value;
  return undefined;
}
