// What is nicer with JavaScript. Everything but the progress bar works without it.
"use strict";

// ---- Moments in the reader's own time

function localTimes(within) {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
  for (const time of within.querySelectorAll("time[data-moment]")) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}

// ---- Uploads: one file after another, each with its bar and, if need be, its reason

const REASONS = {
  0: "The connection broke off. Is this computer still online? Then try again.",
  401: "You are no longer signed in. Sign in again in another tab, come back and try again.",
  403: "You are no longer signed in as before. Reload the page and try again.",
  404: "This mail is not there any more. Someone has deleted it.",
  413: "This file is too large for the server.",
  429: "That was too much at once. Wait a minute and try again.",
  502: "The server is not answering just now. Try again in a moment.",
  503: "The server is not answering just now. Try again in a moment.",
  504: "The server took too long. Try again in a moment.",
};
const HOPELESS = [400, 404, 413];

function reasonOf(request) {
  let said = {};
  try {
    said = JSON.parse(request.responseText);
  } catch {
    // A page of the proxy's, or nothing at all.
  }
  const reason = [].concat(said.file ?? [])[0];
  if (reason) return reason;
  if (request.status === 413 && said.detail) return said.detail;
  return REASONS[request.status] ?? "Something went wrong on our side. Try again in a moment.";
}

// Read when needed: signing in again in another tab changes it.
function csrfToken() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

function send(url, file, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file);
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => resolve(request));
    request.send(form);
  });
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

class Upload {
  constructor(form, file) {
    this.form = form;
    this.file = file;
    this.row = element("li", "");
    this.row.append(element("strong", "", file.name));
    this.state = element("span", "state", "Waiting");
    this.row.append(this.state);
    form.querySelector(".uploads").append(this.row);
  }

  async run() {
    const limit = Number(this.form.dataset.limit);
    if (this.file.size > limit * 1024 * 1024) {
      return this.fail(`The file is larger than the limit of ${limit} MB.`, false);
    }
    this.row.querySelector(".failed")?.remove();
    this.row.querySelector("button")?.remove();
    const bar = element("progress", "");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `Uploading ${this.file.name}`);
    this.row.append(bar);
    const request = await send(this.form.dataset.upload, this.file, (part) => {
      bar.value = part;
      this.state.textContent = part < 1 ? `${Math.round(part * 100)} %` : "Being checked";
    });
    bar.remove();
    if (request.status === 201) {
      this.say("Attached");
      return true;
    }
    return this.fail(reasonOf(request), !HOPELESS.includes(request.status));
  }

  // To screen readers too, which are spared every single percent.
  say(outcome, reason = "") {
    this.state.textContent = outcome;
    this.form.querySelector("[role=status]").textContent = `${this.file.name}: ${outcome}. ${reason}`;
  }

  fail(reason, again) {
    this.say("Not attached", reason);
    this.row.append(element("span", "state failed", reason));
    if (again) {
      const button = element("button", "", "Try again");
      button.type = "button";
      button.addEventListener("click", () => uploadAll([this]));
      this.row.append(button);
    }
    return false;
  }
}

async function uploadAll(uploads) {
  let attached = false;
  for (const upload of uploads) attached = (await upload.run()) || attached;
  if (attached) await showNews();
}

// The lists of PDFs and of changes as the server now has them; the rest of the page may be half filled in.
async function showNews() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["pdf-list", "history-list"]) {
    const now = page.getElementById(id);
    if (!now) continue;
    localTimes(now);
    document.getElementById(id).replaceWith(now);
  }
}

function enhance(form) {
  const input = form.querySelector("input[type=file]");
  const start = (files) => {
    const uploads = [...files].map((file) => new Upload(form, file));
    form.reset();
    uploadAll(uploads);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(input.files);
  });
  form.querySelector(".drop-hint").hidden = false;
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    start(event.dataTransfer.files);
  });
}

// ---- A second click on a button does not send a form twice

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  // Whoever comes back to the page may send it again.
  addEventListener("pageshow", () => delete form.dataset.sent);
}

localTimes(document);
for (const form of document.querySelectorAll("form[method=post]:not([data-upload])")) sendOnce(form);
for (const form of document.querySelectorAll("form[data-upload]")) enhance(form);
