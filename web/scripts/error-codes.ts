// Lists every error code that the Python sources and the contracts can raise.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGES = ["records", "journal", "evaluation_room", "signing", "chain_gateway", "node"];
const CODE = "([a-z0-9]+(?:-[a-z0-9]+)*)";

/** The forms of a code in the sources: given to an error, fixed in a class, chosen between two, or passed on by a helper. */
const PATTERNS = [
  `\\b[A-Z]\\w*Error\\(\\s*"${CODE}"(?! in)`,
  `\\bcode(?:: [\\w\\[\\]]+)? = "${CODE}"`,
  `\\b[A-Z]\\w*Error\\(\\s*"${CODE}" if\\b`,
  `\\b[A-Z]\\w*Error\\(\\s*"[a-z0-9-]+" if [^\\n]*? else "${CODE}"`,
  `\\b(?:ended|_same|_expect|_once|problem)\\([^"\\n]*"${CODE}"`,
  `"((?:bad|already)-[a-z0-9-]+)"`,
  `\\bFault\\(\\s*code="${CODE}"`,
  `return "((?:key)-[a-z0-9-]+)"`,
  `HTTPStatus\\.\\w+: "${CODE}"`,
  `"${CODE}": HTTPStatus\\.`,
];

export function codesInPython(): string[] {
  const found = new Set<string>();
  for (const file of PACKAGES.flatMap((name) => files(join(ROOT, name), ".py"))) {
    const text = readFileSync(file, "utf8");
    for (const pattern of PATTERNS) {
      for (const match of text.matchAll(new RegExp(pattern, "g"))) if (match[1]) found.add(match[1]);
    }
  }
  for (const form of formsOfIds()) found.add(`bad-${form}`);
  return [...found].sort();
}

/** The custom errors of the contracts, in kebab case as chain_gateway/ledger/refusals.py turns them into ours. */
export function codesInContracts(): string[] {
  const texts = files(join(ROOT, "contracts"), ".sol").map((file) => readFileSync(file, "utf8"));
  const names = texts.flatMap((text) => [...text.matchAll(/^\s*error ([A-Z]\w+)\(/gm)].map((match) => match[1] ?? ""));
  return names.map((name) => name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase());
}

/** records/ids.py names its codes after the form that did not match. */
function formsOfIds(): string[] {
  const text = readFileSync(join(ROOT, "records/ids.py"), "utf8");
  const table = /_FORMS = \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? "";
  return [...table.matchAll(/^ {4}"([a-z0-9]+)":/gm)].map((match) => match[1] ?? "");
}

function files(folder: string, ending: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "__pycache__" ? [] : files(path, ending);
    return name.endsWith(ending) ? [path] : [];
  });
}
