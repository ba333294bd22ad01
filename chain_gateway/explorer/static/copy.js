// Copy buttons: one press copies the whole value that is shown short.

export function wakeCopying(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) wake(button);
}

function wake(button) {
  const label = button.textContent;
  const copied = words().copied || label;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = copied;
    setTimeout(() => (button.textContent = label), 1600);
  });
}

/** The page's words for scripts; empty on a page that has none. */
export function words() {
  const found = document.getElementById("words");
  return found ? JSON.parse(found.textContent) : {};
}
