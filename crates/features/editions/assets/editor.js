// The editor works without this: Save sends the form, the tabs fill the frame with what was saved. With it, the proof
// follows the text, notes jump to their line, and nobody leaves with unsaved words. Proofs go into a frame with
// sandbox="" through srcdoc: an origin of their own, no script, and a policy of their own besides this page's.

const form = document.getElementById("editor");
const text = document.getElementById("markdown");
const frame = document.getElementById("proof");
const sheet = document.getElementById("sheet");
const stale = document.getElementById("stale");
const unsaved = document.getElementById("unsaved");
const kept = form.dataset.dirty === undefined ? text.value : null;
const PAUSE = 350;
// A mail is laid out for 600 pixels; in less room it is shown smaller, so that it is the mail of a desk.
const WIDE = 640;
const PHONE = 420;
const place = `editor:${location.pathname}`;

let shown = "mail";
let dark = false;
let proofs = null;
let asked = 0;
let timer = 0;
let leaving = false;

const dirty = () => text.value !== kept;

// Asking for proofs: after a pause, and only the last answer counts.
async function render() {
  const number = ++asked;
  try {
    const answer = await fetch(form.dataset.render, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ markdown: text.value, dark }),
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const made = await answer.json();
    if (number !== asked) return;
    fill("notes", made.parts.notes);
    fill("inbox", made.parts.inbox);
    fill("weight", made.parts.weight);
    fill("words", made.parts.words);
    if (made.mail) proofs = made;
    say(made.mail ? "" : form.dataset.stale);
    if (made.mail) paint();
  } catch {
    if (number === asked) say(form.dataset.offline);
  }
}

// Pieces of the page, made by the server with every word of the author escaped.
function fill(id, html) {
  const part = document.getElementById(id);
  if (html && part && part.innerHTML !== html) part.innerHTML = html;
}

function say(words) {
  stale.textContent = words;
  stale.hidden = !words;
  frame.classList.toggle("old", Boolean(words));
}

function paint() {
  if (!proofs) return;
  const html = proofs[shown];
  frame.classList.toggle("night", dark);
  if (frame.srcdoc === html) return;
  frame.addEventListener("load", follow, { once: true });
  frame.srcdoc = html;
}

// The frame is closed to us, but it can be told a place: the heading the author is writing under.
function follow() {
  const before = text.value.slice(0, text.selectionStart).split("\n");
  let fence = false;
  let count = 0;
  before.forEach((line) => {
    if (/^(```|~~~)/.test(line)) fence = !fence;
    else if (!fence && /^#{1,6} /.test(line)) count += 1;
  });
  if (!count) return;
  const ids = [...(proofs[shown] ?? "").matchAll(/<h[2-6][^>]*? id="([\w-]+)"/g)].map((match) => match[1]);
  const id = ids[Math.min(count, ids.length) - 1];
  if (id) frame.contentWindow.location.replace(`about:srcdoc#${id}`);
}

function fit() {
  const room = sheet.clientWidth;
  const scale = frame.classList.contains("phone") || room < PHONE ? 1 : Math.min(1, room / WIDE);
  frame.style.width = scale < 1 ? `${WIDE}px` : "";
  frame.style.height = scale < 1 ? `${sheet.clientHeight / scale}px` : "";
  frame.style.transform = scale < 1 ? `scale(${scale})` : "";
}

text.addEventListener("input", () => {
  if (unsaved) unsaved.hidden = !dirty();
  clearTimeout(timer);
  timer = setTimeout(render, PAUSE);
});

// Tabs and guises.
for (const tab of document.querySelectorAll("[data-show]")) {
  press(tab, () => {
    shown = tab.dataset.show;
    for (const other of document.querySelectorAll("[data-show]")) {
      if (other === tab) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    paint();
  });
}
for (const guise of document.querySelectorAll("[data-guise]")) {
  guise.setAttribute("role", "button");
  guise.setAttribute("aria-pressed", "false");
  press(guise, () => {
    const on = guise.getAttribute("aria-pressed") !== "true";
    guise.setAttribute("aria-pressed", String(on));
    if (guise.dataset.guise === "phone") {
      frame.classList.toggle("phone", on);
      fit();
    } else {
      dark = on;
      render();
    }
  });
}

function press(link, act) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    act();
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " " || link.getAttribute("role") !== "button") return;
    event.preventDefault();
    act();
  });
}

// A note leads to its line.
document.getElementById("notes").addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  jump(Number(link.dataset.line));
});

function jump(number) {
  const lines = text.value.split("\n");
  const line = Math.min(Math.max(number, 1), lines.length) - 1;
  const start = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + lines[line].length);
  text.scrollTop = heightOf(lines.slice(0, line)) - text.clientHeight / 3;
}

// How far down a line stands, long lines wrapped as they are in the text: a hidden twin is measured.
function heightOf(lines) {
  const twin = text.cloneNode();
  twin.removeAttribute("id");
  twin.removeAttribute("name");
  twin.setAttribute("aria-hidden", "true");
  twin.value = lines.join("\n");
  twin.style.cssText = `position:absolute;visibility:hidden;height:0;width:${text.offsetWidth}px`;
  text.after(twin);
  const height = twin.scrollHeight;
  twin.remove();
  return height;
}

// Saving: the page comes back where it was left.
form.addEventListener("submit", () => {
  leaving = true;
  sessionStorage.setItem(place, JSON.stringify([text.selectionStart, text.selectionEnd, text.scrollTop]));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const save = document.getElementById("save");
  if (!save) return;
  event.preventDefault();
  form.requestSubmit(save);
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && !text.readOnly && dirty()) event.preventDefault();
});

const last = sessionStorage.getItem(place);
if (last) {
  sessionStorage.removeItem(place);
  const [start, end, top] = JSON.parse(last);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, end);
  text.scrollTop = top;
}
new ResizeObserver(fit).observe(sheet);
const wanted = /^#L(\d+)$/.exec(location.hash);
if (wanted) jump(Number(wanted[1]));
render();
