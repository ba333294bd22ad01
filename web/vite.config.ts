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

const TABLES = ["cmaps", "standard_fonts", "wasm"];

/** Foreign bids may not embed their fonts: the reader's own tables are shipped with the room. */
function pdfTables(): Plugin {
  return {
    name: "pdf-tables",
    apply: "build",
    generateBundle() {
      for (const folder of TABLES) {
        for (const file of readdirSync(join(pdfjs, folder))) {
          const source = readFileSync(join(pdfjs, folder, file));
          this.emitFile({ type: "asset", fileName: `room/pdf/${folder}/${file}`, source });
        }
      }
    },
  };
}

/** The development server has no bundle to put them in. */
function pdfTablesServed(): Plugin {
  return {
    name: "pdf-tables-served",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use("/room/pdf", (request, response, next) => {
        const [, folder = "", file = ""] = (request.url ?? "").split("/");
        if (!TABLES.includes(folder) || !readdirSync(join(pdfjs, folder)).includes(file)) {
          next();
          return;
        }
        response.end(readFileSync(join(pdfjs, folder, file)));
      });
    },
  };
}

/** `make dev`: what is no source of the pages is asked of the centre's node. */
const node = process.env["TONGPING_NODE"];
const OURS = "^/(?!(?:room|console|shared|node_modules)/|@)";

export default defineConfig({
  root: here,
  ...(node ? { server: { proxy: { [OURS]: { target: node, changeOrigin: false } } } } : {}),
  base: "./",
  // a line break between two words is a space, as in HTML: the formatter breaks lines at spaces
  plugins: [vue({ template: { compilerOptions: { whitespace: "preserve" } } }), pdfTables(), pdfTablesServed()],
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
