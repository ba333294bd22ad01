// CentreRegistry: what it says of its founders, and each founding it refuses.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { consortium, plain, refuses } from "./consortium.js";

const NOBODY = `0x${"00".repeat(20)}`;

describe("the registry", () => {
  it("lists the founders' logs in their order, with everything known of them", async () => {
    const { registry, founding, log } = await consortium();
    assert.deepEqual([...(await registry.logs())], [log.JN, log.XA, log.DL]);
    for (const one of founding) {
      assert.deepEqual(plain(await registry.centreOf(log[one.code])), plain(one));
      assert.equal(await registry.isMember(log[one.code]), true);
      assert.deepEqual(plain(await registry.previousKeys(log[one.code])), [NOBODY, 0n, 0n, NOBODY, "", ""]);
    }
  });

  it("counts its members, and says how many votes a proposal needs", async () => {
    const { registry } = await consortium();
    assert.deepEqual([await registry.members(), await registry.threshold(), await registry.proposals()], [3n, 2n, 0n]);
    assert.equal(await registry.successor(), NOBODY);
  });

  it("says who anchors and who cosigns", async () => {
    const { registry, account, log } = await consortium();
    await registry.requireLogAccount(log.XA, account.XA.log.address);
    assert.equal(await registry.requireWitness(account.XA.witness.address), log.XA);
  });

  it("leaves one event per founder, and one of the threshold", async () => {
    const { ethers, registry, founding, log } = await consortium();
    const receipt = await ethers.provider.getTransactionReceipt(registry.deploymentTransaction().hash);
    const events = receipt.logs.map((entry) => registry.interface.parseLog(entry));
    const entered = founding.map(({ code, current }) => [
      "CentreEntered",
      log[code],
      code,
      current.logAccount,
      current.witnessAccount,
      current.validFrom,
      current.validUntil,
    ]);
    const found = events.map(({ name, args }) => [name, ...args]);
    assert.deepEqual(found, [...entered, ["ThresholdChanged", 2n, 3n]]);
  });

  it("knows no other log and no other witness", async () => {
    const { registry, account, ethers } = await consortium();
    const unknown = ethers.id("bj.tongping");
    await refuses(registry.centreOf(unknown), registry, "UnknownLog", [unknown]);
    await refuses(registry.previousKeys(unknown), registry, "UnknownLog", [unknown]);
    await refuses(registry.requireLogAccount(unknown, NOBODY), registry, "UnknownLog", [unknown]);
    const stranger = account.JN.log.address;
    await refuses(registry.requireWitness(stranger), registry, "UnknownWitness", [stranger]);
    await refuses(registry.requireWitness(NOBODY), registry, "UnknownWitness", [NOBODY]);
    assert.equal(await registry.isMember(unknown), false);
  });

  it("lets one account anchor and cosign for the same centre", async () => {
    const { ethers, founding, log } = await consortium();
    const alone = founding.map((one) => ({ ...one, current: { ...one.current, witnessAccount: one.current.logAccount } }));
    const registry = await ethers.deployContract("CentreRegistry", [alone, 2]);
    assert.equal(await registry.requireWitness(alone[0].current.logAccount), log.JN);
  });
});

describe("a founding is refused", () => {
  async function refused(change, name, values, votes = 2) {
    const { ethers, registry, founding } = await consortium();
    const changed = change(founding);
    await refuses(ethers.deployContract("CentreRegistry", [changed, votes]), registry, name, values?.(changed));
  }
  const same = (founding) => founding;
  const second = (change) => (founding) => founding.with(1, { ...founding[1], ...change(founding) });
  const keyed = (change) => second((founding) => ({ current: { ...founding[1].current, ...change(founding) } }));

  it("with fewer than three centres", () =>
    refused((founding) => founding.slice(0, 2), "TooFewCentres", () => [2n, 3n]));
  it("with a code twice", () =>
    refused(second(() => ({ code: "JN" })), "DuplicateCentre", () => ["JN"]));
  for (const code of ["", "J", "JNXAD", "jn", "J1", "济南"]) {
    it(`with the code “${code}”`, () => refused(second(() => ({ code })), "InvalidCode", () => [code]));
  }
  it("with an empty window", () =>
    refused(keyed(() => ({ validFrom: 7n, validUntil: 7n })), "InvalidWindow", () => ["XA", 7n, 7n]));
  it("with a window that is over", () =>
    refused(keyed(() => ({ validFrom: 7n, validUntil: 8n })), "InvalidWindow", () => ["XA", 7n, 8n]));
  it("with an account of another centre", () =>
    refused(keyed(([jinan]) => ({ witnessAccount: jinan.current.logAccount })), "InvalidAccount", ([jinan]) => [
      "XA",
      jinan.current.logAccount,
    ]));
  it("without an account", () =>
    refused(keyed(() => ({ logAccount: NOBODY })), "InvalidAccount", () => ["XA", NOBODY]));
  it("without a witness account", () =>
    refused(keyed(() => ({ witnessAccount: NOBODY })), "InvalidAccount", () => ["XA", NOBODY]));
  it("without an endpoint", () =>
    refused(second(() => ({ endpoint: "" })), "IncompleteCentre", () => ["XA"]));
  it("without a verifier key", () =>
    refused(keyed(() => ({ verifierKey: "" })), "IncompleteCentre", () => ["XA"]));
  for (const votes of [0n, 1n, 4n, 2n ** 256n - 1n]) {
    it(`with a threshold of ${votes} of three`, () =>
      refused(same, "ThresholdOutOfRange", () => [votes, 2n, 3n], votes));
  }
});
