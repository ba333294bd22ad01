// chain.ts builds, hashes and verifies the entries of a seat as records/room_entry.py does.
import { describe, expect, test } from "vitest";
import { hex } from "../../shared/records/bytes";
import {
  EMPTY,
  entryBytes,
  entryHash,
  follow,
  headOf,
  makeSeatKey,
  nextEntry,
  signEntry,
  verifyEntry,
  type WireEntry,
} from "../../shared/records/chain";
import { vectors } from "../vectors";

const golden = vectors("room_entry") as {
  public_key: string;
  entries: (WireEntry & { hex: string; hash: string })[];
  bad_signatures: { name: string; public_key: string; wire: WireEntry }[];
};

const draft = {
  session: "E3701000076012345001-1",
  author: "seat:JN-1",
  at: "2026-11-23T06:03:22.123Z",
  stage: "DETAILED",
  kind: "score-entered",
};

describe("a seat's chain", () => {
  test("entries have the golden bytes and hashes", async () => {
    for (const one of golden.entries) {
      expect(hex(entryBytes(one.entry))).toBe(one.hex);
      expect(await entryHash(one.entry)).toBe(one.hash);
    }
  });

  test("golden signatures hold", async () => {
    for (const one of golden.entries) expect(await verifyEntry(one, golden.public_key)).toBe(true);
  });

  test.each(golden.bad_signatures)("a bad signature does not hold: $name", async (one) => {
    expect(await verifyEntry(one.wire, one.public_key)).toBe(false);
  });

  test("an entry signed here verifies and its private key cannot be taken out", async () => {
    const key = await makeSeatKey();
    const wire = await signEntry(
      nextEntry(EMPTY, { ...draft, body: { bidder: "B1", item: "T1", points: 850 } }),
      key.privateKey,
    );
    expect(wire.signature).toHaveLength(86);
    expect(await verifyEntry(wire, key.publicKey)).toBe(true);
    await expect(crypto.subtle.exportKey("pkcs8", key.privateKey)).rejects.toThrow();
  });

  test("a gap and a fork are noticed", async () => {
    const first = { entry: nextEntry(EMPTY, { ...draft, body: { n: 1 } }), signature: "" };
    const head = await headOf(first.entry);
    const second = { entry: nextEntry(head, { ...draft, body: { n: 2 } }), signature: "" };
    expect(await follow([first, second])).toEqual(await headOf(second.entry));
    await expect(follow([second])).rejects.toThrow("chain-gap");
    const other = { entry: nextEntry(EMPTY, { ...draft, body: { n: 9 } }), signature: "" };
    await expect(follow([other, second])).rejects.toThrow("chain-fork");
  });

  test("an entry above 64 KiB is refused", () => {
    const entry = nextEntry(EMPTY, { ...draft, body: { reason: "x".repeat(65_536) } });
    expect(() => entryBytes(entry)).toThrow("entry-too-large");
  });
});
