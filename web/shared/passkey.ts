// Passkeys: the browser's WebAuthn dialogs, with their failures as codes of ours.
import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { post, Problem, useCsrf } from "./api";
import type { Me } from "./model";

type Ceremony<Options> = { ceremony: string; publicKey: Options };
export type AssertionOptions = Ceremony<PublicKeyCredentialRequestOptionsJSON>;
export type Assertion = AuthenticationResponseJSON;

/** Make a passkey with a one-time code; the person is signed in afterwards. */
export async function enrol(code: string): Promise<Me> {
  const options = await post<Ceremony<PublicKeyCredentialCreationOptionsJSON>>("/api/v1/access/enrolment/options", {
    code,
  });
  const credential = await asked(() => startRegistration({ optionsJSON: options.publicKey }));
  return remembered(await post<Me>("/api/v1/access/enrolment", { ceremony: options.ceremony, credential }));
}

export async function signIn(): Promise<Me> {
  const options = await post<AssertionOptions>("/api/v1/access/sign-in/options");
  const credential = await assert(options.publicKey);
  return remembered(await post<Me>("/api/v1/access/sign-in", { ceremony: options.ceremony, credential }));
}

/** Ask the person to confirm with their passkey. */
export function assert(options: PublicKeyCredentialRequestOptionsJSON): Promise<Assertion> {
  return asked(() => startAuthentication({ optionsJSON: options }));
}

function remembered(me: Me): Me {
  useCsrf(me.csrf);
  return me;
}

async function asked<T>(ceremony: () => Promise<T>): Promise<T> {
  if (!window.isSecureContext || !browserSupportsWebAuthn()) throw new Problem("passkey-unsupported", 0);
  try {
    return await ceremony();
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    const known = name === "InvalidStateError" ? "passkey-already-there" : "passkey-cancelled";
    throw new Problem(known, 0);
  }
}
