// The undertaking on the screen is the text whose digest the node knows.
import { expect, test } from "vitest";
import { UNDERTAKING_ZH, undertakingDigest } from "../../room/briefing/undertaking";
import { vectors } from "../vectors";

test("text and digest are those of the vector", async () => {
  expect({ text: UNDERTAKING_ZH, digest: await undertakingDigest() }).toEqual(vectors("undertaking"));
});
