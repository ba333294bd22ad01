// Talks to the own centre's node in the words of its interface document; every refusal is a Problem with its stable code.
import createClient, { type Middleware } from "openapi-fetch";
import { learnClock } from "../page/clock";
import type { components, paths } from "./types";

export type ProblemValues = Readonly<components["schemas"]["Problem"]["values"]>;

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

/** What to do when the node says that nobody is signed in any more. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const rules: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrf);
  },
  async onResponse({ response }) {
    learnClock(response.headers.get("Date"));
    if (!response.ok) throw await problemOf(response);
  },
  onError() {
    return new Problem("node-unreachable", 0);
  },
};

/** The routes of the node at this origin, by the paths of docs/openapi.json. A refusal rejects with its Problem. */
export function nodeAt(origin: string) {
  const client = createClient<paths>({
    baseUrl: origin,
    credentials: "same-origin",
    cache: "no-store",
    headers: { Accept: "application/json" },
    fetch: (request) => fetch(request),
  });
  client.use(rules);
  return client;
}

/** The own centre's node: the page's own origin. */
export const node = nodeAt("");

/** What the node answered: `node` never resolves to a refusal. */
export async function answered<Answer>(asked: Promise<{ data?: Answer }>): Promise<Answer> {
  return (await asked).data as Answer;
}

/** The bytes of a file that the node answered with. */
export async function bytesOf(asked: Promise<{ data?: ArrayBuffer }>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await answered(asked));
}

async function problemOf(response: Response): Promise<Problem> {
  const document = (await response.json().catch(() => ({}))) as Partial<components["schemas"]["Problem"]>;
  const problem = new Problem(document.code ?? "request-refused", response.status, document.values ?? {});
  if (problem.code === "not-signed-in") onSignedOut();
  return problem;
}
