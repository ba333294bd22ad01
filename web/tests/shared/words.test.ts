// Every error code has its sentence, and the two languages have the same texts.
import { describe, expect, test } from "vitest";
import consoleEn from "../../console/messages.en";
import consoleZh from "../../console/messages.zh";
import roomEn from "../../room/messages.en";
import roomZh from "../../room/messages.zh";
import { codesInContracts, codesInPython } from "../../scripts/error-codes";
import { ERRORS } from "../../shared/i18n/errors";
import sharedEn from "../../shared/i18n/shared.en";
import sharedZh from "../../shared/i18n/shared.zh";
import { ENTRY_KINDS, INVITATION_STATES, REASONS, STAGES, WAITING_FOR } from "../../shared/i18n/words";

function keys(messages: object, prefix = ""): string[] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? keys(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function texts(messages: object): string[] {
  return Object.values(messages).flatMap((value: unknown) =>
    typeof value === "string" ? [value] : typeof value === "object" && value !== null ? texts(value) : [],
  );
}

function placeholders(messages: object): string[] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "string"
      ? [...new Set(value.match(/\{\w+\}/g) ?? [])].sort().map((name) => `${key} ${name}`)
      : typeof value === "object" && value !== null
        ? placeholders(value)
        : [],
  );
}

describe("what people read", () => {
  test("no error code known in the sources lacks a sentence", () => {
    const codes = [...codesInPython(), ...codesInContracts()];
    expect(codes.length).toBeGreaterThan(250);
    expect(codes.filter((code) => !(code in ERRORS))).toEqual([]);
  });

  test.each([
    ["shared", sharedZh, sharedEn],
    ["room", roomZh, roomEn],
    ["console", consoleZh, consoleEn],
  ])("%s messages have the same keys and values in both languages", (_name, zh, en) => {
    expect(keys(en)).toEqual(keys(zh));
    expect(placeholders(en)).toEqual(placeholders(zh));
  });

  test("Chinese sentences use Chinese punctuation", () => {
    const sentences = [
      ...Object.values(ERRORS).map(([zh]) => zh),
      ...[sharedZh, roomZh, consoleZh].flatMap((one) => texts(one)),
    ];
    expect(sentences.filter((text) => /[一-鿿}][,;:?(][一-鿿{]/.test(text))).toEqual([]);
  });

  test("no sentence blames, shouts or is empty", () => {
    for (const words of [ERRORS, STAGES, INVITATION_STATES, REASONS, ENTRY_KINDS, WAITING_FOR]) {
      for (const pair of Object.values(words)) {
        for (const text of pair) expect(text).toMatch(/^[^!！]+$/);
      }
    }
  });
});
