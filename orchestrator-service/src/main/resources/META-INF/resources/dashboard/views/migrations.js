// All migrations, the newest first.
import { get } from "../api.js";
import { h, replace } from "../dom.js";
import { badge, count, counted, duration, ended, hostOf, moment, parties, statusName, stepName, titleOf } from "../format.js";

const AGAIN_MILLIS = 3000;
const AT_A_TIME = 50;

export async function showMigrations(root) {
  const list = h("ul", { class: "cards" });
  const none = h(
    "div",
    { class: "card empty", hidden: true },
    h("p", {}, "Nothing has been migrated yet."),
    h("p", {}, h("a", { class: "button", href: "#/new" }, "Start a migration")),
  );
  const more = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => showMore() }, "Show older ones");
  root.append(h("div", { class: "title" }, h("h1", {}, "Migrations")), none, list, more);

  let limit = AT_A_TIME;
  let last = "";
  let closed = false;
  let timer;

  const load = async () => {
    const [migrations, connections] = await Promise.all([
      get(`/api/v1/migrations?limit=${limit}`),
      get("/api/v1/connections"),
    ]);
    none.hidden = migrations.length > 0;
    more.hidden = migrations.length < limit || limit >= 1000;
    const now = JSON.stringify([migrations, connections]);
    if (now !== last) {
      last = now;
      // Who is on a link stays on it.
      const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      replace(list, migrations.map((migration) => entry(migration, connections)));
      if (focused) {
        list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
      }
    }
  };
  const showMore = () => {
    limit = Math.min(1000, limit * 4);
    return load().catch(() => {});
  };
  const again = async () => {
    await load().catch(() => {});
    if (!closed) {
      timer = setTimeout(again, AGAIN_MILLIS);
    }
  };
  await load();
  timer = setTimeout(again, AGAIN_MILLIS);
  return () => {
    closed = true;
    clearTimeout(timer);
  };
}

/** What the present step does, with its numbers where it has some. */
function nowOf(migration) {
  const step = migration.steps.find((it) => it.step === migration.step);
  const numbers = step?.status === "RUNNING" && step.total > 0 ? `, ${count(step.done)} of ${count(step.total)}` : "";
  return `${step?.status === "PENDING" ? "Next" : "Now"}: ${stepName(migration.step)}${numbers}`;
}

function entry(migration, connections) {
  const { source, target } = parties(migration, connections);
  const steps = migration.steps.filter((step) => step.status !== "SKIPPED");
  const done = steps.filter((step) => step.status === "DONE").length;
  const progress = ended(migration)
    ? null
    : h(
        "div",
        { class: "progress-line" },
        h("progress", { max: steps.length, value: done, "aria-label": "Steps done" }),
        h("span", {}, `${done} of ${steps.length} steps. ${nowOf(migration)}`),
      );
  return h(
    "li",
    { class: "card" },
    h(
      "div",
      { class: "card-title" },
      h("h2", {}, h("a", { href: `#/migrations/${migration.id}` }, titleOf(migration, connections))),
      h("span", { class: badge(migration.status) }, statusName(migration)),
    ),
    progress,
    h(
      "p",
      { class: "muted" },
      [
        `Started ${moment(migration.createdAt)}`,
        migration.finishedAt ? `took ${duration((new Date(migration.finishedAt) - new Date(migration.createdAt)) / 1000)}` : null,
        source.url && target.url ? `${hostOf(source.url)} → ${hostOf(target.url)}` : null,
        migration.dryRun ? "dry run" : null,
        migration.counts.exceptions > 0 ? counted(migration.counts.exceptions, "exception", "exceptions") : null,
      ]
        .filter((it) => it)
        .join(" · "),
    ),
  );
}
