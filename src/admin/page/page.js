"use strict";
// Keeps the values of the page those of /api/status. All of them are set as text, never as HTML.
(() => {
  const every = 5000;
  const patience = 15000;
  const live = document.getElementById("live");
  const state = document.getElementById("state");
  const sentence = document.querySelector('[data-at="sentence"]');
  const loaded = document.body.dataset;

  const at = (tree, path) => path.split(".").reduce((found, name) => found?.[name], tree);
  const shown = (value) =>
    value === null || value === undefined ? "–" : String(value);
  const write = (node, text) => {
    if (node.textContent !== text) node.textContent = text; // else a reader hears it again
  };

  function cell(head, item) {
    const made = document.createElement("row" in head.dataset ? "th" : "td");
    if (made.tagName === "TH") made.scope = "row";
    made.dataset.label = head.textContent;
    made.textContent = shown(item[head.dataset.at]);
    if ("mark" in head.dataset) made.dataset.mark = made.textContent;
    if (head.className) made.className = head.className;
    return made;
  }

  function row(heads, item) {
    const made = document.createElement("tr");
    made.append(...heads.map((head) => cell(head, item)));
    return made;
  }

  function none(text) {
    const made = document.createElement("tr");
    const only = made.appendChild(document.createElement("td"));
    only.className = "none";
    only.textContent = text;
    return made;
  }

  function table(node, list) {
    const heads = [...node.tHead.rows[0].cells];
    const rows = list.map((item) => row(heads, item));
    const body = document.createElement("tbody");
    body.append(...(rows.length > 0 ? rows : [none(node.dataset.none)]));
    if (!body.isEqualNode(node.tBodies[0])) node.tBodies[0].replaceWith(body);
  }

  function lines(node, list) {
    const items = list.map((item) => {
      const made = document.createElement("li");
      made.textContent = item.text;
      return made;
    });
    node.replaceChildren(...items);
  }

  function show(status) {
    for (const node of document.querySelectorAll("[data-mark-at]"))
      node.dataset.mark = at(status, node.dataset.markAt);
    for (const node of document.querySelectorAll("[data-at]:not(th)")) write(node, shown(at(status, node.dataset.at)));
    for (const node of document.querySelectorAll("[data-list]")) table(node, status[node.dataset.list]);
    for (const node of document.querySelectorAll("[data-lines]")) lines(node, status[node.dataset.lines]);
    document.title = `${status.self.service}: ${status.sentence}`;
    document.documentElement.classList.remove("stale");
    write(live, "It keeps itself up to date.");
  }

  function lose() {
    state.dataset.mark = "lost";
    write(sentence, "No answer from the sidecar: what stands below is old");
    document.documentElement.classList.add("stale");
    write(live, "It asks again every few seconds.");
  }

  async function look() {
    try {
      const answer = await fetch("/api/status", { cache: "no-store", signal: AbortSignal.timeout(patience) });
      if (!answer.ok) throw new Error(answer.statusText);
      const status = await answer.json();
      const same = status.policy.digest === loaded.policy && status.policy.directory === loaded.directory;
      if (!same) return location.reload(); // the picture is drawn by the sidecar
      show(status);
    } catch {
      lose();
    }
    setTimeout(look, every);
  }

  setTimeout(look, every);
  write(live, "It keeps itself up to date.");
})();
