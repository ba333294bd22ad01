// Members sign, centres seal; background work has a name in words; the note on guests' names ends with the check-in.
import { createI18n } from "vue-i18n";
import { describe, expect, test } from "vitest";
import consoleZh from "../../console/messages.zh";
import { workName } from "../../console/centre/background_works";
import { namesToCome } from "../../console/tenders/guest_names";
import roomZh from "../../room/messages.zh";
import { signerState } from "../../room/signing/signer_state";

const t = createI18n({ legacy: false, locale: "zh", messages: { zh: consoleZh } }).global.t as (
  key: string,
  values?: Record<string, string>,
) => string;
const city = (code: string) => ({ XA: "西安" })[code] ?? code;

describe("how far something is, in words", () => {
  test.each([
    ["expert", true, "已签署"],
    ["expert", false, "待签署"],
    ["seal", true, "已签章"],
    ["seal", false, "待签章"],
  ] as const)("%s, done %s: %s", (kind, signed, word) => {
    expect(roomZh.signing[signerState({ kind, signed })]).toBe(word);
  });

  test.each([
    ["outbox-XA", "发往西安的消息"],
    ["outbox-DL", "发往DL的消息"],
    ["publish", "公开发布"],
    ["anchor", "上链"],
    ["workflow", "流程推进"],
    ["sweep", "sweep"],
  ])("the work %s is called %s", (name, words) => {
    expect(workName(name, city, t)).toBe(words);
  });

  test.each([
    [undefined, true],
    ["PREPARED", true],
    ["CHECK_IN", true],
    ["BRIEFING", false],
    ["DETAILED", false],
    ["SEALED", false],
    ["CLOSED", false],
  ])("at the stage %s guests' names are still to come: %s", (stage, expected) => {
    expect(namesToCome(stage)).toBe(expected);
  });
});
