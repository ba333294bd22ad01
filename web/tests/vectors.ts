// Reads the golden vectors that the Python side is held to as well.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export function vectors(name: string): unknown {
  return JSON.parse(readFileSync(`${ROOT}tests/vectors/${name}.json`, "utf8"));
}
