// Reads PDF files with pdf.js, loaded only when a file is opened.
import type { PDFDocumentProxy, RenderTask } from "pdfjs-dist";
import PdfWorker from "pdfjs-dist/legacy/build/pdf.worker.mjs?worker";
import { markRaw } from "vue";
import type { Bytes } from "./records/bytes";

export type PdfFile = { pages: number; document: PDFDocumentProxy };

let library: Promise<typeof import("pdfjs-dist/legacy/build/pdf.mjs")> | undefined;

async function reader() {
  library ??= import("pdfjs-dist/legacy/build/pdf.mjs").then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerPort = new PdfWorker();
    return pdfjs;
  });
  return library;
}

const table = (folder: string) => new URL(`pdf/${folder}/`, document.baseURI).href;

/** Open a completely loaded file; the bytes are copied, because the worker takes ownership. */
export async function openPdf(bytes: Bytes): Promise<PdfFile> {
  const pdfjs = await reader();
  const task = pdfjs.getDocument({
    data: bytes.slice(),
    cMapUrl: table("cmaps"),
    standardFontDataUrl: table("standard_fonts"),
    wasmUrl: table("wasm"),
  });
  const document = await task.promise;
  return markRaw({ pages: document.numPages, document });
}

export type Drawing = { done: Promise<string>; cancel: () => void };

/** Draw one page in the given width (CSS pixels); `done` returns the page's text, for screen readers. */
export function drawPage(file: PdfFile, number: number, canvas: HTMLCanvasElement, width: number): Drawing {
  let task: RenderTask | undefined;
  let cancelled = false;
  const draw = async () => {
    const page = await file.document.getPage(number);
    const plain = page.getViewport({ scale: 1 });
    const density = Math.min(window.devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale: (width / plain.width) * density });
    if (cancelled) return "";
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    canvas.style.width = `${Math.floor(viewport.width / density)}px`;
    canvas.style.height = `${Math.floor(viewport.height / density)}px`;
    task = page.render({ canvas, viewport });
    await task.promise;
    const text = await page.getTextContent();
    return text.items.map((item) => ("str" in item ? item.str : "")).join(" ");
  };
  const done = draw().catch((error: unknown) => {
    if (cancelled) return "";
    throw error;
  });
  return {
    done,
    cancel: () => {
      cancelled = true;
      task?.cancel();
    },
  };
}
