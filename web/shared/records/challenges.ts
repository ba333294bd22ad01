// The challenge a passkey signs for a report, computed here from the report that is shown (signing/factors/webauthn.py).
import { b64u, concat, sha256, unb64u, unhex, utf8 } from "./bytes";

/** SHA-256("tongping/report-consent/v1" 0x00 ‖ report digest ‖ nonce), as the base64url in the WebAuthn options. */
export async function consentChallenge(report: string, nonce: string): Promise<string> {
  const digest = unhex(report.replace(/^sha256:/, ""));
  return b64u(await sha256(concat(utf8("tongping/report-consent/v1"), Uint8Array.of(0), digest, unb64u(nonce))));
}
