// Reads the head of a log from the chain itself, by plain JSON-RPC, without going through the site.
import { unhex } from "./bytes.js";

const WAIT = 10000;
const WORD = 32;

/** The last anchored checkpoint: {chain, size, root, block}. Throws when the node does not answer, or answers oddly. */
export async function readHead({ rpc, contract, call }) {
  const [chain, answer] = await Promise.all([
    ask(rpc, "eth_chainId", []),
    ask(rpc, "eth_call", [{ to: contract, data: call }, "latest"]),
  ]);
  const words = unhex(answer);
  if (words.length !== 3 * WORD) throw new TypeError("no head");
  return {
    chain: Number(chain),
    size: number(words.subarray(0, WORD)),
    root: words.slice(WORD, 2 * WORD),
    block: number(words.subarray(2 * WORD)),
  };
}

/** What other centres cosigned of a log, each its last: [{witness, root, size}]. Throws as readHead does. */
export async function readCosignatures({ rpc, contract, cosigned }) {
  const words = unhex(await ask(rpc, "eth_call", [{ to: contract, data: cosigned }, "latest"]));
  const count = number(words.subarray(WORD, 2 * WORD));
  if (number(words.subarray(0, WORD)) !== WORD || words.length !== (2 + 4 * count) * WORD) throw new TypeError("no list");
  return Array.from({ length: count }, (_, place) => {
    const [witness, root, size] = [0, 1, 2].map((part) => {
      const start = (2 + 4 * place + part) * WORD;
      return words.slice(start, start + WORD);
    });
    return { witness, root, size: number(size) };
  });
}

async function ask(rpc, method, params) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT);
  try {
    const answer = await fetch(rpc, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: stop.signal,
    });
    const { result } = await answer.json();
    if (typeof result !== "string") throw new TypeError("no result");
    return result;
  } finally {
    clearTimeout(timer);
  }
}

function number(word) {
  const found = word.reduce((sum, octet) => sum * 256 + octet, 0);
  if (!Number.isSafeInteger(found)) throw new TypeError("number too large");
  return found;
}
