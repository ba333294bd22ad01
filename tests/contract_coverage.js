// Measures how much of the contracts their tests reach, lines and branches, and fails with the places they do not.
//
// Hardhat reports lines alone. So the tests run on a copy of the contracts in which both ways of every `if` hold a
// statement on a line of its own: that line is covered exactly when the branch was taken. A conditional expression or a
// short-circuited condition that decides by itself has no place for such a line, so conditional expressions are refused.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LEAST = 95; // percent, of lines and of branches, of every contract
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const COPY = join(ROOT, "cache", "contract-coverage");
const CONTRACTS = ["CentreRegistry.sol", "Membership.sol", "EvidenceAnchor.sol", "MerkleConsistency.sol"];
const PROBE = /^\/\*branch (\d+)\*\//;

function parse() {
  const solc = createRequire(import.meta.url)("solc");
  const files = readdirSync(join(ROOT, "contracts"), { recursive: true }).filter((name) => name.endsWith(".sol"));
  const sources = Object.fromEntries(
    files.map((name) => [`contracts/${name}`, { content: readFileSync(join(ROOT, "contracts", name), "utf8") }]),
  );
  const question = { language: "Solidity", sources, settings: { outputSelection: { "*": { "": ["ast"] } } } };
  return JSON.parse(solc.compile(JSON.stringify(question))).sources;
}

function* nodes(tree, depth = 0) {
  if (Array.isArray(tree)) for (const one of tree) yield* nodes(one, depth);
  else if (tree && typeof tree === "object") {
    if (tree.nodeType) yield { node: tree, depth };
    for (const value of Object.values(tree)) yield* nodes(value, depth + 1);
  }
}

const start = (node) => Number(node.src.split(":")[0]);

// The compiler leaves the semicolon out of a statement's place, except where the statement is one word.
function end(node, bytes) {
  if (node.nodeType === "IfStatement") return end(node.falseBody ?? node.trueBody, bytes);
  if (node.nodeType === "ForStatement" || node.nodeType === "WhileStatement") return end(node.body, bytes);
  const [from, length] = node.src.split(":").map(Number);
  return node.nodeType === "Block" ? from + length : bytes.indexOf(";", from + length - 1) + 1;
}

// Every `if` becomes `if (…) { probe …; } else { probe …; }`; what each probe stands for is returned beside the source.
function probed(name, ast) {
  const bytes = readFileSync(join(ROOT, "contracts", name));
  const line = (offset) => bytes.subarray(0, offset).toString().split("\n").length;
  const branches = [];
  const inserts = [];
  const probe = (node, way) => {
    branches.push(`${name}:${line(start(node))} (${way})`);
    return `{\n/*branch ${branches.length - 1}*/ uint256(${branches.length});\n`;
  };
  for (const { node, depth } of nodes(ast)) {
    if (node.nodeType === "Conditional") {
      throw new Error(`${name}:${line(start(node))} decides inside an expression: write if and else, so that it can be measured`);
    }
    if (node.nodeType !== "IfStatement") continue;
    const { trueBody, falseBody } = node;
    inserts.push({ at: start(trueBody), depth, text: probe(node, "taken") });
    inserts.push({ at: end(trueBody, bytes), depth: -depth, text: falseBody ? "\n}" : `\n} else ${probe(node, "not taken")}}` });
    if (!falseBody) continue;
    inserts.push({ at: start(falseBody), depth, text: probe(node, "not taken") });
    inserts.push({ at: end(falseBody, bytes), depth: -depth, text: "\n}" });
  }
  // At one place inner ends come before outer ones (negative depths), and outer beginnings before inner ones.
  inserts.sort((a, b) => a.at - b.at || a.depth - b.depth);
  const parts = [];
  let done = 0;
  for (const { at, text } of inserts) {
    parts.push(bytes.subarray(done, at).toString(), text);
    done = at;
  }
  return { source: parts.join("") + bytes.subarray(done).toString(), branches };
}

function copyProject(sources) {
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(join(COPY, "tests"), { recursive: true });
  for (const name of ["contracts", "hardhat.config.js", "package.json"]) cpSync(join(ROOT, name), join(COPY, name), { recursive: true });
  for (const name of ["contracts", "vectors"]) cpSync(join(ROOT, "tests", name), join(COPY, "tests", name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(COPY, "node_modules"));
  for (const [name, { source }] of Object.entries(sources)) writeFileSync(join(COPY, "contracts", name), source);
}

function runTests() {
  const cli = join(ROOT, "node_modules", "hardhat", "dist", "src", "cli.js");
  const run = spawnSync(process.execPath, [cli, "test", "--coverage", ...process.argv.slice(2)], {
    cwd: COPY,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, TONGPING_FEW_RUNS: "1" },
  });
  if (run.status !== 0) throw new Error(`the contracts' tests failed on the probed copy:\n${run.stdout}${run.stderr}`);
  return readFileSync(join(COPY, "coverage", "lcov.info"), "utf8");
}

// The covered and the uncovered lines of one file of the copy.
function linesOf(lcov, name) {
  const record = lcov.split("end_of_record").find((one) => one.includes(`contracts/${name}\n`)) ?? "";
  return [...record.matchAll(/^DA:(\d+),(\d+)$/gm)].map(([, number, hits]) => [Number(number), Number(hits) > 0]);
}

function measured(name, { source, branches }, lcov) {
  const text = source.split("\n");
  const added = [...text.keys()].filter((i) => PROBE.test(text[i]) || text[i].trim().startsWith("}") && /^\}( else \{)?\}?$/.test(text[i]));
  const found = { lines: [], branches: [] };
  for (const [number, hit] of linesOf(lcov, name)) {
    const probe = PROBE.exec(text[number - 1]);
    if (probe) found.branches.push({ hit, what: branches[Number(probe[1])] });
    else if (!added.includes(number - 1)) found.lines.push({ hit, what: `${name} “${text[number - 1].trim()}”` });
  }
  if (found.branches.length !== branches.length) {
    throw new Error(`${name} has ${branches.length} branches, the coverage of its tests speaks of ${found.branches.length}`);
  }
  return found;
}

const asts = parse();
const sources = Object.fromEntries(CONTRACTS.map((name) => [name, probed(name, asts[`contracts/${name}`].ast)]));
copyProject(sources);
const lcov = runTests();
let short = false;
for (const name of CONTRACTS) {
  for (const [kind, all] of Object.entries(measured(name, sources[name], lcov))) {
    const missed = all.filter(({ hit }) => !hit);
    const percent = (100 * (all.length - missed.length)) / all.length;
    console.log(`${name}: ${percent.toFixed(1)} % of ${all.length} ${kind}`);
    if (percent >= LEAST) continue;
    short = true;
    console.error(`${name}: its tests reach fewer than ${LEAST} % of its ${kind}; no test reaches ${missed.map(({ what }) => what).join(", ")}`);
  }
}
process.exitCode = short ? 1 : 0;
