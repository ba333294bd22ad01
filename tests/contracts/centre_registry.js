// CentreRegistry: what it says of its founders, and each founding it refuses.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { consortium, refuses } from "./consortium.js";

describe("the registry", () => {
  it("lists the founders' logs in their order, with everything known of them", async () => {
    const { registry, founding, log } = await consortium();
    assert.deepEqual([...(await registry.logs())], [log.JN, log.XA, log.DL]);
    for (const centre of founding) {
      assert.deepEqual([...(await registry.centreOf(log[centre.code]))], Object.values(centre));
    }
  });

  it("says who anchors and who cosigns, and within which window", async () => {
    const { registry, founding, account, log } = await consortium();
    const { validFrom, validUntil } = founding[1];
    assert.deepEqual([...(await registry.logAccount(log.XA))], [account.XA.log.address, validFrom, validUntil]);
    const witness = account.XA.witness.address;
    assert.deepEqual([...(await registry.witnessOf(witness))], [log.XA, validFrom, validUntil]);
  });

  it("leaves one event per founder", async () => {
    const { ethers, registry, founding, log } = await consortium();
    const receipt = await ethers.provider.getTransactionReceipt(registry.deploymentTransaction().hash);
    const events = receipt.logs.map((entry) => registry.interface.parseLog(entry));
    assert.deepEqual(
      events.map(({ name, args }) => [name, ...args]),
      founding.map((centre) => [
        "CentreFounded",
        log[centre.code],
        centre.code,
        centre.logAccount,
        centre.witnessAccount,
        centre.validFrom,
        centre.validUntil,
      ]),
    );
  });

  it("knows no other log and no other witness", async () => {
    const { registry, account, ethers } = await consortium();
    const unknown = ethers.id("bj.tongping");
    await refuses(registry.centreOf(unknown), registry, "UnknownLog", [unknown]);
    await refuses(registry.logAccount(unknown), registry, "UnknownLog", [unknown]);
    const stranger = account.JN.log.address;
    await refuses(registry.witnessOf(stranger), registry, "UnknownWitness", [stranger]);
  });

  it("lets one account anchor and cosign for the same centre", async () => {
    const { ethers, founding, log } = await consortium();
    const alone = founding.map((centre) => ({ ...centre, witnessAccount: centre.logAccount }));
    const registry = await ethers.deployContract("CentreRegistry", [alone]);
    assert.equal((await registry.witnessOf(alone[0].logAccount))[0], log.JN);
  });
});

describe("a founding is refused", () => {
  async function refused(change, name, values) {
    const { ethers, registry, founding } = await consortium();
    const changed = change(founding);
    await refuses(ethers.deployContract("CentreRegistry", [changed]), registry, name, values?.(changed));
  }
  const second = (change) => (founding) => founding.with(1, { ...founding[1], ...change(founding) });

  it("with fewer than three centres", () =>
    refused((founding) => founding.slice(0, 2), "TooFewCentres", () => [2n, 3n]));
  it("with a code twice", () =>
    refused(second(() => ({ code: "JN" })), "DuplicateCentre", () => ["JN"]));
  for (const code of ["", "J", "JNXAD", "jn", "J1", "济南"]) {
    it(`with the code “${code}”`, () => refused(second(() => ({ code })), "InvalidCode", () => [code]));
  }
  it("with an empty window", () =>
    refused(second(() => ({ validFrom: 7n, validUntil: 7n })), "InvalidWindow", () => ["XA", 7n, 7n]));
  it("with an account of another centre", () =>
    refused(second(([jinan]) => ({ witnessAccount: jinan.logAccount })), "InvalidAccount", ([jinan]) => ["XA", jinan.logAccount]));
  it("without an account", () =>
    refused(second(() => ({ logAccount: `0x${"00".repeat(20)}` })), "InvalidAccount", () => ["XA", `0x${"00".repeat(20)}`]));
  it("without an endpoint", () =>
    refused(second(() => ({ endpoint: "" })), "IncompleteCentre", () => ["XA"]));
  it("without a verifier key", () =>
    refused(second(() => ({ verifierKey: "" })), "IncompleteCentre", () => ["XA"]));
});
