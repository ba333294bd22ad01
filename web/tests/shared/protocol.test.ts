// The replication messages have the golden texts, and unknown or broken texts are not accepted as messages.
import { describe, expect, test } from "vitest";
import type { WireEntry } from "../../shared/records/chain";
import {
  entryMessages,
  MAX_MESSAGE_BYTES,
  type Message,
  readMessage,
  writeMessage,
} from "../../shared/seat_link/protocol";
import { vectors } from "../vectors";

const golden = vectors("messages") as {
  messages: { name: string; value: Message; text: string }[];
  refused: { name: string; text: string; code: string }[];
};

describe("replication messages", () => {
  test.each(golden.messages)("$name", (one) => {
    expect(writeMessage(one.value)).toBe(one.text);
    expect(readMessage(one.text)).toEqual(one.value);
  });

  test.each(golden.refused.filter((one) => one.code === "message-unknown" || one.code === "malformed-json"))(
    "not a message: $name",
    (one) => {
      expect(readMessage(one.text)).toBeUndefined();
    },
  );

  test("entries travel in as few messages as their size allows, in order", () => {
    const wire = (seq: number, reason: string): WireEntry => ({
      entry: {
        session: "E3701000076012345001-1",
        author: "seat:JN-1",
        seq,
        previous: "",
        at: "",
        stage: "DETAILED",
        kind: "score-entered",
        body: { reason },
      },
      signature: "",
    });
    const texts = entryMessages([wire(1, "a"), wire(2, "b".repeat(40_000)), wire(3, "c".repeat(40_000)), wire(4, "d")]);
    const found = texts.map((text) =>
      (JSON.parse(text) as { entries: WireEntry[] }).entries.map((one) => one.entry.seq),
    );
    expect(found).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(texts.every((text) => text.length <= MAX_MESSAGE_BYTES)).toBe(true);
  });
});
