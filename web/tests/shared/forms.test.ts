// Checked over every template: a disabled control states why, and no field cuts pasted text.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "vue/compiler-sfc";

const WEB = fileURLToPath(new URL("../../", import.meta.url));

type Node = {
  type: number;
  tag?: string;
  props?: { name: string; arg?: { content?: string }; exp?: { content?: string } }[];
  children?: Node[];
  branches?: Node[];
};
type Found = { file: string; tag: string; names: string[] };

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : path.endsWith(".vue") ? [path] : [];
  });
}

function elements(node: Node, file: string): Found[] {
  const names = (node.props ?? []).map((prop) => prop.arg?.content ?? prop.name);
  const own = node.tag ? [{ file, tag: node.tag, names }] : [];
  return [...own, ...(node.children ?? []).flatMap((child) => elements(child, file))];
}

const all = ["room", "console", "shared"].flatMap((folder) =>
  files(join(WEB, folder)).flatMap((path) => {
    const template = parse(readFileSync(path, "utf8")).descriptor.template?.ast;
    return template ? elements(template as unknown as Node, path.slice(WEB.length)) : [];
  }),
);
const told = (found: Found[]) => found.map(({ file, tag }) => `${file} <${tag}>`);

test("the templates are read", () => {
  expect(all.filter(({ tag }) => tag === "ActButton").length).toBeGreaterThan(15);
});

test("whatever can be disabled is linked to the words that say why", () => {
  const silent = all.filter(
    ({ tag, names }) =>
      tag !== "option" &&
      (names.includes("disabled") || names.includes("aria-disabled")) &&
      !names.includes("aria-describedby"),
  );
  expect(told(silent)).toEqual([]);
});

test("no field cuts off what is typed or pasted; what is too long is told", () => {
  expect(told(all.filter(({ names }) => names.includes("maxlength")))).toEqual([]);
});

test("sentences are typed into the field that says what cannot be kept", () => {
  const bare = all.filter(({ tag, file }) => tag === "textarea" && !file.endsWith("TextField.vue"));
  expect(told(bare)).toEqual([]);
});

test("figures are never left to the browser, which drops full-width digits without a word", () => {
  const numbers = files(WEB.concat("room"))
    .concat(files(WEB.concat("console")), files(WEB.concat("shared")))
    .filter((path) => readFileSync(path, "utf8").includes('type="number"'));
  expect(numbers.map((path) => path.slice(WEB.length))).toEqual([]);
});
