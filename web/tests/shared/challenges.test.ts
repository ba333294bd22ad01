// The browser asks the passkey for exactly the challenges that the centres and verifiers make.
import { expect, test } from "vitest";
import { hex, unb64u } from "../../shared/records/bytes";
import {
  enrolmentChallenge,
  reportConsentChallenge,
  seatBindingChallenge,
  signInChallenge,
} from "../../shared/records/challenges";
import { vectors } from "../vectors";

type Golden = { readonly nonce: string; readonly challenge: string; readonly [member: string]: string };
const golden = vectors("challenges") as Record<
  "consent_v2" | "seat_binding" | "sign_in" | "enrolment" | "refused",
  Golden[]
>;
const made = async (challenge: Promise<string>) => hex(unb64u(await challenge));
const text = (one: Golden, member: string) => one[member] ?? "";

test.each(golden.consent_v2)("the challenge of the decision $decision of $seat", async (one) => {
  const consent = {
    session: text(one, "session"),
    seat: text(one, "seat"),
    report: text(one, "report"),
    decision: text(one, "decision"),
    reason: text(one, "reason"),
  };
  expect(await made(reportConsentChallenge(consent, one.nonce))).toBe(one.challenge);
});

test.each(golden.seat_binding)("the challenge of binding a key to $seat", async (one) => {
  const challenge = seatBindingChallenge(text(one, "session"), text(one, "seat"), text(one, "public_key"), one.nonce);
  expect(await made(challenge)).toBe(one.challenge);
});

test.each(golden.sign_in)("the challenge of signing in at $site", async (one) => {
  expect(await made(signInChallenge(text(one, "site"), one.nonce))).toBe(one.challenge);
});

test.each(golden.enrolment)("the challenge of making a passkey at $site for $user", async (one) => {
  expect(await made(enrolmentChallenge(text(one, "site"), text(one, "user"), one.nonce))).toBe(one.challenge);
});

test.each(golden.refused)("a nonce of another size is refused: $nonce", async ({ nonce }) => {
  await expect(signInChallenge("https://room.example", nonce)).rejects.toMatchObject({ code: "nonce-size" });
});
