// Typed and pasted text is read as intended: figures, money, codes, sentences; text that cannot be stored gets a message.
import { describe, expect, test } from "vitest";
import { faultIn, readLine } from "../../console/clarifications/correction_lines";
import en from "../../shared/i18n/shared.en";
import zh from "../../shared/i18n/shared.zh";
import { readCount, readDecimal, readPoints } from "../../shared/typed/figures";
import { folded, foldedSecret } from "../../shared/typed/fold";
import { MOST_FEN, readMoney, yuan } from "../../shared/typed/money";
import { plainText, readText } from "../../shared/typed/text";

const fault = (code: string, values = {}) => ({ fault: { code, values } });

describe("figures", () => {
  test.each([
    ["       10", 1000],
    ["１０", 1000],
    ["　８．５　", 850],
    ["\u200b8.5\u202c", 850],
    ["8。5", 850],
    ["8.", 800],
    [".5", 50],
    ["0010", 1000],
    ["1,000", 100_000],
    ["123456", 12_345_600],
    ["8.555", undefined],
    ["8,5", undefined],
    ["8 5", undefined],
    ["-1", undefined],
    [".", undefined],
    ["", undefined],
    ["8分", undefined],
  ])("%j is so many hundredths", (text, expected) => {
    expect(readPoints(text)).toBe(expected);
  });

  test.each([
    ["１２", { count: 12 }],
    [" 3 ", { count: 3 }],
    ["0", fault("count-out-of-range", { least: 1, most: 50 })],
    ["51", fault("count-out-of-range", { least: 1, most: 50 })],
    ["2.5", fault("not-a-count")],
    ["两", fault("not-a-count")],
  ])("%j is a count or says why not", (text, expected) => {
    expect(readCount(text, 1, 50)).toEqual(expected);
  });

  test.each([
    ["１，２００．５０", { decimal: "1200.5" }],
    ["3", { decimal: "3" }],
    ["0.000001", { decimal: "0.000001" }],
    ["0.0000001", fault("too-many-places", { places: 6 })],
    ["0.000", fault("not-above-zero")],
    ["1234567890", fault("number-too-big")],
    ["三", fault("not-a-number")],
  ])("%j is a decimal or says why not", (text, expected) => {
    expect(readDecimal(text, 6)).toEqual(expected);
  });
});

describe("money", () => {
  test.each([
    ["100000", 10_000_000],
    ["100,000", 10_000_000],
    ["１，２３４，５６７．８９", 123_456_789],
    ["100000元", 10_000_000],
    ["￥100,000.00", 10_000_000],
    ["人民币 100,000.00 元整", 10_000_000],
    ["100 000", 10_000_000],
    ["12.5万元", 12_500_000],
    ["0.000001万", 1],
    ["1.2亿元", 12_000_000_000],
    ["0.10", 10],
    ["5.5000", 550],
    ["0", 0],
    ["10000000000000", MOST_FEN],
  ])("%s is so many fen", (text, fen) => {
    expect(readMoney(text)).toEqual({ fen });
  });

  test.each([
    ["", "not-money"],
    ["一万", "not-money"],
    ["1,00,000", "not-money"],
    ["1,23", "not-money"],
    ["12.34.56", "not-money"],
    ["1e5", "not-money"],
    ["9".repeat(60), "not-money"],
    ["-5", "money-negative"],
    ["－５", "money-negative"],
    ["1.234", "money-below-fen"],
    ["0.0000001万", "money-below-fen"],
    ["10000000000000.01", "money-too-big"],
  ])("%s is refused as %s", (text, code) => {
    expect(readMoney(text)).toEqual(fault(code));
  });

  test("what was read is read back in figures, with every fen", () => {
    expect([yuan(10_000_000), yuan(1), yuan(123_456_789), yuan(MOST_FEN)]).toEqual([
      "100,000.00",
      "0.01",
      "1,234,567.89",
      "10,000,000,000,000.00",
    ]);
  });

  test("a row of 100,000 and more goes into the record, and a figure that cannot be read says so", () => {
    const line = { name: " 电缆 ", unit: "１００，０００", quantity: "1,200", total: "120,000,000元", decimal: false };
    const row = { name: "电缆", unit_fen: 10_000_000, quantity: "1200", total_fen: 12_000_000_000 };
    expect(readLine(line)).toEqual(row);
    expect(readLine({ ...line, decimal: true })).toEqual({ ...row, decimal_point: true });
    expect([readLine({ ...line, total: "" }), readLine({ ...line, unit: "x" })]).toEqual([undefined, undefined]);
    expect([faultIn({ ...line, unit: "x" }, "unit"), faultIn({ ...line, total: "" }, "total")]).toEqual([
      { code: "not-money", values: {} },
      undefined,
    ]);
  });
});

describe("codes", () => {
  test.each([
    [" １２３４５６　", "123456"],
    ["123 456", "123456"],
    ["\u200e123456\r\n", "123456"],
    [" ＡＢＣＤ－１２３４ ", "ABCD-1234"],
    ["correct horse", "correct horse"],
  ])("%j is sent as %s", (typed, sent) => {
    expect(foldedSecret(typed)).toBe(sent);
  });

  test("a search finds what is written in full width", () => {
    expect(folded("（集团）　ＡＢＣ")).toBe("(集团) ABC");
  });
});

describe("sentences", () => {
  test("what looks the same is kept the same: the ohm sign and composed letters", () => {
    expect(plainText("10 \u2126, e\u0301\r\nb\u000bc")).toBe("10 \u03a9, \u00e9\nb\nc");
    expect(readText("  5 \u2126 ", 10)).toEqual({ text: "5 \u03a9" });
  });

  test("a long text is told how much too long it is, never cut", () => {
    expect(readText("字".repeat(1000), 1000)).toEqual({ text: "字".repeat(1000) });
    expect(readText("字".repeat(1003), 1000)).toEqual(fault("text-too-long", { most: 1000, over: 3 }));
    expect(readText("𠮷".repeat(3), 3)).toEqual({ text: "𠮷𠮷𠮷" });
  });

  test.each([
    ["ab\u0007", fault("control-sign", { place: 3 })],
    ["a\ud842", fault("broken-sign")],
    ["a\tb\nc", { text: "a\tb\nc" }],
  ])("%j is kept or says why not", (text, expected) => {
    expect(readText(text, 100)).toEqual(expected);
  });
});

test("every fault has its words in both languages", () => {
  const codes = [
    ...["not-a-number", "not-a-count", "count-out-of-range", "too-many-places", "number-too-big", "not-above-zero"],
    ...["not-money", "money-negative", "money-below-fen", "money-too-big"],
    ...["broken-sign", "control-sign", "text-too-long", "readAs"],
  ];
  expect([Object.keys(zh.typed), Object.keys(en.typed)]).toEqual([codes, codes]);
});
