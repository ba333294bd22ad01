// The ladder of the console: the reached rungs, how many centres cosigned, and which are missing.
import { describe, expect, test } from "vitest";
import { rungs } from "../../console/evidence/proof";
import type { DocumentProof } from "../../shared/api/answers";

const SESSION = "E3701000076012345001-1";
const REPORT = { sealed_digest: `sha256:${"ab".repeat(32)}` };
const OTHERS = [
  { code: "XA", name: "西安" },
  { code: "DL", name: "大连" },
];
/** Only what the ladder reads. */
const proof = (part: Partial<DocumentProof>) =>
  ({
    index: 7,
    size: 9,
    sealed_at: "2026-11-23T06:03:22.123Z",
    transaction: "0x01",
    block: 20511,
    witnesses: [],
    ...part,
  }) as unknown as DocumentProof;
/** The key with its values, instead of a sentence. */
const words = (key: string, values: Record<string, string | number> = {}) => [key, ...Object.values(values)].join(" ");
const cosigned = (known: DocumentProof | undefined, others = OTHERS) => rungs(SESSION, REPORT, known, others, words)[3];

describe("the ladder", () => {
  test("has all four rungs before anything happened, and reaches none", () => {
    const found = rungs(SESSION, undefined, undefined, OTHERS, words);
    expect(found.map((rung) => [rung.id, rung.reached, rung.href])).toEqual([
      ["received", false, undefined],
      ["sequenced", false, undefined],
      ["anchored", false, undefined],
      ["cosigned", false, undefined],
    ]);
  });

  test("counts no witness before the record is on the chain", () => {
    expect(cosigned(proof({ transaction: "", witnesses: ["XA"] }))).toEqual({
      id: "cosigned",
      reached: false,
      detail: "ladder.cosigners 0 2",
    });
  });

  test("names the centres that have not cosigned", () => {
    expect(cosigned(proof({}))?.detail).toBe("ladder.cosigning 0 2 西安ladder.between大连");
    expect(cosigned(proof({ witnesses: ["DL"] }))).toEqual({
      id: "cosigned",
      reached: false,
      detail: "ladder.cosigning 1 2 西安",
      href: "/checkpoints/9",
    });
  });

  test("is complete when every other centre has cosigned", () => {
    expect(cosigned(proof({ witnesses: ["DL", "XA"] }))).toEqual({
      id: "cosigned",
      reached: true,
      detail: "ladder.cosigners 2 2",
      href: "/checkpoints/9",
    });
  });

  test("does not call a record witnessed where no other centre is known", () => {
    expect(cosigned(proof({ witnesses: ["JN"] }), [])).toEqual({ id: "cosigned", reached: false });
  });
});
