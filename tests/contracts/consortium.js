// Three founding centres on a fresh chain, for the contract tests.
import assert from "node:assert/strict";
import { network } from "hardhat";

export const ORIGINS = { JN: "jn.tongping", XA: "xa.tongping", DL: "dl.tongping" };
const FROM = 1_000_000_000n;
const UNTIL = 4_000_000_000n;

export async function consortium() {
  const { ethers } = await network.create();
  const [deployer, ...accounts] = await ethers.getSigners();
  const account = {};
  const founding = Object.keys(ORIGINS).map((code, i) => {
    account[code] = { log: accounts[2 * i], witness: accounts[2 * i + 1] };
    return {
      code,
      logAccount: account[code].log.address,
      validFrom: FROM,
      validUntil: UNTIL,
      witnessAccount: account[code].witness.address,
      endpoint: `https://${code.toLowerCase()}.example`,
      verifierKey: `${ORIGINS[code]}+1a2b3c4d+AQ`,
    };
  });
  const registry = await ethers.deployContract("CentreRegistry", [founding]);
  const anchor = await ethers.deployContract("EvidenceAnchor", [await registry.getAddress()]);
  const log = Object.fromEntries(Object.entries(ORIGINS).map(([code, origin]) => [code, ethers.id(origin)]));
  return { ethers, deployer, account, founding, registry, anchor, log };
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
