// Checks one file against its record, the record against the log, and the log against the chain. Nothing of the page in here.
import { commit, equal, hex, sha256, unb64u } from "./bytes.js";
import { leafHash, verifyInclusion } from "./merkle.js";

const COSIGNATURES = "chain.cosignatures";
const SEALINGS = ["report.sealed.v1", "report.sealed.v2"];

/**
 * Examine a file's bytes. `readHead` and `readCosignatures` ask the chain, `findDocument(digest, size)` the site: its answer, or null when it
 * knows no such document. Returns {outcome, digest, document, checks}; outcome is proven, draft, unknown, failed or open.
 */
export async function examine(bytes, { readHead, readCosignatures, findDocument, chain, contract, rpc }) {
  const digest = hex(await sha256(bytes));
  const head = await readHead().catch(() => null);
  const size = head && head.size > 0 ? head.size : undefined;
  const found = await findDocument(digest, size);
  if (found === null) return { outcome: "unknown", digest, document: null, checks: [] };
  const checks = [check("document.digest", "pass", { digest })];
  const steps = [
    () => recordNames(found, digest),
    () => recordCommitted(found),
    () => leadsToRoot(found),
    () => rootOnChain(found, head, { chain, contract, rpc }),
  ];
  for (const step of steps) checks.push(await step());
  const given = head === null || head.chain !== chain ? null : await readCosignatures().catch(() => null);
  if (given !== null) checks.push(cosigned(found, head, given));
  return { outcome: outcomeOf(checks, found, digest), digest, document: found, checks };
}

function check(name, outcome, values, word = `${outcome}.${name}`) {
  return { name, outcome, word, values };
}

function outcomeOf(checks, found, digest) {
  if (checks.some(({ outcome }) => outcome === "fail")) return "failed";
  if (checks.some(({ outcome, name }) => outcome === "absent" && name !== COSIGNATURES)) return "open";
  return found.sealed_digest === `sha256:${digest}` ? "proven" : "draft";
}

/** The record's own bytes name the digest that was computed here; what the site says beside them counts for nothing. */
async function recordNames(found, digest) {
  const name = "record.document-digest";
  const wanted = `sha256:${digest}`;
  const { type, body } = read(unb64u(found.record));
  const named = body ? [body.sealed_digest, body.report_digest] : [];
  if (SEALINGS.includes(type) && named.includes(wanted)) return check(name, "pass", { index: found.index });
  return check(name, "fail", { index: found.index, expected: String(named[0]), found: wanted });
}

/**
 * Other centres cosigned a head of this log that reaches the record. The contract took no head that does not extend the
 * ones before, so a cosigned one is part of the present one. Nobody need have cosigned yet: then it is absent, no fault.
 */
function cosigned(found, head, given) {
  const forked = given.find(({ size, root }) => size === head.size && !equal(root, head.root));
  if (forked) return check(COSIGNATURES, "fail", { size: head.size, expected: hex(head.root), found: hex(forked.root) });
  const reaching = given.filter(({ size }) => size > found.index);
  if (reaching.length === 0) return check(COSIGNATURES, "absent", { index: found.index });
  const size = Math.max(...reaching.map((one) => one.size));
  return check(COSIGNATURES, "pass", { count: reaching.length, size, index: found.index });
}

/** The content of a record; empty for bytes that are not its one form, so that no key counts that another reader overlooks. */
function read(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    return value && written(value) === text ? value : {};
  } catch (error) {
    return {};
  }
}

/** The canonical text of a value: no blanks, keys in order. */
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${written(value[key])}`).join(",")}}`;
}

async function recordCommitted(found) {
  const name = "record.commitment";
  const expected = unb64u(found.commitment);
  const made = await commit(unb64u(found.salt), unb64u(found.record));
  return equal(made, expected)
    ? check(name, "pass", {})
    : check(name, "fail", { found: hex(made), expected: hex(expected) });
}

async function leadsToRoot(found) {
  const name = "log.inclusion";
  const root = unb64u(found.root);
  const path = found.path.map(unb64u);
  const leaf = await leafHash(unb64u(found.commitment));
  return (await verifyInclusion(leaf, found.index, found.size, path, root))
    ? check(name, "pass", { index: found.index, steps: path.length, root: hex(root), size: found.size })
    : check(name, "fail", { index: found.index, expected: hex(root) });
}

/** The root is the one that this browser read from the chain: a site that lies is found out here. */
async function rootOnChain(found, head, { chain, contract, rpc }) {
  const name = "chain.head";
  if (head === null) return check(name, "absent", { rpc });
  if (head.chain !== chain) return check(name, "fail", { expected: chain, found: head.chain }, "fail.chain.id");
  if (head.size <= found.index) {
    return check(name, "absent", { size: head.size, index: found.index }, "absent.chain.waiting");
  }
  const root = unb64u(found.root);
  if (found.size !== head.size || !equal(root, head.root)) {
    return check(name, "fail", { size: head.size, expected: hex(head.root), found: hex(root) });
  }
  return check(name, "pass", { chain, contract, block: head.block });
}
