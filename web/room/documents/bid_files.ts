// The open file and page of each bidder, and the files already fetched; kept while the room is open.
import { defineStore } from "pinia";
import { reactive } from "vue";
import { bytesOf, node } from "../../shared/api/client";
import { digest } from "../../shared/records/bytes";
import { openPdf, type PdfFile } from "../../shared/pdf";

export type Place = { document: number; page: number; zoom: number };
export type Opened = { file: PdfFile; intact: boolean };

export const useBidFiles = defineStore("bid-files", () => {
  const places = reactive<Record<string, Place>>({});
  const files = new Map<string, Promise<Opened>>();

  function place(bidder: string): Place {
    return (places[bidder] ??= { document: 0, page: 1, zoom: 1 });
  }

  /** Fetch a bid file once and compare it with the digest registered at the opening. */
  function open(session: string, expected: string): Promise<Opened> {
    const known = files.get(expected);
    if (known) return known;
    const opening = fetchFile(session, expected);
    files.set(expected, opening);
    opening.catch(() => files.delete(expected));
    return opening;
  }

  async function fetchFile(session: string, expected: string): Promise<Opened> {
    const bytes = await bytesOf(
      node.GET("/api/v1/room/{session}/documents/{digest}", {
        params: { path: { session, digest: expected.replace("sha256:", "") } },
        parseAs: "arrayBuffer",
      }),
    );
    const intact = (await digest(bytes)) === expected;
    return { file: await openPdf(bytes), intact };
  }

  return { place, open };
});
