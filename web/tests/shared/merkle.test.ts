// merkle.ts computes and verifies what records/log/merkle.py does, up to sizes of 2^64 - 1.
import { describe, expect, test } from "vitest";
import { hex, unhex } from "../../shared/records/bytes";
import {
  consistencyPath,
  inclusionPath,
  leafHash,
  root,
  verifyConsistency,
  verifyInclusion,
} from "../../shared/records/merkle";
import { vectors } from "../vectors";

type Inclusion = { name: string; index: string; size: string; leaf: string; path: string[]; root: string };
type Consistency = { name: string; size1: string; size2: string; root1: string; root2: string; path: string[] };
const golden = vectors("merkle") as {
  leaves: { data: string; hash: string }[];
  roots: string[];
  inclusion: Inclusion[];
  consistency: Consistency[];
  refuses_inclusion: Inclusion[];
  refuses_consistency: Consistency[];
};
const leaves = golden.leaves.map((leaf) => unhex(leaf.hash));

const included = (one: Inclusion) =>
  verifyInclusion(unhex(one.leaf), BigInt(one.index), BigInt(one.size), one.path.map(unhex), unhex(one.root));
const consistent = (one: Consistency) =>
  verifyConsistency(BigInt(one.size1), BigInt(one.size2), unhex(one.root1), unhex(one.root2), one.path.map(unhex));

describe("the Merkle tree", () => {
  test("leaf hashes are the golden ones", async () => {
    const found = await Promise.all(golden.leaves.map((leaf) => leafHash(unhex(leaf.data))));
    expect(found.map(hex)).toEqual(golden.leaves.map((leaf) => leaf.hash));
  });

  test("roots of all sizes are the golden ones", async () => {
    const found = await Promise.all(golden.roots.map((_, size) => root(leaves.slice(0, size))));
    expect(found.map(hex)).toEqual(golden.roots);
  });

  test("inclusion proofs hold, and those of our own leaves are computed alike", async () => {
    for (const one of golden.inclusion) {
      expect(await included(one)).toBe(true);
      const size = Number(one.size);
      if (size > leaves.length) continue;
      expect((await inclusionPath(leaves.slice(0, size), Number(one.index))).map(hex)).toEqual(one.path);
    }
  });

  test("consistency proofs hold, and those of our own leaves are computed alike", async () => {
    for (const one of golden.consistency) {
      expect(await consistent(one)).toBe(true);
      const size = Number(one.size2);
      if (size > leaves.length) continue;
      expect((await consistencyPath(leaves.slice(0, size), Number(one.size1))).map(hex)).toEqual(one.path);
    }
  });

  test.each(golden.refuses_inclusion)("no inclusion: $name", async (one) => {
    expect(await included(one).catch(() => false)).toBe(false);
  });

  test.each(golden.refuses_consistency)("no consistency: $name", async (one) => {
    expect(await consistent(one).catch(() => false)).toBe(false);
  });
});
