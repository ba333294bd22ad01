// Folds the traces of input methods, pastes and forms around figures and codes: full-width signs, odd spaces, invisible marks.

/** Invisible marks: zero-width, joiners, direction marks, the byte order mark. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** No-break, thin and ideographic spaces. */
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\r\n]/g;

/** Figures and codes as typed without an input method, without spaces around. Not for sentences. */
export function folded(text: string): string {
  return text
    .replace(UNSEEN, "")
    .replace(SPACES, " ")
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[。｡]/g, ".")
    .replace(/[、､]/g, ",")
    .trim();
}

/** A signing PIN or a one-time code: an input method's digits and spaces around it must not cost a try. */
export function foldedSecret(text: string): string {
  const plain = text
    .replace(UNSEEN, "")
    .replace(SPACES, " ")
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .trim();
  return /^[\d ]+$/.test(plain) ? plain.replace(/ /g, "") : plain;
}
