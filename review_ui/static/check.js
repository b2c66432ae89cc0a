// Lets a picture be dropped or pasted, and shows it before it is sent; without this script one chooses a file.

const form = document.querySelector(".check-form");
const drop = form.querySelector(".drop");
const input = form.elements.photo;
const preview = form.querySelector(".drop-preview");
const problem = form.querySelector(".drop-problem");
const PREVIEW_PX = 480;

form.querySelector(".drop-hint").hidden = false;

function take(files) {
  const [picture] = files;
  if (!picture) return;
  const one = new DataTransfer();
  one.items.add(picture);
  input.files = one.files;
  input.focus();
  look();
}

async function look() {
  const [picture] = input.files;
  say("");
  hide();
  if (!picture) return;
  if (picture.size > Number(form.dataset.maxBytes)) {
    input.value = "";
    say(`This file is larger than ${form.dataset.atMost}, which is the limit.`);
    return;
  }
  try {
    show(await createImageBitmap(picture));
  } catch {
    hide(); // what this browser cannot show may be a photo all the same: the server says
  }
}

function show(bitmap) {
  const factor = Math.min(1, PREVIEW_PX / Math.max(bitmap.width, bitmap.height));
  preview.width = Math.max(1, Math.round(bitmap.width * factor));
  preview.height = Math.max(1, Math.round(bitmap.height * factor));
  preview.getContext("2d").drawImage(bitmap, 0, 0, preview.width, preview.height);
  preview.hidden = false;
  drop.classList.add("filled");
  bitmap.close();
}

function hide() {
  preview.hidden = true;
  drop.classList.remove("filled");
}

function say(words) {
  problem.textContent = words;
  problem.hidden = !words;
}

function holdsFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}

// Anywhere on the page: a picture that misses the frame would otherwise take the page's place.
addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  drop.classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.classList.remove("over");
});
addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  drop.classList.remove("over");
  take(event.dataTransfer.files);
});
addEventListener("paste", (event) => take(event.clipboardData?.files ?? []));
input.addEventListener("change", look);

look(); // a browser that comes back to this page may still hold the file
