// The pages run where Object.hasOwn does not exist yet, and no style of ours needs a newer browser.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ROOT } from "../vectors";

test("Object.hasOwn is there after our first import, even if the browser lacks it", async () => {
  Reflect.deleteProperty(Object, "hasOwn");
  await import("../../shared/chromium90");
  const hasOwn = Reflect.get(Object, "hasOwn") as (thing: object, name: string) => boolean;
  expect([hasOwn({ a: 1 }, "a"), hasOwn({ a: 1 }, "toString")]).toEqual([true, false]);
});

test("no style uses what Chromium 90 does not know", () => {
  const folders = ["room", "console", "shared", "shared/ui"].map((name) => `${ROOT}web/${name}`);
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(vue|css)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  const newer = /:has\(|@container|\d(dvh|svh|cqw)\b|color-mix\(|@layer/;
  expect(files.filter((file) => newer.test(readFileSync(file, "utf8")))).toEqual([]);
});
