// The Merkle tree of RFC 6962 / RFC 9162 over SHA-256, the same as records/log/merkle.py; verifiers return false, they never throw.
import { type Bytes, concat, equal, sha256 } from "./bytes";

const LIMIT = 2n ** 64n;

export function leafHash(data: Uint8Array): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), data));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** The root over these leaf hashes; the empty tree has the hash of nothing. */
export async function root(leaves: readonly Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256(new Uint8Array());
  if (leaves.length === 1) return leaves[0] as Bytes;
  const middle = split(leaves.length);
  return nodeHash(await root(leaves.slice(0, middle)), await root(leaves.slice(middle)));
}

export async function inclusionPath(leaves: readonly Bytes[], index: number): Promise<Bytes[]> {
  if (index < 0 || index >= leaves.length) throw new RangeError("index outside the tree");
  if (leaves.length === 1) return [];
  const middle = split(leaves.length);
  if (index < middle) {
    return [...(await inclusionPath(leaves.slice(0, middle), index)), await root(leaves.slice(middle))];
  }
  return [...(await inclusionPath(leaves.slice(middle), index - middle)), await root(leaves.slice(0, middle))];
}

/** The proof that the tree of the first `size` leaves is a prefix of this one. */
export async function consistencyPath(leaves: readonly Bytes[], size: number): Promise<Bytes[]> {
  if (size < 0 || size > leaves.length) throw new RangeError("size outside the tree");
  if (size === 0 || size === leaves.length) return [];
  return subproof(leaves, size, true);
}

async function subproof(leaves: readonly Bytes[], size: number, whole: boolean): Promise<Bytes[]> {
  if (size === leaves.length) return whole ? [] : [await root(leaves)];
  const middle = split(leaves.length);
  if (size <= middle) {
    return [...(await subproof(leaves.slice(0, middle), size, whole)), await root(leaves.slice(middle))];
  }
  return [...(await subproof(leaves.slice(middle), size - middle, false)), await root(leaves.slice(0, middle))];
}

/** The largest power of two smaller than `size`. */
function split(size: number): number {
  let middle = 1;
  while (middle * 2 < size) middle *= 2;
  return middle;
}

export async function verifyInclusion(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  path: readonly Uint8Array[],
  expected: Uint8Array,
): Promise<boolean> {
  if (index < 0n || index >= size || size > LIMIT - 1n || !hashes([leaf, expected, ...path])) return false;
  let node = index;
  let last = size - 1n;
  let hash: Uint8Array = leaf;
  for (const sibling of path) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node / 2n, last / 2n];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [node / 2n, last / 2n];
  }
  return last === 0n && equal(hash, expected);
}

export async function verifyConsistency(
  size1: bigint,
  size2: bigint,
  root1: Uint8Array,
  root2: Uint8Array,
  path: readonly Uint8Array[],
): Promise<boolean> {
  if (size1 < 0n || size1 > size2 || size2 > LIMIT - 1n || !hashes([root1, root2, ...path])) return false;
  const empty = await sha256(new Uint8Array());
  if (size1 === 0n && !equal(root1, empty)) return false;
  if (size1 === size2) return path.length === 0 && equal(root1, root2);
  if (size1 === 0n) return path.length === 0;
  return grows(size1, size2, root1, root2, path);
}

async function grows(
  size1: bigint,
  size2: bigint,
  root1: Uint8Array,
  root2: Uint8Array,
  path: readonly Uint8Array[],
): Promise<boolean> {
  const powerOfTwo = (size1 & (size1 - 1n)) === 0n;
  const [first, ...rest] = powerOfTwo ? [root1, ...path] : path;
  if (first === undefined || rest.length === 0) return false;
  let [node, last] = [size1 - 1n, size2 - 1n];
  while (node % 2n === 1n) [node, last] = [node / 2n, last / 2n];
  let [old, grown] = [first, first];
  for (const sibling of rest) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      [old, grown] = [await nodeHash(sibling, old), await nodeHash(sibling, grown)];
      while (node % 2n === 0n && node !== 0n) [node, last] = [node / 2n, last / 2n];
    } else {
      grown = await nodeHash(grown, sibling);
    }
    [node, last] = [node / 2n, last / 2n];
  }
  return last === 0n && equal(old, root1) && equal(grown, root2);
}

function hashes(values: readonly Uint8Array[]): boolean {
  return values.every((value) => value.length === 32);
}
