// The one way to the node: what it sends with a request, and what becomes of a refusal.
import { afterEach, expect, test, vi } from "vitest";
import { answered, bytesOf, nodeAt, Problem, useCsrf, whenSignedOut } from "../../shared/api/client";

const node = nodeAt("http://localhost:1");
const asked: Request[] = [];

/** The network: it answers everything in this way. */
function answering(answer: () => Response | Promise<Response>): void {
  asked.length = 0;
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request);
    return Promise.resolve(answer());
  });
}
const json = (value: unknown, status = 200, type = "application/json") =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": type } });
const problem = (code: string, status: number, values = {}) =>
  json({ type: `urn:tongping:problem:${code}`, title: code, status, code, values }, status, "application/problem+json");
const refusal = (asking: Promise<unknown>) =>
  asking.then(
    () => undefined,
    (error: unknown) =>
      error instanceof Problem ? { code: error.code, status: error.status, values: error.values } : error,
  );
const tenders = () => answered(node.GET("/api/v1/tenders"));

afterEach(() => vi.unstubAllGlobals());

test("an answer is what the node said", async () => {
  answering(() => json([]));
  expect(await tenders()).toEqual([]);
});

test("an act carries the mark of this session, a question does not", async () => {
  useCsrf("mark");
  answering(() => json({ session: "E1-1" }, 201));
  await answered(node.POST("/api/v1/sessions", { body: { project: "E1" } }));
  await answered(node.GET("/api/v1/sessions/{session}", { params: { path: { session: "E1-1" } } }));
  expect(asked.map((one) => [one.method, one.url, one.headers.get("X-CSRF-Token")])).toEqual([
    ["POST", "http://localhost:1/api/v1/sessions", "mark"],
    ["GET", "http://localhost:1/api/v1/sessions/E1-1", null],
  ]);
  expect(await asked[0]?.json()).toEqual({ project: "E1" });
});

test("a path's part is one part, whatever signs it holds", async () => {
  answering(() => json({}));
  await node.GET("/api/v1/sessions/{session}", { params: { path: { session: "a/../b?c" } } });
  expect(asked[0]?.url).toBe("http://localhost:1/api/v1/sessions/a%2F..%2Fb%3Fc");
});

test("nothing is an answer, too", async () => {
  answering(() => new Response(null, { status: 204 }));
  const path = { session: "E1-1" };
  await expect(answered(node.POST("/api/v1/sessions/{session}/retry", { params: { path } }))).resolves.toBeUndefined();
});

test("a file comes as its bytes", async () => {
  answering(() => new Response(new Uint8Array([1, 2, 3])));
  const path = { session: "E1-1" };
  const file = node.GET("/api/v1/signing/{session}/report.pdf", { params: { path }, parseAs: "arrayBuffer" });
  expect(await bytesOf(file)).toEqual(new Uint8Array([1, 2, 3]));
});

test("a refusal is its problem, with code, status and values", async () => {
  answering(() => problem("stage-not-ready", 409, { blocked: 5 }));
  expect(await refusal(tenders())).toEqual({ code: "stage-not-ready", status: 409, values: { blocked: 5 } });
});

test("a refusal that is no problem document has a code of its own", async () => {
  answering(() => new Response("<html>", { status: 502 }));
  expect(await refusal(tenders())).toEqual({ code: "request-refused", status: 502, values: {} });
});

test("a node that does not answer is told as such", async () => {
  answering(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(await refusal(tenders())).toEqual({ code: "node-unreachable", status: 0, values: {} });
});

test("the end of the session is noticed by whatever is asked next", async () => {
  const ended = vi.fn();
  whenSignedOut(ended);
  answering(() => problem("not-signed-in", 401));
  expect(await refusal(tenders())).toEqual({ code: "not-signed-in", status: 401, values: {} });
  expect(ended).toHaveBeenCalledOnce();
});
