// Keeps the claim on a case alive while somebody works on it; without this script the claim lasts for one lease.

const form = document.querySelector("form[data-claim]");
const lost = document.querySelector("#claim-lost");
const AWAY_AFTER_MS = 5 * 60 * 1000;

let lastSeen = Date.now();
for (const sign of ["pointermove", "keydown", "scroll"]) {
  addEventListener(sign, () => (lastSeen = Date.now()), { passive: true });
}

async function beat() {
  // A page that nobody looks at keeps neither the case nor the session.
  if (document.visibilityState !== "visible" || Date.now() - lastSeen > AWAY_AFTER_MS) return;
  const token = new URLSearchParams({ form_token: form.elements.form_token.value });
  const answer = await fetch(form.dataset.claim, { method: "POST", body: token, redirect: "manual" });
  if (answer.status === 409) {
    lost.hidden = false;
    clearInterval(beats);
  }
}

const beats = setInterval(() => beat().catch(() => {}), Number(form.dataset.everyS) * 1000);
