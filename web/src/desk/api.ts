/** The desk's operations, as the OpenAPI document has them, with the operators' secret. */
import { type components } from "@vostro/client/schema";

type Schemas = components["schemas"];
export type HandOff = Schemas["HandOffView"];
export type Detail = Schemas["HandOffDetail"];
export type Briefing = Schemas["BriefingView"];
export type Status = "waiting" | "claimed" | "closed";
export type Insights = Schemas["InsightsView"];
export type Turn = Schemas["MeasuredTurnView"];
export type Trace = Schemas["TurnTrace"];
/** Which turns: by the names that figures are counted under. */
export type TurnFilter = { readonly disposition?: string; readonly intent?: string; readonly verdict?: string };

/** The service said no: in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

export class DeskApi {
  constructor(
    readonly token: string,
    readonly by: string,
  ) {}

  async queue(status: Status): Promise<HandOff[]> {
    const body = await this.#ask<{ handoffs: HandOff[] }>("GET", `handoffs?status=${status}&limit=100`);
    return body.handoffs;
  }

  one = (id: string): Promise<Detail> => this.#ask("GET", `handoffs/${encodeURIComponent(id)}`);
  briefing = (id: string): Promise<Briefing> => this.#ask("GET", `handoffs/${encodeURIComponent(id)}/briefing`);
  claim = (id: string): Promise<HandOff> => this.#order(id, "claim", {});
  reply = (id: string, message: string): Promise<HandOff> => this.#order(id, "reply", { message });
  close = (id: string, giveBack: boolean): Promise<HandOff> => this.#order(id, "close", { give_back: giveBack });

  insights = (days: number): Promise<Insights> => this.#ask("GET", `insights?days=${days}`);
  trace = (turn: string): Promise<Trace> => this.#ask("GET", `turns/${encodeURIComponent(turn)}`);

  async turns(days: number, filter: TurnFilter): Promise<Turn[]> {
    const query = new URLSearchParams({ days: String(days), limit: "50", ...filter });
    return (await this.#ask<{ turns: Turn[] }>("GET", `turns?${query}`)).turns;
  }

  #order(id: string, what: string, body: object): Promise<HandOff> {
    return this.#ask("POST", `handoffs/${encodeURIComponent(id)}/${what}`, { by: this.by, ...body });
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json", authorization: `Bearer ${this.token}` };
    if (body) headers["content-type"] = "application/json";
    const request = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(`/api/v1/desk/${path}`, request).catch(() => undefined);
    if (!response) throw new Refused(0, "The server cannot be reached.");
    if (response.ok) return (await response.json()) as T;
    const told = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Refused(response.status, told.detail ?? response.statusText);
  }
}
