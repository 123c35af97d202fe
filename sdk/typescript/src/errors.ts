/** What can go wrong, in three kinds: the service said no, it could not be reached, or it broke off. */

/** The service answered with an error (RFC 9457, with the members `error` and `detail`). */
export class VostroError extends Error {
  override readonly name = "VostroError";

  constructor(
    /** The HTTP status; 0 when the service could not be reached or broke off. */
    readonly status: number,
    /** The error's name, such as `ValidationError`; `Unreachable` or `Interrupted` when there was no answer. */
    readonly error: string,
    /** What was wrong, in words. */
    readonly detail: string,
    /** Seconds to wait before asking again, where the service said so. */
    readonly retryAfter?: number,
    options?: ErrorOptions,
  ) {
    super(`${error}: ${detail}`, options);
  }

  /** Whether the same request, under the same `Idempotency-Key`, may succeed later. */
  get isPassing(): boolean {
    if (this.status === 409) return this.retryAfter !== undefined;
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export async function errorOf(response: Response): Promise<VostroError> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    body = undefined;
  }
  const told = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
  const wait = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  return new VostroError(
    response.status,
    text(told["error"], "HttpError"),
    text(told["detail"], response.statusText || `status ${response.status}`),
    Number.isFinite(wait) ? wait : undefined,
  );
}

/** `fetch` failed before there was an answer. */
export const unreachable = (cause: unknown): VostroError =>
  new VostroError(0, "Unreachable", "the service cannot be reached", undefined, { cause });

/** The answer broke off. */
export const interrupted = (cause?: unknown): VostroError =>
  new VostroError(0, "Interrupted", "the answer broke off", undefined, { cause });
