// CentreRegistry: proposals of every kind, who may vote, what is counted, and each refusal with its values.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { centre, consortium, FROM, keys, plain, refuses, UNTIL } from "./consortium.js";

const NOBODY = `0x${"00".repeat(20)}`;
const DAY = 86_400n;
const KIND = { ADDITION: 0n, REMOVAL: 1n, ROTATION: 2n, ENDPOINT: 3n, THRESHOLD: 4n, SUCCESSOR: 5n };
const STATE = { OPEN: 0n, EXECUTED: 1n, WITHDRAWN: 2n, EXPIRED: 3n, SUPERSEDED: 4n };
const ROOT = `0x${"11".repeat(32)}`;

// A consortium with hands: each centre's account on the registry, and a fourth centre that is no member yet.
async function assembly() {
  const world = await consortium();
  const { registry, account, spare, ethers } = world;
  account.BJ = { log: spare[0], witness: spare[1] };
  world.log.BJ = ethers.id("bj.tongping");
  world.beijing = centre("BJ", account.BJ);
  world.as = Object.fromEntries(Object.keys(account).map((code) => [code, registry.connect(account[code].log)]));
  world.soon = async () => (await world.clock.now()) + 7n * DAY;
  world.decide = (name, ...given) => decided(world, name, given);
  world.admit = () => world.decide("proposeAddition", world.beijing);
  return world;
}

// Propose as the first centre, vote as the second, execute as the first.
async function decided({ as, registry, soon }, name, given) {
  await as.JN[name](...given, await soon());
  const id = await registry.proposals();
  await as.XA.vote(id);
  return (await as.JN.execute(id)).wait();
}

const events = (registry, receipt) =>
  receipt.logs.map((entry) => registry.interface.parseLog(entry)).map(({ name, args }) => [name, ...args]);

describe("a proposal", () => {
  it("is opened with its proposer's vote, and read back", async () => {
    const { as, registry, log, soon } = await assembly();
    const expiry = await soon();
    const opened = await (await as.JN.proposeEndpoint(log.DL, "https://new.example", expiry)).wait();
    assert.deepEqual(events(registry, opened), [
      ["ProposalOpened", 1n, KIND.ENDPOINT, log.JN, expiry],
      ["VoteGiven", 1n, log.JN],
    ]);
    const { kind, expiresAt, executed, proposer } = await registry.proposalOf(1);
    assert.deepEqual([kind, expiresAt, executed, proposer], [KIND.ENDPOINT, expiry, false, log.JN]);
    assert.deepEqual(plain(await registry.votesFor(1)), [log.JN]);
    assert.equal(await registry.proposals(), 1n);
  });

  it("keeps the ABI encoding of what it would change", async () => {
    const { as, registry, log, soon, ethers } = await assembly();
    await as.JN.proposeEndpoint(log.DL, "https://new.example", await soon());
    const { content } = await registry.proposalOf(1);
    assert.equal(content, ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "string"], [log.DL, "https://new.example"]));
  });

  it("needs its votes, and then is executed once", async () => {
    const { as, registry, log, soon } = await assembly();
    await as.JN.proposeEndpoint(log.DL, "https://new.example", await soon());
    await refuses(as.JN.execute(1), registry, "TooFewVotes", [1n, 1n, 2n]);
    const voted = await (await as.DL.vote(1)).wait();
    assert.deepEqual(events(registry, voted), [["VoteGiven", 1n, log.DL]]);
    const executed = await (await as.XA.execute(1)).wait();
    assert.deepEqual(events(registry, executed), [
      ["ProposalExecuted", 1n],
      ["EndpointChanged", log.DL, "https://new.example"],
    ]);
    assert.equal((await registry.centreOf(log.DL)).endpoint, "https://new.example");
    assert.equal((await registry.proposalOf(1)).executed, true);
    assert.equal(await registry.stateOf(1), STATE.EXECUTED);
    await refuses(as.JN.execute(1), registry, "AlreadyExecuted", [1n]);
    await refuses(as.XA.vote(1), registry, "AlreadyExecuted", [1n]);
    await refuses(as.JN.withdraw(1), registry, "AlreadyExecuted", [1n]);
  });

  it("takes one vote per centre, whichever of its accounts gave it", async () => {
    const { as, account, registry, spare, log, soon, decide } = await assembly();
    await as.XA.proposeThreshold(3, await soon());
    await refuses(as.XA.vote(1), registry, "AlreadyVoted", [1n, log.XA]);
    assert.equal(await registry.keyVersion(log.XA), 1n);
    const next = keys("xa.tongping", spare[5].address, spare[6].address);
    await decide("proposeRotation", log.XA, next, UNTIL);
    await refuses(registry.connect(spare[5]).vote(1), registry, "AlreadyVoted", [1n, log.XA]);
    await refuses(registry.connect(account.XA.log).vote(1), registry, "AlreadyVoted", [1n, log.XA]);
  });

  it("is neither opened, voted for nor executed by a stranger, a witness account or the deployer", async () => {
    const { as, account, deployer, registry, log, soon } = await assembly();
    const expiry = await soon();
    await as.JN.proposeThreshold(3, expiry);
    for (const stranger of [deployer, account.BJ.log, account.JN.witness]) {
      const hand = registry.connect(stranger);
      const values = [stranger.address];
      await refuses(hand.proposeThreshold(3, expiry), registry, "NotMember", values);
      await refuses(hand.proposeEndpoint(log.JN, "x", expiry), registry, "NotMember", values);
      await refuses(hand.vote(1), registry, "NotMember", values);
      await refuses(hand.withdraw(1), registry, "NotMember", values);
      await refuses(hand.execute(1), registry, "NotMember", values);
    }
  });

  it("that was never opened is unknown", async () => {
    const { as, registry } = await assembly();
    for (const id of [0n, 1n, 2n ** 256n - 1n]) {
      await refuses(as.JN.vote(id), registry, "UnknownProposal", [id]);
      await refuses(as.JN.execute(id), registry, "UnknownProposal", [id]);
      await refuses(registry.proposalOf(id), registry, "UnknownProposal", [id]);
      await refuses(as.JN.withdraw(id), registry, "UnknownProposal", [id]);
      for (const name of ["votesFor", "stateOf", "votesNeeded"]) {
        await refuses(registry[name](id), registry, "UnknownProposal", [id]);
      }
    }
  });

  it("expires in the future, within 90 days, to the second", async () => {
    const { as, registry, clock } = await assembly();
    const start = (await clock.now()) + 10n;
    const open = async (expiry, at) => {
      await clock.next(at);
      return as.JN.proposeThreshold(3, expiry);
    };
    const bounds = (at) => [at + 1n, at + 90n * DAY];
    await refuses(open(start, start), registry, "InvalidExpiry", [start, ...bounds(start)]);
    const late = start + 2n + 90n * DAY;
    await refuses(open(late, start + 1n), registry, "InvalidExpiry", [late, ...bounds(start + 1n)]);
    await refuses(open(0n, start + 2n), registry, "InvalidExpiry", [0n, ...bounds(start + 2n)]);
    await open(start + 4n, start + 3n);
    await open(start + 4n + 90n * DAY, start + 4n);
    assert.equal(await registry.proposals(), 2n);
  });

  it("is open up to its last second, and no longer", async () => {
    const { as, registry, log, clock } = await assembly();
    const end = (await clock.now()) + 100n;
    await as.JN.proposeThreshold(3, end);
    await as.JN.proposeEndpoint(log.DL, "https://new.example", end);
    await clock.next(end - 2n);
    await as.XA.vote(1);
    await clock.next(end - 1n);
    await as.XA.execute(1);
    assert.equal(await registry.threshold(), 3n);
    await clock.next(end);
    await refuses(as.XA.vote(2), registry, "ProposalExpired", [2n, end, end]);
    await clock.next(end + 1n);
    await refuses(as.JN.execute(2), registry, "ProposalExpired", [2n, end, end + 1n]);
    await clock.next(end + 2n);
    await refuses(as.JN.withdraw(2), registry, "ProposalExpired", [2n, end, end + 2n]);
    await clock.mine(end + 3n);
    assert.equal(await registry.stateOf(2), STATE.EXPIRED);
    await as.JN.proposeEndpoint(log.DL, "https://other.example", end + 1_000n);
    for (const voter of ["XA", "DL"]) await as[voter].vote(3);
    await as.JN.execute(3);
    assert.equal(await registry.stateOf(2), STATE.SUPERSEDED);
  });
});

describe("a vote", () => {
  it("is withdrawn, no longer counts, and may be given again", async () => {
    const { as, registry, log, soon } = await assembly();
    await as.JN.proposeEndpoint(log.DL, "https://new.example", await soon());
    await as.XA.vote(1);
    const receipt = await (await as.XA.withdraw(1)).wait();
    assert.deepEqual(events(registry, receipt), [["VoteWithdrawn", 1n, log.XA]]);
    assert.deepEqual(plain(await registry.votesFor(1)), [log.JN]);
    await refuses(as.JN.execute(1), registry, "TooFewVotes", [1n, 1n, 2n]);
    await refuses(as.XA.withdraw(1), registry, "NotVoted", [1n, log.XA]);
    await as.XA.vote(1);
    assert.deepEqual(plain(await registry.votesFor(1)), [log.JN, log.XA]);
  });

  it("that was never given cannot be withdrawn", async () => {
    const { as, registry, log, soon } = await assembly();
    await as.JN.proposeThreshold(3, await soon());
    await refuses(as.DL.withdraw(1), registry, "NotVoted", [1n, log.DL]);
  });

  it("that was the last one ends the proposal when it is withdrawn", async () => {
    const { as, registry, log, soon } = await assembly();
    await as.JN.proposeThreshold(3, await soon());
    await as.XA.vote(1);
    await as.JN.withdraw(1);
    assert.equal(await registry.stateOf(1), STATE.OPEN);
    const receipt = await (await as.XA.withdraw(1)).wait();
    assert.deepEqual(events(registry, receipt), [
      ["VoteWithdrawn", 1n, log.XA],
      ["ProposalWithdrawn", 1n],
    ]);
    assert.equal(await registry.stateOf(1), STATE.WITHDRAWN);
    for (const name of ["vote", "withdraw", "execute"]) await refuses(as.DL[name](1), registry, "AlreadyWithdrawn", [1n]);
  });
});

describe("an addition", () => {
  it("makes a member with a vote, a log and a cosignature", async () => {
    const { as, registry, account, anchor, log, beijing, admit } = await assembly();
    const receipt = await admit();
    const { logAccount, witnessAccount } = beijing.current;
    assert.deepEqual(events(registry, receipt).slice(1), [
      ["CentreEntered", log.BJ, "BJ", logAccount, witnessAccount, FROM, UNTIL],
      ["ThresholdChanged", 3n, 4n],
    ]);
    assert.deepEqual(plain(await registry.centreOf(log.BJ)), plain(beijing));
    assert.deepEqual(plain(await registry.logs()), [log.JN, log.XA, log.DL, log.BJ]);
    assert.deepEqual([await registry.members(), await registry.isMember(log.BJ)], [4n, true]);
    await anchor.connect(account.BJ.log).anchor(log.BJ, 0, 3, ROOT, []);
    await anchor.connect(account.JN.log).anchor(log.JN, 0, 3, ROOT, []);
    await anchor.connect(account.BJ.witness).cosign(log.JN, 3, ROOT);
    assert.deepEqual(plain(await anchor.cosignatures(log.JN)).map(([witness]) => witness), [log.BJ]);
    await as.BJ.proposeThreshold(4, (await registry.proposalOf(1)).expiresAt);
    assert.deepEqual(plain(await registry.votesFor(2)), [log.BJ]);
  });

  it("is refused for a member, a wrong code, an incomplete centre, a wrong window and others' accounts", async () => {
    const { as, registry, account, founding, beijing, soon } = await assembly();
    const expiry = await soon();
    const refused = (one, name, values) => refuses(as.JN.proposeAddition(one, expiry), registry, name, values);
    const keyed = (change) => ({ ...beijing, current: { ...beijing.current, ...change } });
    await refused(founding[1], "DuplicateCentre", ["XA"]);
    await refused({ ...beijing, code: "bj" }, "InvalidCode", ["bj"]);
    await refused({ ...beijing, endpoint: "" }, "IncompleteCentre", ["BJ"]);
    await refused(keyed({ verifierKey: "" }), "IncompleteCentre", ["BJ"]);
    await refused(keyed({ validFrom: UNTIL }), "InvalidWindow", ["BJ", UNTIL, UNTIL]);
    await refused(keyed({ logAccount: NOBODY }), "InvalidAccount", ["BJ", NOBODY]);
    const taken = account.XA.witness.address;
    await refused(keyed({ logAccount: taken }), "InvalidAccount", ["BJ", taken]);
    await refused(keyed({ witnessAccount: taken }), "InvalidAccount", ["BJ", taken]);
  });

  it("is checked again when it is executed: the account may have been taken meanwhile", async () => {
    const { as, registry, account, log, beijing, soon, decide } = await assembly();
    await as.JN.proposeAddition(beijing, await soon());
    const taken = account.BJ.log.address;
    await decide("proposeRotation", log.DL, keys("dl.tongping", taken, account.DL.witness.address), UNTIL);
    await as.XA.vote(1);
    await refuses(as.JN.execute(1), registry, "InvalidAccount", ["BJ", taken]);
    assert.equal((await registry.proposalOf(1)).executed, false);
  });

  it("is executed once even when it was proposed twice", async () => {
    const { as, registry, beijing, soon } = await assembly();
    await as.JN.proposeAddition(beijing, await soon());
    await as.JN.proposeAddition(beijing, await soon());
    for (const id of [1, 2]) await as.XA.vote(id);
    await as.JN.execute(1);
    assert.deepEqual([await registry.stateOf(1), await registry.stateOf(2)], [STATE.EXECUTED, STATE.SUPERSEDED]);
    await refuses(as.DL.vote(2), registry, "ProposalSuperseded", [2n, 0n, 1n]);
    await refuses(as.JN.execute(2), registry, "ProposalSuperseded", [2n, 0n, 1n]);
  });
});

describe("a removal", () => {
  async function four() {
    const world = await assembly();
    await world.admit();
    world.remove = async (code) => {
      await world.as.JN.proposeRemoval(world.log[code], await world.soon());
      const id = await world.registry.proposals();
      for (const voter of ["XA", "DL"]) await world.as[voter].vote(id);
      return (await world.as.XA.execute(id)).wait();
    };
    return world;
  }

  it("never leaves fewer than three centres", async () => {
    const { as, registry, log, soon } = await assembly();
    const expiry = await soon();
    await refuses(as.JN.proposeRemoval(log.DL, expiry), registry, "TooFewCentres", [2n, 3n]);
  });

  it("ends anchoring, cosigning and voting at that block; the log stays readable", async () => {
    const { as, registry, anchor, account, log, clock, remove, soon } = await four();
    await anchor.connect(account.BJ.log).anchor(log.BJ, 0, 3, ROOT, []);
    await anchor.connect(account.XA.log).anchor(log.XA, 0, 3, ROOT, []);
    await anchor.connect(account.BJ.witness).cosign(log.XA, 3, ROOT);
    const receipt = await remove("BJ");
    const end = await clock.now();
    assert.deepEqual(events(registry, receipt).slice(1), [["CentreRemoved", log.BJ, "BJ"]]);
    const gone = account.BJ.log.address;
    const witness = account.BJ.witness.address;
    await clock.next(end + 1n);
    const again = anchor.connect(account.BJ.log).anchor(log.BJ, 3, 4, ROOT, []);
    await refuses(again, registry, "AccountNotValid", [gone, FROM, end, end + 1n]);
    await clock.next(end + 2n);
    const cosigning = anchor.connect(account.BJ.witness).cosign(log.XA, 3, ROOT);
    await refuses(cosigning, registry, "AccountNotValid", [witness, FROM, end, end + 2n]);
    const expiry = await soon();
    await refuses(as.BJ.proposeThreshold(2, expiry), registry, "NotMember", [gone]);
    assert.deepEqual([...(await anchor.head(log.BJ))].slice(0, 2), [3n, ROOT]);
    assert.deepEqual(plain(await anchor.cosignatures(log.XA)).map(([name]) => name), [log.BJ]);
    assert.deepEqual([await registry.members(), await registry.isMember(log.BJ)], [3n, false]);
    assert.equal((await registry.centreOf(log.BJ)).current.validUntil, end);
  });

  it("takes back the votes the centre had given, also from a proposal executed later", async () => {
    const { as, registry, log, remove, soon } = await four();
    await as.BJ.proposeEndpoint(log.DL, "https://new.example", await soon());
    await as.JN.vote(2);
    await as.XA.vote(2);
    assert.deepEqual(plain(await registry.votesFor(2)), [log.JN, log.XA, log.BJ]);
    await remove("BJ");
    assert.deepEqual(plain(await registry.votesFor(2)), [log.JN, log.XA]);
    assert.equal(await registry.threshold(), 3n);
    await refuses(as.JN.execute(2), registry, "TooFewVotes", [2n, 2n, 3n]);
  });

  it("of a centre that comes back does not bring its old votes back", async () => {
    const { as, registry, account, anchor, log, beijing, remove, soon } = await four();
    await anchor.connect(account.BJ.log).anchor(log.BJ, 0, 3, ROOT, []);
    await as.BJ.proposeEndpoint(log.DL, "https://new.example", await soon());
    await remove("BJ");
    await as.JN.proposeAddition(beijing, await soon());
    const id = await registry.proposals();
    for (const voter of ["XA", "DL"]) await as[voter].vote(id);
    await as.JN.execute(id);
    assert.deepEqual(plain(await registry.votesFor(2)), []);
    await as.BJ.vote(2);
    assert.deepEqual(plain(await registry.votesFor(2)), [log.BJ]);
    assert.deepEqual(plain(await registry.logs()), [log.JN, log.XA, log.DL, log.BJ]);
    await refuses(anchor.connect(account.BJ.log).anchor(log.BJ, 0, 3, ROOT, []), anchor, "StaleHead", [log.BJ, 3n, 0n]);
  });

  it("lowers a threshold that the members could no longer reach", async () => {
    const { as, registry, log, soon } = await four();
    await as.JN.proposeThreshold(4, await soon());
    for (const voter of ["XA", "DL"]) await as[voter].vote(2);
    await as.JN.execute(2);
    await as.JN.proposeRemoval(log.BJ, await soon());
    for (const voter of ["XA", "DL", "BJ"]) await as[voter].vote(3);
    const receipt = await (await as.BJ.execute(3)).wait();
    assert.deepEqual(events(registry, receipt).slice(1), [
      ["CentreRemoved", log.BJ, "BJ"],
      ["ThresholdChanged", 3n, 3n],
    ]);
  });

  it("of a stranger or of a centre that is gone is refused, as is every change of it", async () => {
    const { as, registry, ethers, log, remove, soon, beijing } = await four();
    const expiry = await soon();
    const unknown = ethers.id("tj.tongping");
    await refuses(as.JN.proposeRemoval(unknown, expiry), registry, "UnknownLog", [unknown]);
    await remove("BJ");
    await refuses(as.JN.proposeRemoval(log.BJ, expiry), registry, "CentreGone", [log.BJ]);
    await refuses(as.JN.proposeEndpoint(log.BJ, "https://x", expiry), registry, "CentreGone", [log.BJ]);
    await refuses(as.JN.proposeRotation(log.BJ, beijing.current, 0, expiry), registry, "CentreGone", [log.BJ]);
  });

  it("of a centre whose window had ended leaves its window as it was", async () => {
    const { registry, log, clock, remove, as, soon, spare, account } = await four();
    const short = keys("bj.tongping", account.BJ.log.address, spare[1].address);
    const end = (await clock.now()) + 100n;
    await as.JN.proposeRotation(log.BJ, { ...short, validUntil: end }, 0, await soon());
    for (const voter of ["XA", "DL"]) await as[voter].vote(2);
    await as.JN.execute(2);
    await clock.next(end + 5n);
    await remove("BJ");
    assert.equal((await registry.centreOf(log.BJ)).current.validUntil, end);
  });
});

describe("a rotation", () => {
  async function rotating(change = {}, overlap = 1_000n) {
    const world = await assembly();
    const { spare, clock, log, decide } = world;
    world.next = { ...keys("jn.tongping", spare[5].address, spare[6].address), verifierKey: "jn.tongping+2+A", ...change };
    world.start = await clock.now();
    world.end = world.start + overlap;
    world.receipt = await decide("proposeRotation", log.JN, world.next, overlap === 0n ? 0n : world.end);
    return world;
  }

  it("lets both accounts anchor, cosign and vote to the last second of the overlap", async () => {
    const { registry, anchor, account, spare, log, clock, end, receipt, next, soon } = await rotating();
    assert.deepEqual(events(registry, receipt).slice(1), [
      ["KeysRotated", log.JN, spare[5].address, spare[6].address, FROM, UNTIL, end],
    ]);
    assert.deepEqual(plain((await registry.centreOf(log.JN)).current), plain(next));
    const previous = keys("jn.tongping", account.JN.log.address, account.JN.witness.address);
    assert.deepEqual(plain(await registry.previousKeys(log.JN)), plain({ ...previous, validUntil: end }));
    await anchor.connect(account.XA.log).anchor(log.XA, 0, 3, ROOT, []);
    await anchor.connect(account.DL.log).anchor(log.DL, 0, 3, ROOT, []);
    await anchor.connect(spare[6]).cosign(log.XA, 3, ROOT);
    await anchor.connect(account.JN.witness).cosign(log.DL, 3, ROOT);
    await registry.connect(account.JN.log).proposeThreshold(3, await soon());
    await registry.connect(spare[5]).proposeThreshold(3, await soon());
    await registry.requireLogAccount(log.JN, spare[5].address);
    await clock.next(end - 1n);
    await anchor.connect(account.JN.log).anchor(log.JN, 0, 3, ROOT, []);
    const old = account.JN.log.address;
    const witness = account.JN.witness.address;
    await clock.next(end);
    const late = anchor.connect(account.JN.log).anchor(log.JN, 3, 4, ROOT, []);
    await refuses(late, registry, "AccountNotValid", [old, FROM, end, end]);
    await clock.next(end + 1n);
    const cosigning = anchor.connect(account.JN.witness).cosign(log.DL, 3, ROOT);
    await refuses(cosigning, registry, "AccountNotValid", [witness, FROM, end, end + 1n]);
    await refuses(registry.connect(account.JN.log).vote(2), registry, "NotMember", [old]);
  });

  it("counts one cosignature per centre, whichever of its accounts gave it", async () => {
    const { anchor, account, spare, log } = await rotating();
    await anchor.connect(account.XA.log).anchor(log.XA, 0, 3, ROOT, []);
    await anchor.connect(spare[6]).cosign(log.XA, 3, ROOT);
    const again = anchor.connect(account.JN.witness).cosign(log.XA, 3, ROOT);
    await refuses(again, anchor, "AlreadyCosigned", [log.XA, log.JN, 3n]);
    await anchor.connect(spare[5]).anchor(log.JN, 0, 3, ROOT, []);
    await refuses(anchor.connect(account.JN.witness).cosign(log.JN, 3, ROOT), anchor, "OwnLog", [log.JN]);
  });

  it("without an overlap ends the previous accounts at once", async () => {
    const { registry, anchor, account, log, clock } = await rotating({}, 0n);
    const old = account.JN.log.address;
    const at = (await clock.now()) + 5n;
    await clock.next(at);
    const late = anchor.connect(account.JN.log).anchor(log.JN, 0, 3, ROOT, []);
    await refuses(late, registry, "AccountNotValid", [old, FROM, 0n, at]);
    await refuses(registry.connect(account.JN.log).vote(1), registry, "NotMember", [old]);
  });

  it("never makes the previous accounts valid for longer than they were", async () => {
    const { registry, log } = await rotating({}, UNTIL);
    assert.equal((await registry.previousKeys(log.JN)).validUntil, UNTIL);
  });

  it("a second one ends the overlap of the first", async () => {
    const { registry, account, spare, log, clock, end, soon } = await rotating();
    const third = keys("jn.tongping", spare[7].address, spare[8].address);
    const hand = registry.connect(spare[5]);
    await hand.proposeRotation(log.JN, third, end, await soon());
    await registry.connect(account.DL.log).vote(2);
    await hand.execute(2);
    await refuses(registry.requireLogAccount(log.JN, account.JN.log.address), registry, "NotLogAccount", [
      log.JN,
      account.JN.log.address,
      spare[7].address,
    ]);
    const gone = account.JN.witness.address;
    await refuses(registry.requireWitness(gone), registry, "UnknownWitness", [gone]);
    await registry.requireLogAccount(log.JN, spare[5].address);
    assert.ok((await clock.now()) < end);
  });

  it("may keep an account, and begin later when the overlap lasts until then", async () => {
    const world = await assembly();
    const { registry, anchor, account, log, clock, decide } = world;
    const begin = (await clock.now()) + 500n;
    const same = keys("jn.tongping", account.JN.log.address, account.JN.witness.address);
    await decide("proposeRotation", log.JN, { ...same, validFrom: begin, validUntil: begin + 10n }, begin);
    const own = anchor.connect(account.JN.log);
    await own.anchor(log.JN, 0, 3, ROOT, []);
    assert.equal(await registry.requireWitness(account.JN.witness.address), log.JN);
    await clock.next(begin);
    await anchor.connect(account.XA.log).anchor(log.XA, 0, 3, ROOT, []);
    await anchor.connect(account.JN.witness).cosign(log.XA, 3, ROOT);
    await clock.next(begin + 10n);
    const values = [account.JN.log.address, begin, begin + 10n, begin + 10n];
    await refuses(own.anchor(log.JN, 3, 4, ROOT, []), registry, "AccountNotValid", values);
  });

  it("that would leave a time without keys is refused", async () => {
    const { as, registry, spare, log, clock, soon } = await assembly();
    const begin = (await clock.now()) + 500n;
    const late = { ...keys("jn.tongping", spare[5].address, spare[6].address), validFrom: begin };
    const expiry = await soon();
    for (const overlap of [0n, begin - 1n]) {
      const call = as.JN.proposeRotation(log.JN, late, overlap, expiry);
      await refuses(call, registry, "OverlapTooShort", ["JN", overlap, begin]);
    }
    const far = { ...late, validFrom: UNTIL + 5n, validUntil: UNTIL + 9n };
    const call = as.JN.proposeRotation(log.JN, far, UNTIL + 9n, expiry);
    await refuses(call, registry, "OverlapTooShort", ["JN", UNTIL, UNTIL + 5n]);
    await as.JN.proposeRotation(log.JN, late, begin, expiry);
  });

  it("is refused with a wrong window, without a key, and with others' accounts", async () => {
    const { as, registry, account, spare, ethers, log, soon, clock } = await assembly();
    const expiry = await soon();
    const good = keys("jn.tongping", spare[5].address, spare[6].address);
    const refused = (change, name, values) =>
      refuses(as.JN.proposeRotation(log.JN, { ...good, ...change }, 0, expiry), registry, name, values);
    await refused({ validFrom: UNTIL }, "InvalidWindow", ["JN", UNTIL, UNTIL]);
    const past = await clock.now();
    await refused({ validUntil: past }, "InvalidWindow", ["JN", FROM, past]);
    await refused({ verifierKey: "" }, "IncompleteCentre", ["JN"]);
    await refused({ logAccount: NOBODY }, "InvalidAccount", ["JN", NOBODY]);
    const taken = account.DL.log.address;
    await refused({ witnessAccount: taken }, "InvalidAccount", ["JN", taken]);
    const unknown = ethers.id("tj.tongping");
    await refuses(as.JN.proposeRotation(unknown, good, 0, expiry), registry, "UnknownLog", [unknown]);
  });

  it("leaves the old account to its centre for good", async () => {
    const { as, registry, account, beijing, soon } = await rotating({}, 0n);
    const old = account.JN.log.address;
    const thief = { ...beijing, current: { ...beijing.current, logAccount: old } };
    await refuses(as.XA.proposeAddition(thief, await soon()), registry, "InvalidAccount", ["BJ", old]);
  });
});

describe("windows that ran out", () => {
  it("end anchoring and cosigning, and do not take the vote", async () => {
    const { as, registry, anchor, account, spare, log, clock, decide } = await assembly();
    await clock.mine(UNTIL - 1n);
    await clock.next(UNTIL);
    const anchoring = anchor.connect(account.JN.log).anchor(log.JN, 0, 3, ROOT, []);
    await refuses(anchoring, registry, "AccountNotValid", [account.JN.log.address, FROM, UNTIL, UNTIL]);
    await clock.mine(UNTIL);
    const next = { ...keys("jn.tongping", spare[5].address, spare[6].address), validUntil: UNTIL + 1_000n };
    await decide("proposeRotation", log.JN, next, 0);
    await anchor.connect(spare[5]).anchor(log.JN, 0, 3, ROOT, []);
    await refuses(as.JN.vote(1), registry, "NotMember", [account.JN.log.address]);
  });
});

describe("an endpoint", () => {
  it("is changed for members alone, and never to nothing", async () => {
    const { as, registry, ethers, log, soon } = await assembly();
    const expiry = await soon();
    await refuses(as.JN.proposeEndpoint(log.DL, "", expiry), registry, "IncompleteCentre", ["DL"]);
    const unknown = ethers.id("tj.tongping");
    await refuses(as.JN.proposeEndpoint(unknown, "https://x", expiry), registry, "UnknownLog", [unknown]);
  });
});

describe("a threshold", () => {
  it("lies between a majority and all members", async () => {
    const { as, registry, soon } = await assembly();
    const expiry = await soon();
    for (const votes of [0n, 1n, 4n, 2n ** 256n - 1n]) {
      await refuses(as.JN.proposeThreshold(votes, expiry), registry, "ThresholdOutOfRange", [votes, 2n, 3n]);
    }
  });

  it("that was raised meanwhile counts when a proposal is executed", async () => {
    const { as, registry, log, decide, soon } = await assembly();
    await as.JN.proposeEndpoint(log.DL, "https://new.example", await soon());
    await as.XA.vote(1);
    const receipt = await decide("proposeThreshold", 3);
    assert.deepEqual(events(registry, receipt).slice(1), [["ThresholdChanged", 3n, 3n]]);
    assert.equal(await registry.votesNeeded(1), 3n);
    await refuses(as.JN.execute(1), registry, "TooFewVotes", [1n, 2n, 3n]);
    await as.DL.vote(1);
    await as.JN.execute(1);
  });

  it("that was lowered meanwhile does not count for what was proposed before", async () => {
    const { as, registry, log, decide, soon } = await assembly();
    await decide("proposeThreshold", 3);
    await as.JN.proposeEndpoint(log.DL, "https://new.example", await soon());
    await as.XA.vote(2);
    await as.JN.proposeThreshold(2, await soon());
    for (const voter of ["XA", "DL"]) await as[voter].vote(3);
    await as.JN.execute(3);
    assert.deepEqual([await registry.threshold(), await registry.votesNeeded(2)], [2n, 3n]);
    await refuses(as.JN.execute(2), registry, "TooFewVotes", [2n, 2n, 3n]);
  });

  it("is bound to the members of when it was proposed", async () => {
    const { as, registry, soon, admit } = await assembly();
    await as.JN.proposeThreshold(2, await soon());
    await as.XA.vote(1);
    await as.DL.vote(1);
    await admit();
    await refuses(as.JN.execute(1), registry, "ProposalSuperseded", [1n, 4n, 6n]);
  });
});

describe("a successor", () => {
  it("is named once, and the anchor says so", async () => {
    const { as, registry, anchor, ethers, decide, soon } = await assembly();
    assert.equal(await anchor.successor(), NOBODY);
    const next = await ethers.deployContract("EvidenceAnchor", [await registry.getAddress()]);
    const address = await next.getAddress();
    const expiry = await soon();
    await as.JN.proposeSuccessor(await registry.getAddress(), expiry);
    await as.XA.vote(1);
    const receipt = await decide("proposeSuccessor", address);
    assert.deepEqual(events(registry, receipt).slice(1), [["SuccessorNamed", address]]);
    assert.deepEqual([await registry.successor(), await anchor.successor()], [address, address]);
    await refuses(as.JN.proposeSuccessor(address, expiry), registry, "SuccessorFinal", [address]);
    await refuses(as.JN.execute(1), registry, "ProposalSuperseded", [1n, 0n, 1n]);
    await refuses(as.DL.vote(1), registry, "ProposalSuperseded", [1n, 0n, 1n]);
  });

  it("is a contract", async () => {
    const { as, registry, account, soon } = await assembly();
    const expiry = await soon();
    for (const nobody of [NOBODY, account.JN.log.address]) {
      await refuses(as.JN.proposeSuccessor(nobody, expiry), registry, "InvalidSuccessor", [nobody]);
    }
  });
});
