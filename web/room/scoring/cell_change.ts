// The input of a cell compared with its content: nothing to write, an entry to write, or a fault.
import type { Item } from "../../shared/api/answers";
import { LONGEST_REASON, type TypedFault } from "../../shared/typed/faults";
import { readText } from "../../shared/typed/text";
import { type Cell, type CellState, type Fault, readScore } from "./score_sheet";

/** The figure and the reason in their fields; undefined where nothing was typed since the last entry. */
export type Typed = { figure?: string | undefined; reason?: string | undefined };
export type CellBody = { points: number; reason: string } | { abstained: true; reason: string };
export type Change = { write: CellBody } | { fault: Fault | TypedFault; in: "figure" | "reason" } | undefined;

export function changeOf(item: Item, cell: Cell | undefined, typed: Typed): Change {
  const figure = typed.figure?.trim() ? readScore(item, typed.figure) : undefined;
  if (figure && "fault" in figure) return { fault: figure.fault, in: "figure" };
  const reason = typed.reason === undefined ? undefined : readText(typed.reason, LONGEST_REASON);
  if (reason && "fault" in reason) return { fault: reason.fault, in: "reason" };
  if (!figure && cell?.abstained) {
    // an abstention keeps its reason: it is changed, never emptied
    return reason && reason.text !== "" && reason.text !== cell.reason
      ? { write: { abstained: true, reason: reason.text } }
      : undefined;
  }
  const points = figure?.points ?? cell?.points;
  if (points === undefined) return undefined; // a reason alone is no entry; it goes with the figure
  const before = cell?.abstained ? "" : (cell?.reason ?? "");
  const body = { points, reason: reason?.text ?? before };
  return cell?.points === body.points && before === body.reason ? undefined : { write: body };
}

/** The appearance of the cell. `refused`: the own centre or this browser refused the input. */
export function cellState(
  item: Item,
  cell: Cell | undefined,
  typed: Typed,
  at: { acked: number; refused: boolean },
): CellState {
  if (at.refused) return "refused";
  const change = changeOf(item, cell, typed);
  if (change && "fault" in change) return "wrong";
  if (change) return "draft";
  if (!cell) return "empty";
  if (cell.abstained) return "abstained";
  // an emptied field shows what counts again when it is left; until then it does not claim to be saved
  if (typed.figure !== undefined && typed.figure.trim() === "") return "draft";
  if (cell.seq > at.acked) return "draft";
  return cell.points === 0 ? "zero" : "saved";
}
