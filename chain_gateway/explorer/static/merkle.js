// Inclusion in a Merkle tree of RFC 9162 over SHA-256; answers false to whatever does not fit, and never throws.
import { concat, equal, sha256 } from "./bytes.js";

export function leafHash(data) {
  return sha256(concat(Uint8Array.of(0), data));
}

function nodeHash(left, right) {
  return sha256(concat(Uint8Array.of(1), left, right));
}

export async function verifyInclusion(leaf, index, size, path, root) {
  if (![index, size].every(Number.isSafeInteger) || index < 0 || index >= size) return false;
  if (![leaf, root, ...path].every((value) => value.length === 32)) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(hash, root);
}
