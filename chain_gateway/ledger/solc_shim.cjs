// Makes npm's solc answer like the solc program, as far as py-solc-x asks: --version and --standard-json.
"use strict";
const { readFileSync } = require("node:fs");
const [, , solcPath, ...options] = process.argv;
const solc = require(solcPath);
if (options.includes("--version")) {
  console.log(`Version: ${solc.version()}`);
} else if (options.includes("--standard-json")) {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
} else {
  console.error(`Invalid option to solc: ${options.join(" ")}`);
  process.exitCode = 1;
}
