// The place where a file is dropped or chosen: it is read here, examined here, and the verdict is set below it.
import { readCosignatures, readHead } from "./chain.js";
import { words } from "./copy.js";
import { examine } from "./examine.js";

const MARKS = {
  pass: "M3 8.6 6.4 12 13 4.6",
  fail: "M4 4l8 8 M12 4l-8 8",
  absent: "M3 8h10",
};
const OUTCOME_MARK = { proven: "pass", failed: "fail", unknown: "fail", draft: "absent", open: "absent", error: "absent" };
const LONG = /\b(?:sha256:|0x)?([0-9a-f]{16})[0-9a-f]{24,}\b/gi;

export function wakeDropping(root) {
  for (const place of root.querySelectorAll("[data-drop]")) wake(place);
}

function wake(place) {
  const input = place.querySelector("input[type=file]");
  const verdict = place.parentElement.querySelector("[data-verdict]");
  const take = (file) => file && judge(file, place, verdict);
  place.hidden = false;
  input.addEventListener("change", () => {
    take(input.files[0]);
    input.value = "";
  });
  // A file that misses the frame must not replace the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
  for (const name of ["dragenter", "dragover"]) place.addEventListener(name, () => place.classList.add("over"));
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
}

async function judge(file, place, verdict) {
  const text = words();
  verdict.hidden = false;
  verdict.removeAttribute("data-outcome");
  verdict.replaceChildren(element("p", fill(text.working, { name: file.name })));
  const { outcome, parts } = await verdictOn(file, place, text);
  verdict.dataset.outcome = outcome;
  verdict.replaceChildren(...parts);
  verdict.focus({ preventScroll: true });
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  verdict.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

async function verdictOn(file, place, text) {
  if (!crypto.subtle) return fault(text, "insecure");
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    return fault(text, "unreadable");
  }
  try {
    const { rpc, contract, call, cosigned } = place.dataset;
    const found = await examine(bytes, {
      readHead: () => readHead({ rpc, contract, call }),
      readCosignatures: () => readCosignatures({ rpc, contract, cosigned }),
      findDocument, chain: Number(place.dataset.chain), contract, rpc,
    });
    return { outcome: found.outcome, parts: told(file, found, text) };
  } catch (error) {
    return fault(text, "unreachable");
  }
}

/** The site's answer about a digest under a size of the log; null when it has no such document. */
async function findDocument(digest, size) {
  const answer = await fetch(`/explorer/api/v1/documents/${digest}${size ? `?size=${size}` : ""}`);
  if (answer.ok) return answer.json();
  const { code } = await answer.json();
  if (code === "document-unknown") return null;
  if (size && answer.status === 404) return findDocument(digest, undefined);
  throw new Error(code);
}

function fault(text, code) {
  return { outcome: "error", parts: [heading(text, "error", text[`error.${code}`])] };
}

function told(file, { outcome, digest, document, checks }, text) {
  const name = file.name;
  if (outcome === "unknown") return [heading(text, outcome, fill(text["unknown.lead"], { digest }))];
  const time = beijing(document.sealed_at);
  const lead = fill(text[`${outcome}.lead`], { name, time, expected: document.sealed_digest.replace("sha256:", "") });
  const list = element("ol", "", "checks");
  list.append(...failedFirst(checks).map((check) => line(check, text)));
  return [heading(text, outcome, lead), list, footer(document, text)];
}

function failedFirst(checks) {
  const failed = checks.filter(({ outcome }) => outcome === "fail");
  return [...failed, ...checks.filter(({ outcome }) => outcome !== "fail")];
}

function heading(text, outcome, lead) {
  const header = element("header");
  const title = element("h3");
  title.append(mark(OUTCOME_MARK[outcome]), text[`${outcome}.title`]);
  header.append(title, sentence(lead));
  return header;
}

function line({ name, outcome, word, values }, text) {
  const item = element("li", "", outcome);
  const label = element("b", text[`check.${name}`]);
  label.append(element("small", name));
  const spoken = element("span", text[`outcome.${outcome}`], "unseen");
  const reason = sentence(fill(text[word], values));
  reason.prepend(spoken, " ");
  item.append(mark(outcome), label, reason);
  item.dataset.check = name;
  return item;
}

function footer(document, text) {
  const footer = element("footer");
  const link = element("a", text["open.evaluation"]);
  const english = new URLSearchParams(location.search).get("lang") === "en";
  link.href = `/evaluations/${document.session}${english ? "?lang=en" : ""}`;
  if (location.pathname !== `/evaluations/${document.session}`) footer.append(link);
  const command = element("span", `${text.yourself} `, "quiet");
  command.append(element("code", `tongping verify ${document.session}.evidence.zip --trust trust.json`));
  footer.append(command);
  return footer;
}

/** The first 16 digits of a digest in fours, as on paper and everywhere on the screen. */
function shortCode(digits) {
  return digits.toUpperCase().match(/.{4}/g).join("-");
}

/** A sentence in which long digests are short; the whole value is in the title and in what is copied. */
function sentence(words) {
  const paragraph = element("p");
  let place = 0;
  for (const found of words.matchAll(LONG)) {
    const code = element("code", shortCode(found[1]));
    code.title = found[0];
    paragraph.append(words.slice(place, found.index), code);
    place = found.index + found[0].length;
  }
  paragraph.append(words.slice(place));
  return paragraph;
}

function mark(kind) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("width", "16");
  icon.setAttribute("height", "16");
  icon.setAttribute("class", "mark");
  icon.setAttribute("aria-hidden", "true");
  const stroke = document.createElementNS(space, "path");
  stroke.setAttribute("d", MARKS[kind]);
  stroke.setAttribute("class", "stroke");
  icon.append(stroke);
  return icon;
}

function element(tag, text = "", kind = "") {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function fill(template, values) {
  return template.replace(/\{([a-z]+)\}/g, (blank, name) => (name in values ? String(values[name]) : blank));
}

function beijing(instant) {
  const at = new Date(Date.parse(instant) + 8 * 3600 * 1000);
  return at.toISOString().slice(0, 19).replace("T", " ");
}
