// The word for the state of a signature: members sign, centres seal.
import type { Signer } from "../../shared/api/answers";

export function signerState(signer: Pick<Signer, "kind" | "signed">): "signed" | "waiting" | "sealed" | "sealWaiting" {
  if (signer.kind === "seal") return signer.signed ? "sealed" : "sealWaiting";
  return signer.signed ? "signed" : "waiting";
}
