// Builds the two applications: web/dist/room and web/dist/console.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = dirname(fileURLToPath(import.meta.url));
const pdfjs = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));

/** Foreign bids may not embed their fonts: the reader's own tables are shipped with the room. */
function pdfTables(): Plugin {
  return {
    name: "pdf-tables",
    apply: "build",
    generateBundle() {
      for (const folder of ["cmaps", "standard_fonts", "wasm"]) {
        for (const file of readdirSync(join(pdfjs, folder))) {
          const source = readFileSync(join(pdfjs, folder, file));
          this.emitFile({ type: "asset", fileName: `room/pdf/${folder}/${file}`, source });
        }
      }
    },
  };
}

export default defineConfig({
  root: here,
  base: "./",
  // a line break between two words is a space, as in HTML: the formatter breaks lines at spaces
  plugins: [vue({ template: { compilerOptions: { whitespace: "preserve" } } }), pdfTables()],
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "room/assets/[name]-[hash].js" } } },
  build: {
    target: "chrome90",
    cssTarget: "chrome90",
    outDir: "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1600,
    rollupOptions: {
      input: { room: join(here, "room/index.html"), console: join(here, "console/index.html") },
      output: {
        entryFileNames: "[name]/assets/[name]-[hash].js",
        // files needed by both applications are in the room's folder, so that two mounts are enough to serve everything
        chunkFileNames: "room/assets/[name]-[hash].js",
        assetFileNames: "room/assets/[name]-[hash][extname]",
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
