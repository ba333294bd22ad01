// Three founding centres on a fresh chain, for the contract tests.
import assert from "node:assert/strict";
import { network } from "hardhat";

export const ORIGINS = { JN: "jn.tongping", XA: "xa.tongping", DL: "dl.tongping" };
export const FROM = 1_000_000_000n;
export const UNTIL = 4_000_000_000n;

export async function consortium() {
  const connection = await network.create();
  const { ethers } = connection;
  const [deployer, ...accounts] = await ethers.getSigners();
  const account = {};
  const founding = Object.keys(ORIGINS).map((code, i) => {
    account[code] = { log: accounts[2 * i], witness: accounts[2 * i + 1] };
    return centre(code, account[code]);
  });
  const registry = await ethers.deployContract("CentreRegistry", [founding, 2]);
  const anchor = await ethers.deployContract("EvidenceAnchor", [await registry.getAddress()]);
  const log = Object.fromEntries(Object.entries(ORIGINS).map(([code, origin]) => [code, ethers.id(origin)]));
  const spare = accounts.slice(2 * founding.length);
  return { ethers, deployer, account, spare, founding, registry, anchor, log, clock: clockOf(connection) };
}

// A centre of this code with these accounts, all fields in the contract's order.
export function centre(code, { log, witness }) {
  const origin = `${code.toLowerCase()}.tongping`;
  return { code, endpoint: `https://${code.toLowerCase()}.example`, current: keys(origin, log.address, witness.address) };
}

export function keys(origin, logAccount, witnessAccount) {
  return {
    logAccount,
    validFrom: FROM,
    validUntil: UNTIL,
    witnessAccount,
    verifierKey: `${origin}+1a2b3c4d+AQ`,
    witnessKey: `${origin}/witness+1a2b3c4d+BA`,
  };
}

// A struct as the contract returns it, as plain nested lists.
export const plain = (value) => (typeof value === "object" && value !== null ? Object.values(value).map(plain) : value);

// The chain's clock: blocks come at the second that a test names.
function clockOf({ provider }) {
  return {
    now: async () => BigInt((await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] })).timestamp),
    mine: (time) => provider.request({ method: "evm_mine", params: [Number(time)] }),
    next: (time) => provider.request({ method: "evm_setNextBlockTimestamp", params: [Number(time)] }),
  };
}

// The call must be refused with exactly this custom error and these values.
export async function refuses(call, contract, name, values) {
  const error = await call.then(
    () => assert.fail(`${name} was expected, and the call was taken`),
    (found) => found,
  );
  const data = error.data?.data ?? error.data;
  const found = typeof data === "string" ? contract.interface.parseError(data) : null;
  assert.ok(found, `${name} was expected, found: ${error.message}`);
  assert.equal(found.name, name);
  if (values !== undefined) assert.deepEqual([...found.args], values);
}
