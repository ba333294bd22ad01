// canonical.ts writes and refuses exactly what records/canonical.py does.
import { describe, expect, test } from "vitest";
import { hex, unhex } from "../../shared/records/bytes";
import { decode, encode, RecordError, type Value } from "../../shared/records/canonical";
import { vectors } from "../vectors";

type Refusal = { name: string; hex: string; code: string };
const golden = vectors("canonical") as {
  encode: { name: string; value: Value; hex: string }[];
  decode_refuses: Refusal[];
  encode_refuses: { name: string; value?: unknown; code: string }[];
};

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof RecordError ? error.code : String(error);
  }
  return "no error";
}

describe("canonical bytes", () => {
  test.each(golden.encode)("$name is written as the same bytes", (one) => {
    expect(hex(encode(one.value))).toBe(one.hex);
    expect(decode(unhex(one.hex))).toEqual(one.value);
  });

  test.each(golden.decode_refuses)("$name is refused when read", (one) => {
    expect(codeOf(() => decode(unhex(one.hex)))).toBe(one.code);
  });

  test.each(golden.encode_refuses.filter((one) => "value" in one))("$name is refused when written", (one) => {
    expect(codeOf(() => encode(one.value as Value))).toBe(one.code);
  });
});
