// EvidenceAnchor: held to the Merkle vectors that Python and the browser are held to, and to each of its refusals.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { consortium, refuses } from "./consortium.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/merkle.json", import.meta.url), "utf8"));
const hex = (text) => `0x${text}`;
const ROOT = hex("11".repeat(32));
const OTHER = hex("22".repeat(32));
const isHash = (text) => text.length === 64;
const isSize = (text) => BigInt(text) >= 0n && BigInt(text) < 1n << 64n;

// A head can only stand at size1 when the vector's old tree is one that a log can have.
function expressible({ size1, size2, root1, root2, path }) {
  return isSize(size1) && isSize(size2) && BigInt(size1) > 0n && [root1, root2, ...path].every(isHash);
}

async function offer({ anchor, account, log }, { size1, size2, root1, root2, path }) {
  const own = anchor.connect(account.JN.log);
  await own.anchor(log.JN, 0, BigInt(size1), hex(root1), []);
  return own.anchor(log.JN, BigInt(size1), BigInt(size2), hex(root2), path.map(hex));
}

describe("the consistency proof on the shared vectors", () => {
  for (const vector of vectors.consistency.filter((v) => expressible(v) && v.size1 !== v.size2)) {
    it(`takes ${vector.size1} to ${vector.size2}`, async () => {
      const world = await consortium();
      await offer(world, vector);
      const [size, root] = await world.anchor.head(world.log.JN);
      assert.deepEqual([size, root], [BigInt(vector.size2), hex(vector.root2)]);
    });
  }
  for (const vector of vectors.refuses_consistency.filter(expressible)) {
    it(`refuses ${vector.name}`, async () => {
      const world = await consortium();
      const growing = BigInt(vector.size1) < BigInt(vector.size2);
      await refuses(offer(world, vector), world.anchor, growing ? "InconsistentRoot" : "NotGrowing");
      const [size, root] = await world.anchor.head(world.log.JN);
      assert.deepEqual([size, root], [BigInt(vector.size1), hex(vector.root1)]);
    });
  }
});

describe("anchoring", () => {
  it("starts with an empty head", async () => {
    const { anchor, log } = await consortium();
    assert.deepEqual([...(await anchor.head(log.JN))], [0n, hex("00".repeat(32)), 0n]);
  });

  it("leaves one event that names the block before, so that a client walks back", async () => {
    const { anchor, account, log } = await consortium();
    const [one] = vectors.consistency.filter(({ size1, size2 }) => size1 === "3" && size2 === "7");
    const own = anchor.connect(account.JN.log);
    const first = await (await own.anchor(log.JN, 0, 3, hex(one.root1), [])).wait();
    const second = await (await own.anchor(log.JN, 3, 7, hex(one.root2), one.path.map(hex))).wait();
    const events = [first, second].map((receipt) => receipt.logs.map((entry) => anchor.interface.parseLog(entry)));
    assert.deepEqual(events.map((found) => found.length), [1, 1]);
    assert.deepEqual([...events[0][0].args], [log.JN, 3n, hex(one.root1), 0n]);
    assert.deepEqual([...events[1][0].args], [log.JN, 7n, hex(one.root2), BigInt(first.blockNumber)]);
  });

  it("refuses a checkpoint that starts from another head", async () => {
    const { anchor, account, log } = await consortium();
    const own = anchor.connect(account.JN.log);
    await own.anchor(log.JN, 0, 3, ROOT, []);
    await refuses(own.anchor(log.JN, 0, 4, OTHER, []), anchor, "StaleHead", [log.JN, 3n, 0n]);
    await refuses(own.anchor(log.JN, 2, 4, OTHER, []), anchor, "StaleHead", [log.JN, 3n, 2n]);
  });

  it("refuses a first checkpoint of no leaves, and one with a proof", async () => {
    const { anchor, account, log } = await consortium();
    const own = anchor.connect(account.JN.log);
    await refuses(own.anchor(log.JN, 0, 0, ROOT, []), anchor, "NotGrowing", [log.JN, 0n, 0n]);
    await refuses(own.anchor(log.JN, 0, 1, ROOT, [OTHER]), anchor, "InconsistentRoot");
  });

  it("refuses the same checkpoint a second time", async () => {
    const { anchor, account, log } = await consortium();
    const own = anchor.connect(account.JN.log);
    await own.anchor(log.JN, 0, 3, ROOT, []);
    await refuses(own.anchor(log.JN, 3, 3, ROOT, []), anchor, "NotGrowing", [log.JN, 3n, 3n]);
  });

  it("refuses every account but the log's own", async () => {
    const { anchor, account, deployer, log, registry } = await consortium();
    for (const caller of [deployer, account.JN.witness, account.XA.log]) {
      const values = [log.JN, caller.address, account.JN.log.address];
      await refuses(anchor.connect(caller).anchor(log.JN, 0, 1, ROOT, []), registry, "NotLogAccount", values);
    }
  });

  it("refuses a log that no centre keeps", async () => {
    const { anchor, account, registry } = await consortium();
    await refuses(anchor.connect(account.JN.log).anchor(OTHER, 0, 1, ROOT, []), registry, "UnknownLog", [OTHER]);
  });

  it("keeps the logs of two centres apart", async () => {
    const { anchor, account, log } = await consortium();
    await anchor.connect(account.JN.log).anchor(log.JN, 0, 3, ROOT, []);
    await anchor.connect(account.XA.log).anchor(log.XA, 0, 9, OTHER, []);
    assert.deepEqual([...(await anchor.head(log.JN))].slice(0, 2), [3n, ROOT]);
    assert.deepEqual([...(await anchor.head(log.XA))].slice(0, 2), [9n, OTHER]);
  });

  it("is bound to a registry that is a contract", async () => {
    const { ethers, anchor, account, registry } = await consortium();
    assert.equal(await anchor.registry(), await registry.getAddress());
    const nobody = account.JN.log.address;
    await refuses(ethers.deployContract("EvidenceAnchor", [nobody]), anchor, "RegistryMissing", [nobody]);
  });
});

describe("cosigning", () => {
  async function anchored() {
    const world = await consortium();
    await world.anchor.connect(world.account.JN.log).anchor(world.log.JN, 0, 3, ROOT, []);
    return world;
  }

  it("keeps who cosigned what, in the registry's order", async () => {
    const { anchor, account, log } = await anchored();
    const second = await (await anchor.connect(account.DL.witness).cosign(log.JN, 3, ROOT)).wait();
    const first = await (await anchor.connect(account.XA.witness).cosign(log.JN, 3, ROOT)).wait();
    const given = (await anchor.cosignatures(log.JN)).map((one) => [...one]);
    assert.deepEqual(given, [
      [log.XA, ROOT, 3n, BigInt(first.blockNumber)],
      [log.DL, ROOT, 3n, BigInt(second.blockNumber)],
    ]);
    const event = anchor.interface.parseLog(first.logs[0]);
    assert.deepEqual([event.name, ...event.args], ["CheckpointCosigned", log.JN, log.XA, 3n, ROOT]);
  });

  it("has none before the first", async () => {
    const { anchor, log } = await anchored();
    assert.deepEqual([...(await anchor.cosignatures(log.JN))], []);
  });

  it("refuses another size or root than the head's", async () => {
    const { anchor, account, log } = await anchored();
    const witness = anchor.connect(account.XA.witness);
    await refuses(witness.cosign(log.JN, 2, ROOT), anchor, "HeadMismatch", [log.JN, 3n, ROOT, 2n, ROOT]);
    await refuses(witness.cosign(log.JN, 3, OTHER), anchor, "HeadMismatch", [log.JN, 3n, ROOT, 3n, OTHER]);
    const zero = hex("00".repeat(32));
    await refuses(witness.cosign(log.DL, 0, zero), anchor, "HeadMismatch", [log.DL, 0n, zero, 0n, zero]);
  });

  it("refuses the log's own centre, a second time, and accounts that are no witness", async () => {
    const { anchor, account, log, registry } = await anchored();
    await refuses(anchor.connect(account.JN.witness).cosign(log.JN, 3, ROOT), anchor, "OwnLog", [log.JN]);
    const stranger = account.XA.log;
    await refuses(anchor.connect(stranger).cosign(log.JN, 3, ROOT), registry, "UnknownWitness", [stranger.address]);
    await anchor.connect(account.XA.witness).cosign(log.JN, 3, ROOT);
    const again = anchor.connect(account.XA.witness).cosign(log.JN, 3, ROOT);
    await refuses(again, anchor, "AlreadyCosigned", [log.JN, log.XA, 3n]);
  });

  it("moves on with the head", async () => {
    const { anchor, account, log } = await consortium();
    const [one] = vectors.consistency.filter(({ size1, size2 }) => size1 === "3" && size2 === "7");
    const own = anchor.connect(account.JN.log);
    await own.anchor(log.JN, 0, 3, hex(one.root1), []);
    await anchor.connect(account.XA.witness).cosign(log.JN, 3, hex(one.root1));
    await own.anchor(log.JN, 3, 7, hex(one.root2), one.path.map(hex));
    await anchor.connect(account.XA.witness).cosign(log.JN, 7, hex(one.root2));
    const given = await anchor.cosignatures(log.JN);
    assert.deepEqual(given.map(({ size, root }) => [size, root]), [[7n, hex(one.root2)]]);
  });
});
