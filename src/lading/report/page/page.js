"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const FIRST = 100, AGAIN = 400; // rows that are shown at once, and in each further step

  // Text goes in as text: nothing that an image says becomes markup.
  const make = (name, text, kind) => {
    const node = document.createElement(name);
    if (text !== undefined && text !== null) node.textContent = text;
    if (kind) node.className = kind;
    return node;
  };
  const link = (url) => {
    const node = make("a", url);
    node.href = url;
    node.rel = "noopener noreferrer";
    return node;
  };

  const packages = data.packages.map(([name, version, type, layer, paths, licenses, purl, remedy]) =>
    ({ name, version, type, layer, paths, licenses, purl, remedy }));
  const findings = (data.findings || []).map(
    ([id, rank, score, at, fixed, todo, epss, layer, title, marks, aliases, page, links, rule, vectors, suppressed]) => {
      const found = typeof at === "number" ? packages[at]
        : { name: at, version: "unknown", type: "", paths: [], licenses: "", purl: "", remedy: "" };
      return { id, rank, score, of: found, fixed, todo, epss, layer, title, marks, aliases, page, links, rule, vectors, suppressed,
        text: [id, found.name, found.version, title, ...marks, ...aliases, ...found.paths].join("\n").toLowerCase() };
    });

  const natural = new Intl.Collator("en", { numeric: true });
  const text = (pick) => (a, b) => natural.compare(pick(a), pick(b));
  const number = (pick) => (a, b) => (pick(a) ?? -1) - (pick(b) ?? -1);
  const worst = (a, b) => b.rank - a.rank || (a.score ?? -1) - (b.score ?? -1);

  // One list that sorts by its headings and shows its rows step by step, so that a large one opens at once.
  const listing = (table, columns, row) => {
    const head = table.tHead.insertRow(), body = table.tBodies[0];
    let items = [], shown = 0, timer = 0, by = null, falling = false;
    const fill = (upTo) => {
      const part = document.createDocumentFragment();
      for (; shown < Math.min(upTo, items.length); shown += 1) part.append(row(items[shown]));
      body.append(part);
    };
    const step = () => { fill(shown + AGAIN); timer = shown < items.length ? setTimeout(step, 0) : 0; };
    const show = () => {
      clearTimeout(timer);
      if (by) items.sort((a, b) => (falling ? -by.order(a, b) : by.order(a, b)) || worst(b, a) || 0);
      body.replaceChildren();
      shown = 0;
      fill(FIRST);
      if (shown < items.length) timer = setTimeout(step, 0);
    };
    const sort = (column, down) => {
      by = column; falling = down;
      columns.forEach((each, at) => {
        const cell = head.cells[at];
        if (each === by) cell.setAttribute("aria-sort", falling ? "descending" : "ascending");
        else cell.removeAttribute("aria-sort");
      });
    };
    for (const column of columns) {
      const cell = make("th", null, column.kind), button = make("button", column.name);
      button.type = "button";
      cell.scope = "col";
      button.addEventListener("click", () => { sort(column, column === by ? !falling : Boolean(column.down)); show(); });
      cell.append(button);
      head.append(cell);
    }
    addEventListener("beforeprint", () => { clearTimeout(timer); fill(items.length); });
    return { sort, set: (wanted) => { items = wanted; show(); } };
  };

  const details = (one) => {
    const row = make("tr", null, "more"), cell = make("td"), list = make("dl");
    cell.colSpan = 9;
    const add = (name, ...values) => {
      const kept = values.filter(Boolean);
      if (!kept.length) return;
      list.append(make("dt", name));
      for (const value of kept) {
        const item = make("dd");
        item.append(value);
        item.style.gridColumn = 2;
        list.append(item);
      }
    };
    add("Remedy", one.todo, one.of.remedy && `${one.of.name} ${one.of.remedy} ends all that can be fixed in it`);
    add("Suppressed", one.suppressed);
    add("Why", one.rule);
    add("Also known as", one.aliases.join(", "));
    add("Package", one.of.purl || one.of.name);
    add("Found at", ...one.of.paths);
    add("Vectors", ...one.vectors);
    add("Read more", ...[one.page, ...one.links].filter(Boolean).map(link));
    cell.append(list);
    row.append(cell);
    return row;
  };

  const findingRow = (one) => {
    if (one.row) { one.more?.remove(); one.more = null; one.button.setAttribute("aria-expanded", "false"); return one.row; }
    const row = make("tr", null, "row"), id = make("td", null, "id"), title = make("td", null, "title");
    const severity = data.severities[one.rank], button = make("button", one.id);
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    const toggle = () => {
      if (one.more) { one.more.remove(); one.more = null; } else { one.more = details(one); row.after(one.more); }
      button.setAttribute("aria-expanded", String(Boolean(one.more)));
    };
    button.addEventListener("click", toggle);
    id.append(button);
    if (one.suppressed) title.append(make("span", "suppressed", "mark"));
    for (const mark of one.marks) title.append(make("span", mark, "mark"));
    title.append(one.title);
    const fix = make("td", null, "fix");
    if (one.fixed && one.fixed.length) one.fixed.forEach((version, at) => {
      if (at) fix.append(", ");
      fix.append(make("span", version));
    });
    else fix.append(make("span", one.fixed ? "yes" : "no", "faint"));
    row.append(
      make("td", severity, `severity ${severity}`), id, make("td", one.of.name, "name"), make("td", one.of.version, "version"), fix,
      make("td", one.score === null ? "" : one.score.toFixed(1), "number"), make("td", one.epss === null ? "" : `${one.epss}%`, "number"),
      make("td", one.layer, "number"), title);
    one.row = row; one.button = button;
    return row;
  };

  const packageRow = (one) => {
    if (one.row) return one.row;
    one.row = make("tr", null, "row");
    one.row.append(make("td", one.name, "name"), make("td", one.version, "version"), make("td", one.type), make("td", one.layer, "number"),
      make("td", one.licenses), make("td", one.paths[0], "name"));
    return one.row;
  };

  const columns = [
    { name: "Severity", order: worst, down: true }, { name: "Vulnerability", order: text((one) => one.id) },
    { name: "Package", order: text((one) => one.of.name) }, { name: "Installed", order: text((one) => one.of.version) },
    { name: "Fixed in", order: text((one) => (one.fixed || []).join(" ")), down: true },
    { name: "Score", order: number((one) => one.score), down: true, kind: "number" },
    { name: "EPSS", order: number((one) => one.epss), down: true, kind: "number" },
    { name: "Layer", order: number((one) => one.layer), kind: "number" }, { name: "Title", order: text((one) => one.title) },
  ];

  if (data.findings) {
    const list = listing($("rows"), columns, findingRow);
    const start = { severity: 0, id: 1, package: 2 }[data.view.sort];
    list.sort(columns[start], Boolean(columns[start].down));
    const tiles = [...document.querySelectorAll(".tile")];
    const pressed = (tile) => tile.getAttribute("aria-pressed") === "true";
    const apply = () => {
      const ranks = new Set(tiles.filter(pressed).map((tile) => data.severities.indexOf(tile.dataset.severity)));
      const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
      const kept = findings.filter((one) => ranks.has(one.rank) && (!$("fixable").checked || one.fixed)
        && (!$("exploited").checked || one.marks.includes("exploited")) && ($("suppressed").checked || !one.suppressed)
        && words.every((word) => one.text.includes(word)));
      list.set(kept);
      $("count").textContent = `${kept.length.toLocaleString("en")} of ${findings.length.toLocaleString("en")}`;
      $("none").hidden = kept.length > 0;
    };
    if (data.view.severity) {
      const mildest = data.severities.indexOf(data.view.severity);
      tiles.forEach((tile, at) => tile.setAttribute("aria-pressed", String(at <= mildest)));
    }
    $("fixable").checked = data.view.fixable;
    for (const tile of tiles) tile.addEventListener("click", () => { tile.setAttribute("aria-pressed", String(!pressed(tile))); apply(); });
    let waiting = 0;
    $("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
    for (const id of ["fixable", "exploited", "suppressed"]) $(id).addEventListener("change", apply);
    document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("keydown", (event) => {
      if (event.key === "/" && document.activeElement !== $("search")) { event.preventDefault(); $("search").focus(); }
    });
    apply();
  } else $("findings").hidden = true;

  const inventory = listing($("packages"), [
    { name: "Package", order: text((one) => one.name) }, { name: "Version", order: text((one) => one.version) },
    { name: "Type", order: text((one) => one.type) }, { name: "Layer", order: number((one) => one.layer), kind: "number" },
    { name: "Licences", order: text((one) => one.licenses) }, { name: "Path", order: text((one) => one.paths[0] || "") },
  ], packageRow);
  let filled = false;
  $("inventory").addEventListener("toggle", () => { if (!filled) { filled = true; inventory.set([...packages]); } });
  $("inventory").open = !data.findings;

  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const name = () => { $("theme").textContent = isDark() ? "Light" : "Dark"; };
  $("theme").addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); });
  dark.addEventListener("change", name);
  name();
})();
