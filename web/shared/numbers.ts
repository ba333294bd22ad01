// Money and points for people: fen and hundredths stay integers until the last moment.

/** 8758220000 fen as 万元 with at least two decimals: "8,758.22"; nothing is rounded away. */
export function wan(fen: number): string {
  const whole = Math.trunc(fen / 1_000_000);
  const rest = String(Math.abs(fen) % 1_000_000)
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${whole.toLocaleString("en-US")}.${rest}`;
}

/** 850 hundredths as "8.5", 1000 as "10". */
export function points(hundredths: number): string {
  const sign = hundredths < 0 ? "-" : "";
  const value = Math.abs(hundredths);
  const rest = String(value % 100)
    .padStart(2, "0")
    .replace(/0+$/, "");
  return `${sign}${Math.trunc(value / 100)}${rest ? `.${rest}` : ""}`;
}

/** 9234 hundredths as "92.34", for columns of totals. */
export function exactPoints(hundredths: number): string {
  return `${hundredths < 0 ? "-" : ""}${Math.trunc(Math.abs(hundredths) / 100)}.${String(Math.abs(hundredths) % 100).padStart(2, "0")}`;
}
