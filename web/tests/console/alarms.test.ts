// An alarm's subject is shown in words, the worst first; every name has all its texts in both languages.
import { createI18n } from "vue-i18n";
import { describe, expect, test } from "vitest";
import { sorted, subjectOf } from "../../console/centre/alarms";
import en from "../../console/centre/alarms.en";
import zh from "../../console/centre/alarms.zh";
import consoleZh from "../../console/messages.zh";
import type { Alarm } from "../../shared/api/answers";

const t = createI18n({ legacy: false, locale: "zh", messages: { zh: consoleZh } }).global.t as (
  key: string,
  values?: Record<string, string>,
) => string;
const city = (code: string) => ({ JN: "济南", XA: "西安" })[code] ?? code;

function alarm(subject: string, severity: Alarm["severity"] = "critical", entry = 0): Alarm {
  return {
    entry,
    alarm: "fork",
    subject,
    code: "log-forked",
    severity,
    expected: "",
    found: "",
    first_seen: "",
    last_seen: "",
  };
}

describe("an alarm in words", () => {
  test.each([
    ["log:xa.tongping", "西安的账本"],
    ["head:jn.tongping", "济南的链上记录"],
    ["project:E3701000076012345001", "项目 E3701000076012345001"],
    ["project:-", "本中心的日常记录"],
    ["room:E3701000076012345001-1/seat:XA-2", "会话 E3701000076012345001-1 · XA-2"],
    ["room:E3701000076012345001-1/XA", "会话 E3701000076012345001-1 · 西安"],
    ["entries:256-511", "第 256–511 条记录"],
    ["checkpoint:42", "前 42 条记录"],
    ["key:certificate-seal", "电子签章证书"],
    ["key:certificate-timestamps-issuer-1", "时间戳证书的签发证书"],
    ["key:registry-XA", "西安在中心名册中的有效期"],
    ["key:another", "another"],
    ["proposal:7", "提案 7"],
    ["registry", "中心名册"],
    ["clock", "本机时钟"],
    ["clock:XA", "本机与西安的时钟"],
    ["storage:database", "数据库目录"],
    ["work:workflow/E3701000076012345001-1", "流程推进 · E3701000076012345001-1"],
    ["unheard:of", "unheard:of"],
  ])("%s is %s", (subject, words) => {
    expect(subjectOf(alarm(subject), city, t)).toBe(words);
  });

  test("what is worse comes first, then what is older", () => {
    const order = sorted([alarm("a", "warning", 1), alarm("b", "critical", 9), alarm("c", "critical", 3)]).map(
      (one) => one.subject,
    );
    expect(order).toEqual(["c", "b", "a"]);
  });

  test("every name of an alarm says what happened, what is safe and what to do", () => {
    const names = [
      "fork",
      "missed-anchor",
      "unwitnessed",
      "missing-seq",
      "altered-record",
      "key-expiry",
      "clock",
      "proposal",
      "standstill",
      "storage",
    ].sort();
    expect(Object.keys(zh.name).sort()).toEqual(names);
    expect(Object.keys(en.name).sort()).toEqual(names);
  });
});
