// The state of one seat in one room: the node's view, the own chain, and the expert's acts.
import { defineStore } from "pinia";
import { markRaw } from "vue";
import { useAccess } from "../shared/access";
import { answered, node } from "../shared/api/client";
import { b64u } from "../shared/records/bytes";
import { type Entry, makeSeatKey, type WireEntry } from "../shared/records/chain";
import { CONSENT_VERSION, reportConsentChallenge, seatBindingChallenge } from "../shared/records/challenges";
import type { Flag, OwnChain, RoomFlag, RoomView, Signing } from "../shared/api/answers";
import { Outbox } from "../shared/seat_link/outbox";
import { assert, type Assertion } from "../shared/passkey";
import { type Refusal, refusalOf } from "../shared/problems";
import { type Progress, SeatLink } from "../shared/seat_link/replication";
import { connect } from "../shared/seat_link/rtc";
import { Drafts } from "./drafts";
import { foldSheet, ownState, sheetDigest, type Sheet } from "./scoring/score_sheet";
import { undertakingDigest } from "./briefing/undertaking";

export type Decision = "agree" | "dissent" | "refuse";
type Body = Entry["body"];

const POLL_MS = 2500;
const CALM_POLL_MS = 12_000;

/** The refused entry first, then those built on it. */
export type Withdrawn = { refusal: Refusal; entries: readonly Entry[] };

type RoomState = {
  session: string;
  view: RoomView | undefined;
  progress: Progress | undefined;
  entries: readonly WireEntry[];
  trouble: Refusal | undefined;
  /** The last entry the own centre did not take and nobody on the page waits for, for the top of the page. */
  refused: Refusal | undefined;
  /** For the desks: they show it beside the cell it is about and give back what was typed. */
  withdrawn: Withdrawn | undefined;
  /** The own chain is read: what the cells show is what is stored. */
  ready: boolean;
  /** Whether this browser holds the key that is bound to the seat now. */
  keyHere: boolean;
  inOtherTab: boolean;
};

/** Resources in use behind the page, none of them shown. */
const behind: {
  outbox?: Outbox | undefined;
  link?: SeatLink | undefined;
  poll?: ReturnType<typeof setTimeout>;
  joining?: Promise<void>;
  release?: () => void;
  drafts?: { label: string; drafts: Drafts };
} = {};

const nothing = (): RoomState => ({
  session: "",
  view: undefined,
  progress: undefined,
  entries: markRaw([]),
  trouble: undefined,
  refused: undefined,
  withdrawn: undefined,
  ready: false,
  keyHere: false,
  inOtherTab: false,
});

export const useRoom = defineStore("room", {
  state: nothing,

  getters: {
    /** The own entries that count: none of a passage superseded by a rollback. */
    counted: (state): readonly WireEntry[] =>
      state.entries.filter(({ entry }) => !state.view?.rollback?.superseded.includes(entry.stage)),
    sheet(): Sheet {
      return foldSheet(this.counted);
    },
    own(): ReturnType<typeof ownState> {
      return ownState(this.counted);
    },
    /** The stage of the line, also while the session stands still over it or ended in it. */
    stage: (state): string => state.view?.overlay?.over ?? state.view?.ended?.over ?? state.view?.stage ?? "",
    /** Whether nobody works now: during a clarification scoring continues. */
    still: (state): boolean =>
      state.view?.ended !== undefined ||
      (state.view?.overlay !== undefined && state.view.overlay.stage !== "CLARIFYING"),
    checkedIn: (state): boolean => state.view?.me.bound === true && state.keyHere,
    acked: (state): number => state.progress?.acked ?? 0,
  },

  actions: {
    async open(session: string): Promise<void> {
      this.session = session;
      this.inOtherTab = !(await holdTab(session));
      if (!this.inOtherTab) await this.refresh();
    },

    leave(): void {
      clearTimeout(behind.poll);
      if (behind.link) behind.link.stop();
      else behind.outbox?.close();
      behind.release?.();
      for (const name of Object.keys(behind) as (keyof typeof behind)[]) Reflect.deleteProperty(behind, name);
      Object.assign(this.$state, nothing());
    },

    async refresh(): Promise<void> {
      const asked = this.session;
      clearTimeout(behind.poll);
      try {
        const view = await answered(node.GET("/api/v1/room/{session}", { params: { path: { session: asked } } }));
        if (this.session !== asked) return;
        this.view = view;
        this.trouble = undefined;
        await (behind.joining ??= this.join(view).finally(() => (behind.joining = undefined)));
      } catch (error) {
        this.trouble = refusalOf(error);
      }
      if (this.session !== asked) return;
      clearTimeout(behind.poll);
      const pause = this.progress?.own.state === "connected" ? CALM_POLL_MS : POLL_MS;
      behind.poll = setTimeout(() => void this.refresh(), pause);
    },

    /** Take the seat: open the store, and when this browser holds the bound key, connect. */
    async join(view: RoomView): Promise<void> {
      behind.outbox ??= await Outbox.open(view.session, view.me.seat);
      const key = await behind.outbox.key();
      this.keyHere = key !== undefined && key.epoch === view.me.epoch;
      if (!view.me.bound || !key || !this.keyHere || behind.link) return;
      const params = { path: { session: view.session } };
      behind.link = new SeatLink({
        session: view.session,
        seat: view.me.seat,
        key,
        outbox: behind.outbox,
        connect: (events) =>
          connect((offer) => answered(node.POST("/api/v1/room/{session}/signal", { params, body: offer })), events),
        ownChain: async () => (await answered(node.GET("/api/v1/room/{session}/chain", { params }))) as OwnChain,
        events: {
          onProgress: (progress) => {
            this.progress = progress;
          },
          onEntries: (entries) => {
            this.entries = markRaw([...entries]);
          },
          onRefused: (code, values, withdrawn, awaited) => {
            const refusal = { code, values };
            this.withdrawn = markRaw({ refusal, entries: withdrawn.map(({ entry }) => entry) });
            if (!awaited) this.refused = refusal;
          },
          onRoomChanged: () => void this.refresh(),
        },
      });
      await behind.link.start();
      this.ready = true;
    },

    comeBack(): void {
      behind.link?.resume();
    },

    /** Make the seat key (or use an existing one) and bind it to the person with their passkey. */
    async checkIn(): Promise<void> {
      if (!behind.outbox || !this.view) throw new Error("not-checked-in");
      const params = { path: { session: this.session } };
      const key = (await behind.outbox.key()) ?? (await makeSeatKey());
      const options = await answered(
        node.POST("/api/v1/room/{session}/check-in/options", { params, body: { public_key: key.publicKey } }),
      );
      const { seat } = this.view.me;
      const expected = await seatBindingChallenge(this.session, seat, key.publicKey, options.nonce);
      const credential = await assert(options, expected);
      await behind.outbox.keepKey(key);
      const { epoch } = await answered(
        node.POST("/api/v1/room/{session}/check-in", {
          params,
          body: { ceremony: options.ceremony, credential: { ...credential } },
        }),
      );
      await behind.outbox.keepKey({ ...key, epoch });
      behind.link?.stop();
      if (behind.link) [behind.link, behind.outbox, this.ready] = [undefined, undefined, false];
      await this.refresh();
    },

    /** What this person typed on this seat in this passage and is not written yet. */
    drafts(): Drafts | undefined {
      const [view, person] = [this.view, useAccess().me?.person];
      if (!view || person === undefined) return undefined;
      const label = view.label;
      if (behind.drafts?.label !== label) {
        const drafts = new Drafts(localStorage, { session: view.session, seat: view.me.seat, person, label });
        behind.drafts = { label, drafts };
      }
      return behind.drafts.drafts;
    },

    /** Write the next entry of the own chain; it is stored in this browser when this resolves. */
    write(kind: string, body: Body): Promise<WireEntry> {
      if (!behind.link || !this.view) return Promise.reject(new Error("not-checked-in"));
      return behind.link.submit(this.view.label, kind, body);
    },

    async writeAndWait(kind: string, body: Body): Promise<void> {
      const wire = await this.write(kind, body);
      await behind.link?.acknowledged(wire);
      await this.refresh();
    },

    async undertake(reason?: string): Promise<void> {
      const text_digest = await undertakingDigest();
      const body: Body =
        reason === undefined ? { text_digest, recusal: false } : { text_digest, recusal: true, reason };
      await this.writeAndWait("undertaking-signed", body);
    },

    /** Vote in one round. The salt is drawn here: if the rounds stay tied, a draw is made from all salts. */
    async castBallot(round: number, candidate: string): Promise<void> {
      const salt = b64u(crypto.getRandomValues(new Uint8Array(16)));
      await this.writeAndWait("ballot-cast", { round, candidate, salt });
    },

    /** Look at a warning of the score check: why the marks stand, or that they are conspicuously high or low. */
    async acknowledgeWarning(flag: RoomFlag, conspicuous: boolean, reason: string): Promise<void> {
      await this.writeAndWait("warning-acknowledged", { flag: flag.id, value: flag.value, conspicuous, reason });
    },

    /** Replace a locked mark, on a legal ground. */
    async correctMark(
      flag: Flag,
      place: { bidder: string; item: string },
      points: number,
      reason: string,
    ): Promise<void> {
      const ground = flag.level === "BLOCK" ? "objective-differs" : "conspicuous";
      await this.writeAndWait("score-corrected", { flag: flag.id, ground, ...place, points, reason });
    },

    /** Request more time; `after`: the number of extensions so far. */
    async askForTime(after: number, reason: string): Promise<void> {
      await this.writeAndWait("time-short", { after, reason });
    },

    /** Acknowledge that the session went back. */
    async acknowledgeRollback(): Promise<void> {
      await this.writeAndWait("rollback-acknowledged", { rollback: this.view?.rollback?.number ?? 0 });
    },

    /** As the lead, ask to go back to an earlier stage. */
    requestRollback(back_to: string, reason: string): Promise<void> {
      return this.writeAndWait("rollback-requested", { back_to, reason });
    },

    score(bidder: string, item: string, points: number, reason: string): Promise<WireEntry> {
      return this.write("score-entered", reason ? { bidder, item, points, reason } : { bidder, item, points });
    },

    abstain(bidder: string, item: string, reason: string): Promise<WireEntry> {
      return this.write("score-entered", { bidder, item, abstained: true, reason });
    },

    async lock(): Promise<void> {
      await this.writeAndWait("sheet-locked", { sheet_digest: await sheetDigest(this.sheet) });
      this.drafts()?.clear();
    },

    /**
     * State one's position on the report; the assertion over it is part of the entry. The passkey is only asked when the
     * challenge is that of exactly this decision on the file shown (`shown`: its digest, computed here).
     */
    async consent(decision: Decision, reason: string, shown: string): Promise<void> {
      if (!this.view) throw new Error("not-checked-in");
      const options = await answered(
        node.POST("/api/v1/signing/{session}/consent/options", {
          params: { path: { session: this.session } },
          body: { decision, reason },
        }),
      );
      const { nonce, report_digest } = options;
      if (report_digest !== shown) throw new Error("report-shown-differs");
      const consent = { session: this.session, seat: this.view.me.seat, report: shown, decision, reason };
      const assertion = evidence(await assert(options, await reportConsentChallenge(consent, nonce)));
      await this.writeAndWait("report-consented", {
        report_digest,
        decision,
        nonce,
        assertion,
        challenge_version: CONSENT_VERSION,
        ...(reason ? { reason } : {}),
      });
    },

    signing(): Promise<Signing> {
      return answered(node.GET("/api/v1/signing/{session}", { params: { path: { session: this.session } } }));
    },

    sign(pin: string): Promise<unknown> {
      return answered(
        node.POST("/api/v1/signing/{session}/signature", {
          params: { path: { session: this.session } },
          body: { pin },
        }),
      );
    },
  },
});

/** Two pages writing one chain would fork it: the browser lets only one of them hold the seat. */
function holdTab(session: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`tongping ${session}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock
        ? new Promise<void>((free) => {
            behind.release = free;
          })
        : undefined;
    });
  });
}

/** The part of an assertion that is evidence, as node/rooms/check_in.py stores it. */
function evidence({ id, response }: Assertion): Body {
  const { clientDataJSON, authenticatorData, signature } = response;
  return { id, type: "public-key", response: { clientDataJSON, authenticatorData, signature } };
}
