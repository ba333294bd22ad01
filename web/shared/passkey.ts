// Passkeys: the browser's WebAuthn dialogs, with their failures as codes of ours.
import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { answered, node, Problem, useCsrf } from "./api/client";
import type { Me } from "./api/answers";
import { enrolmentChallenge, signInChallenge } from "./records/challenges";

/** What the node answers to begin a ceremony: the options have WebAuthn's own form, which the browser checks. */
type Options = { nonce: string; publicKey: Record<string, unknown> };
export type Assertion = AuthenticationResponseJSON;

/** Make a passkey with a one-time code; the person is signed in afterwards. */
export async function enrol(code: string): Promise<Me> {
  const options = await answered(node.POST("/api/v1/access/enrolment/options", { body: { code } }));
  const creation = creationOf(options);
  const expected = await enrolmentChallenge(location.origin, creation.user.id, options.nonce);
  const credential = await asked(creation, expected, () => startRegistration({ optionsJSON: creation }));
  return remembered(
    await answered(
      node.POST("/api/v1/access/enrolment", { body: { ceremony: options.ceremony, credential: { ...credential } } }),
    ),
  );
}

export async function signIn(): Promise<Me> {
  const options = await answered(node.POST("/api/v1/access/sign-in/options"));
  const credential = await assert(options, await signInChallenge(location.origin, options.nonce));
  return remembered(
    await answered(
      node.POST("/api/v1/access/sign-in", { body: { ceremony: options.ceremony, credential: { ...credential } } }),
    ),
  );
}

/** Ask the person to confirm with their passkey what this page says is done: `expected` is the challenge made here. */
export function assert(options: Options, expected: string): Promise<Assertion> {
  const request = options.publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  return asked(request, expected, () => startAuthentication({ optionsJSON: request }));
}

function creationOf({ publicKey }: Options): PublicKeyCredentialCreationOptionsJSON {
  return publicKey as unknown as PublicKeyCredentialCreationOptionsJSON;
}

function remembered(me: Me): Me {
  useCsrf(me.csrf);
  return me;
}

async function asked<T>(options: { challenge: string }, expected: string, ceremony: () => Promise<T>): Promise<T> {
  if (options.challenge !== expected) throw new Problem("passkey-asked-otherwise", 0);
  if (!window.isSecureContext || !browserSupportsWebAuthn()) throw new Problem("passkey-unsupported", 0);
  try {
    return await ceremony();
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    const known = name === "InvalidStateError" ? "passkey-already-there" : "passkey-cancelled";
    throw new Problem(known, 0);
  }
}
