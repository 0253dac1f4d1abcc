// A page lives without this. With it, a link can be copied, or handed to another program of the reader's machine.
// Both buttons are hidden in the page and shown only where they work.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const label = button.querySelector("span");
  const before = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) break;
  button.hidden = false;
  button.addEventListener("click", () => {
    // Whoever changes their mind has shared nothing, and nothing went wrong.
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
  });
}
