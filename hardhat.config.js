// Compiles and tests contracts/ offline: the compiler is npm's solc, its settings are shared with chain_gateway/ledger/compiler.py.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatNodeTestRunner from "@nomicfoundation/hardhat-node-test-runner";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);
const settings = JSON.parse(readFileSync(new URL("./contracts/compiler.json", import.meta.url), "utf8"));

// What a line needs to be reached at all; set by tests/contract_coverage.js.
const few = process.env.TONGPING_FEW_RUNS === "1";

export default defineConfig({
  plugins: [hardhatEthers, hardhatNodeTestRunner],
  solidity: { version: "0.8.37", path: require.resolve("solc/soljson.js"), settings },
  paths: {
    sources: "contracts",
    tests: { nodejs: "tests/contracts", solidity: "tests/contracts" },
    cache: "cache/hardhat",
    artifacts: "artifacts",
  },
  test: {
    solidity: {
      fuzz: { runs: few ? 32 : 256, seed: "0x746f6e6770696e67" },
      invariant: { runs: few ? 8 : 64, depth: 32 },
    },
  },
});
