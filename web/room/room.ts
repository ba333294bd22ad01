// The state of one seat in one room: what the node shows, what the own chain says, and the acts an expert has.
import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import { get, post } from "../shared/api";
import { makeSeatKey, type WireEntry } from "../shared/chain";
import type { Entry } from "../shared/chain";
import type { OwnChain, RoomView, Signing } from "../shared/model";
import { Outbox } from "../shared/outbox";
import { assert, type AssertionOptions } from "../shared/passkey";
import { type Refusal, refusalOf } from "../shared/problems";
import { type Progress, SeatLink } from "../shared/replication";
import { type Answer, connect } from "../shared/rtc";
import { foldSheet, sheetDigest } from "./sheet";
import { undertakingDigest } from "./undertaking";

export type Decision = "agree" | "dissent" | "refuse";
type ConsentOptions = AssertionOptions & { nonce: string; report_digest: string };

const POLL_MS = 2500;
const CALM_POLL_MS = 12_000;

export const useRoom = defineStore("room", () => {
  const session = ref("");
  const view = ref<RoomView>();
  const progress = ref<Progress>();
  const entries = shallowRef<readonly WireEntry[]>([]);
  const trouble = ref<Refusal>();
  const refused = ref<Refusal>();
  const keyHere = ref(false);
  const inOtherTab = ref(false);
  let outbox: Outbox | undefined;
  let link: SeatLink | undefined;
  let poll: ReturnType<typeof setTimeout> | undefined;
  let release: () => void = () => undefined;

  const path = (rest = "") => `/api/room/${session.value}${rest}`;
  const sheet = computed(() => foldSheet(entries.value));
  const own = computed(() => ownState(entries.value));
  const checkedIn = computed(() => view.value?.me.bound === true && keyHere.value);
  const acked = computed(() => progress.value?.acked ?? 0);

  async function open(id: string): Promise<void> {
    session.value = id;
    inOtherTab.value = !(await holdTab());
    if (!inOtherTab.value) await refresh();
  }

  /** Two pages writing one chain would fork it: the browser lets only one of them hold the seat. */
  function holdTab(): Promise<boolean> {
    return new Promise((resolve) => {
      void navigator.locks.request(`tongping ${session.value}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock ? new Promise<void>((free) => (release = free)) : undefined;
      });
    });
  }

  async function refresh(): Promise<void> {
    clearTimeout(poll);
    try {
      view.value = await get<RoomView>(path());
      trouble.value = undefined;
      await join(view.value);
    } catch (error) {
      trouble.value = refusalOf(error);
    }
    if (session.value) poll = setTimeout(() => void refresh(), progress.value?.own.state === "connected" ? CALM_POLL_MS : POLL_MS);
  }

  /** Take the seat: open the store, and when this browser holds the bound key, connect. */
  async function join(now: RoomView): Promise<void> {
    outbox ??= await Outbox.open(session.value, now.me.seat);
    const key = await outbox.key();
    keyHere.value = key !== undefined && key.epoch === now.me.epoch;
    if (!now.me.bound || !key || !keyHere.value || link) return;
    link = new SeatLink({
      session: session.value, seat: now.me.seat, key, outbox,
      connect: (events) => connect((offer) => post<Answer>(path("/signal"), offer), events),
      ownChain: () => get<OwnChain>(path("/chain")),
      events: {
        onProgress: (change) => (progress.value = change),
        onEntries: (all) => (entries.value = all),
        onRefused: (code, values) => (refused.value = { code, values }),
        onRoomChanged: () => void refresh(),
      },
    });
    await link.start();
  }

  function leave(): void {
    clearTimeout(poll);
    link?.stop();
    if (!link) outbox?.close();
    release();
    [link, outbox, poll] = [undefined, undefined, undefined];
    [session.value, view.value, progress.value, entries.value] = ["", undefined, undefined, []];
    [keyHere.value, refused.value, trouble.value] = [false, undefined, undefined];
  }

  /** Make the seat key (or use the one already here) and bind it to the person with their passkey. */
  async function checkIn(): Promise<void> {
    if (!outbox || !view.value) throw new Error("page-failed");
    const key = (await outbox.key()) ?? (await makeSeatKey());
    const options = await post<AssertionOptions>(path("/check-in/options"), { public_key: key.publicKey });
    const credential = await assert(options.publicKey);
    await outbox.keepKey({ ...key, epoch: view.value.me.epoch });
    const { epoch } = await post<{ epoch: number }>(path("/check-in"), { ceremony: options.ceremony, credential });
    await outbox.keepKey({ ...key, epoch });
    await refresh();
  }

  /** Write the next entry of the own chain; it is safe in this browser when this resolves. */
  function write(kind: string, body: Entry["body"]): Promise<WireEntry> {
    if (!link || !view.value) return Promise.reject(new Error("not-checked-in"));
    return link.submit(view.value.stage, kind, body);
  }

  async function writeAndWait(kind: string, body: Entry["body"]): Promise<void> {
    const wire = await write(kind, body);
    await link?.acknowledged(wire);
    await refresh();
  }

  async function undertake(reason?: string): Promise<void> {
    const text_digest = await undertakingDigest();
    const body = reason === undefined ? { text_digest, recusal: false } : { text_digest, recusal: true, reason };
    await writeAndWait("undertaking-signed", body);
  }

  function score(bidder: string, item: string, points: number, reason: string): Promise<WireEntry> {
    return write("score-entered", reason ? { bidder, item, points, reason } : { bidder, item, points });
  }

  function abstain(bidder: string, item: string, reason: string): Promise<WireEntry> {
    return write("score-entered", { bidder, item, abstained: true, reason });
  }

  async function lock(): Promise<void> {
    await writeAndWait("sheet-locked", { sheet_digest: await sheetDigest(sheet.value) });
  }

  /** State one's position on the report; the assertion over its digest is part of the entry. */
  async function consent(decision: Decision, reason: string): Promise<void> {
    const options = await post<ConsentOptions>(`/api/signing/${session.value}/consent/options`, { decision });
    const assertion = plain(await assert(options.publicKey));
    const { nonce, report_digest } = options;
    await writeAndWait("report-consented", { report_digest, decision, reason, nonce, assertion });
  }

  const signing = () => get<Signing>(`/api/signing/${session.value}`);
  const sign = (pin: string) => post<{ field: string; signed: boolean }>(`/api/signing/${session.value}/signature`, { pin });

  return {
    session, view, progress, entries, trouble, refused, inOtherTab, sheet, own, checkedIn, acked,
    open, refresh, leave, checkIn, undertake, score, abstain, lock, consent, signing, sign,
  };
});

/** What one's own chain says about oneself. */
function ownState(entries: readonly WireEntry[]) {
  const last = (kind: string) => entries.filter((wire) => wire.entry.kind === kind).pop()?.entry;
  const undertaking = last("undertaking-signed");
  return {
    undertaken: undertaking !== undefined && undertaking.body.recusal === false,
    recused: undertaking?.body.recusal === true,
    consent: last("report-consented"),
  };
}

/** Only what JSON carries: optional members that are absent stay absent. */
function plain(value: unknown): Entry["body"] {
  return JSON.parse(JSON.stringify(value)) as Entry["body"];
}
