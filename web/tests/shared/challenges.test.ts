// The browser asks the passkey for exactly the challenge that signing verifies.
import { expect, test } from "vitest";
import { hex, unb64u } from "../../shared/records/bytes";
import { consentChallenge } from "../../shared/records/challenges";
import { vectors } from "../vectors";

const golden = vectors("challenges") as { consent: { report: string; nonce: string; challenge: string }[] };

test.each(golden.consent)("the challenge of consent to $report", async (one) => {
  expect(hex(unb64u(await consentChallenge(one.report, one.nonce)))).toBe(one.challenge);
});
