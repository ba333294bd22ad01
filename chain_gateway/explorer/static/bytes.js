// Bytes as text and back, and the two hashes that browsers bring themselves.

export function hex(bytes) {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

export function unhex(text) {
  const plain = text.replace(/^0x/, "");
  if (!/^([0-9a-f]{2})*$/i.test(plain)) throw new TypeError("not hexadecimal");
  return Uint8Array.from(plain.match(/../g) || [], (pair) => parseInt(pair, 16));
}

export function unb64u(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export function equal(one, other) {
  return one.length === other.length && one.every((octet, place) => octet === other[place]);
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The salted commitment of a record: HMAC-SHA-256 with the salt as key. */
export async function commit(salt, record) {
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, record));
}
