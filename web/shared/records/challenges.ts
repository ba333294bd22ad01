// The challenges a passkey signs, made here from what is shown: every act says what is done (signing/factors/challenges.py).
import { b64u, concat, digest, sha256, unb64u, utf8 } from "./bytes";
import { encode, RecordError } from "./canonical";

const NONCE_BYTES = 32;
/** The version of a consent's challenge, named in the entry. */
export const CONSENT_VERSION = 2;

export type Consent = {
  readonly session: string;
  readonly seat: string;
  readonly report: string;
  readonly decision: string;
  readonly reason: string;
};

/** A passkey is made at this site (its origin) for this user handle. */
export function enrolmentChallenge(site: string, user: string, nonce: string): Promise<string> {
  return challenge("tongping/enrolment/v1", { site, user }, nonce);
}

/** Somebody signs in at this site (its origin), and does nothing else. */
export function signInChallenge(site: string, nonce: string): Promise<string> {
  return challenge("tongping/sign-in/v1", { site }, nonce);
}

/** This key speaks for this seat in this session. */
export function seatBindingChallenge(
  session: string,
  seat: string,
  public_key: string,
  nonce: string,
): Promise<string> {
  return challenge("tongping/seat-binding/v1", { session, seat, public_key }, nonce);
}

/** This seat decides so on this report, for this reason. */
export async function reportConsentChallenge(consent: Consent, nonce: string): Promise<string> {
  const { session, seat, report, decision } = consent;
  const reason = await digest(utf8(consent.reason));
  return challenge("tongping/report-consent/v2", { session, seat, report, decision, reason }, nonce);
}

/** SHA-256(act 0x00 ‖ canonical members), as the base64url in the WebAuthn options. */
async function challenge(act: string, said: Readonly<Record<string, string>>, nonce: string): Promise<string> {
  if (unb64u(nonce).length !== NONCE_BYTES) throw new RecordError("nonce-size");
  return b64u(await sha256(concat(utf8(act), Uint8Array.of(0), encode({ ...said, nonce }))));
}
