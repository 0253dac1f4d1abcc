// The desk works without this; with it, pages ask before they destroy, copy links, tell how long ago, and keep
// progress up to date. Everything is asked for by an attribute in the page.
//
//   <form data-confirm="Delete this draft?">        asks first
//   <button data-copy="https://…" hidden>           copies, and is shown only because this module runs
//   <time datetime="…" data-relative>               "3 minutes ago", the full date stays as its title
//   <div id="progress" data-refresh="3">            is fetched again from this page every 3 seconds while it asks for it

const { yes = "OK", no = "…", copied = "✓" } = document.body.dataset;
const language = document.documentElement.lang;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  // The answer is called what the button was called: "Stop", and not "Yes".
  ask(question, event.submitter).then((answer) => {
    if (!answer) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  });
});

function ask(question, pressed) {
  const dialog = document.createElement("dialog");
  const words = document.createElement("p");
  words.textContent = question;
  const actions = document.createElement("form");
  actions.method = "dialog";
  actions.className = "actions";
  const grave = pressed?.classList.contains("danger") ? "button danger" : "button";
  actions.append(button(pressed?.textContent.trim() || yes, "yes", grave), button(no, "no", "button quiet"));
  dialog.append(words, actions);
  document.body.append(dialog);
  dialog.showModal();
  actions.lastChild.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function button(label, value, name) {
  const made = document.createElement("button");
  made.textContent = label;
  made.value = value;
  made.className = name;
  return made;
}

function enliven(root) {
  for (const copy of root.querySelectorAll("[data-copy]")) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(copy.dataset.copy);
      const label = copy.querySelector("span") ?? copy;
      const before = label.textContent;
      label.textContent = copied;
      setTimeout(() => { label.textContent = before; }, 2000);
    });
  }
  for (const time of root.querySelectorAll("time[data-relative]")) {
    time.title ||= time.textContent;
    time.textContent = ago(new Date(time.dateTime));
  }
  for (const part of root.querySelectorAll("[data-refresh]")) keep(part);
}

const STEPS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function keep(part) {
  setTimeout(async () => {
    if (document.hidden) return keep(part);
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return keep(part);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      // What was waited for has ended: the rest of the page has changed too.
      if (!fresh) return location.replace(location.pathname);
      part.replaceWith(fresh);
      enliven(fresh.parentElement);
    } catch {
      keep(part);
    }
  }, Math.max(1, Number(part.dataset.refresh)) * 1000);
}

enliven(document);
