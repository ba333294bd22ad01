// Talks to the own centre's node: JSON in, JSON out, and every refusal as a Problem with its stable code.
import { learnClock } from "./page/clock";

export type ProblemValues = Readonly<Record<string, string | number>>;

/** A refusal by the node (RFC 9457), or the node not answering at all (`node-unreachable`). */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly values: ProblemValues = {},
  ) {
    super(code);
  }
}

let csrf = "";
let onSignedOut: () => void = () => undefined;

export function useCsrf(token: string): void {
  csrf = token;
}

/** What to do when the node answers that nobody is signed in any more. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export function get<T>(path: string): Promise<T> {
  return call<T>("GET", path);
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return call<T>("POST", path, body);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return call<T>("PUT", path, body);
}

export async function getBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request("GET", path);
  return new Uint8Array(await response.arrayBuffer());
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(method, path, body);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(path, init).catch(() => {
    throw new Problem("node-unreachable", 0);
  });
  learnClock(response.headers.get("Date"));
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<Problem> {
  const document = (await response.json().catch(() => ({}))) as { code?: string; values?: ProblemValues };
  const problem = new Problem(document.code ?? "request-refused", response.status, document.values ?? {});
  if (problem.code === "not-signed-in") onSignedOut();
  return problem;
}
