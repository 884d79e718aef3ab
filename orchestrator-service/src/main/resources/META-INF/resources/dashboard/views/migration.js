// One migration: where it stands, what it does right now, what can be done about it, and what came of it.
import { call, get, watch } from "../api.js";
import { credentialFields } from "../connection-form.js";
import { h, replace, setText } from "../dom.js";
import { choice, formError, onSubmit } from "../forms.js";
import {
  badge,
  bytes,
  clock,
  count,
  counted,
  duration,
  ended,
  kindName,
  moment,
  parties,
  rate,
  asSentence,
  sentence,
  statusName,
  stepName,
  titleOf,
  tone,
  words,
} from "../format.js";
import { attachmentWorkers, lagPlot, waitingRecords } from "../lag.js";
import { announce, confirmed, showConnection } from "../page.js";
import { plot } from "../plot.js";
import { scrolling, table } from "../table.js";

const RATE_WINDOW_SECONDS = 5;

const ACTIONS = {
  approve: { label: "Approve" },
  pause: { label: "Pause", quiet: true },
  resume: { label: "Resume" },
  retry: { label: "Retry" },
  cancel: {
    label: "Cancel the migration",
    quiet: true,
    question: "Cancel this migration?",
    consequence: "What it has created in the target is taken back, last step first. A canceled migration cannot go on.",
    confirm: "Cancel the migration",
  },
  rollback: {
    label: "Roll back",
    quiet: true,
    question: "Roll this migration back?",
    consequence: "What it has created in the target is deleted. This cannot be undone.",
    confirm: "Roll back",
  },
  sync: { label: "Move what changed" },
};

/** What a migration that stands still is waiting for, and what helps. */
function standstill({ status, waitingFor, counts }) {
  switch (status === "WAITING" ? waitingFor : status) {
    case "APPROVAL":
      return "Nothing has been written to the target yet. Read the plan, then approve it or cancel the migration.";
    case "MEMBERS":
      return `${
        counts.membersWaiting > 0 ? counted(counts.membersWaiting, "person has", "people have") : "Some people have"
      } not accepted the invitation yet. Whoever accepts is confirmed by itself; you can also go on without the others.`;
    case "CREDENTIALS":
      return "A server no longer accepts the credentials of an account. Give new ones below; then the migration goes on.";
    case "PAUSED":
      return "Paused: nothing is sent to either server until you resume.";
    default:
      return "";
  }
}

const GO_ON_WITHOUT = {
  label: "Go on without them",
  question: "Go on without the people who have not accepted?",
  consequence: "They keep their invitation, but this migration does not confirm them any more and lists them as exceptions.",
  confirm: "Go on without them",
};

export async function showMigration(root, id) {
  const path = `/api/v1/migrations/${id}`;
  let [migration, connections] = await Promise.all([get(path), get("/api/v1/connections")]);
  let closed = false;

  const heading = h("h1", {}, titleOf(migration, connections));
  const status = h("span", {});
  const summary = h("p", { class: "muted" });
  const stands = h("p", { class: "notice attention", hidden: true });
  const overview = overviewSection();
  const failure = h("div", {});
  const actions = h("div", { class: "buttons", role: "group", "aria-label": "Actions" });
  const refusal = h("p", { class: "notice bad", role: "alert", hidden: true });
  const renewal = h("div", {});
  const result = h("div", { class: "result" });
  const plan = planSection(path);
  const steps = stepList();
  const exceptions = exceptionSection(path);
  const history = historySection();
  const throughput = throughputPlot();
  const backlog = backlogPlot((topics) => overview.tell(topics));

  root.append(
    h(
      "div",
      { class: "head" },
      h("p", { class: "back" }, h("a", { href: "#/" }, "← All migrations")),
      h("div", { class: "title" }, heading, status),
      summary,
    ),
    failure,
    stands,
    refusal,
    actions,
    result,
    renewal,
    overview.element,
    plan.element,
    h(
      "div",
      { class: "live" },
      h("section", { class: "card", "aria-labelledby": "steps-title" }, h("h2", { id: "steps-title" }, "Steps"), steps.element),
      h("div", { class: "plots" }, throughput.element, backlog.element),
    ),
    exceptions.element,
    history.element,
  );

  let before = "";
  let shownActions = "";
  let shownRenewal = "";
  const show = () => {
    setText(heading, titleOf(migration, connections));
    const name = statusName(migration);
    setText(status, name);
    status.className = badge(migration.status);
    if (before && before !== name) {
      announce(`The migration is now: ${name}`);
    }
    before = name;
    setText(summary, summaryOf(migration, connections));
    setText(stands, standstill(migration));
    stands.hidden = stands.textContent === "";
    overview.show(migration);
    showFailure(failure, migration);
    showResult(result, migration, path);
    steps.show(migration);
    plan.show(migration);
    exceptions.show(migration);
    throughput.show(migration);
    backlog.show(migration);

    const nowAllowed = JSON.stringify([migration.actions, migration.waitingFor]);
    if (nowAllowed !== shownActions) {
      shownActions = nowAllowed;
      const hadFocus = actions.contains(document.activeElement);
      replace(actions, migration.actions.map((action) => actionButton(action)));
      actions.hidden = migration.actions.length === 0;
      if (hadFocus) {
        heading.tabIndex = -1;
        heading.focus();
      }
    }
    const waits = migration.waitingFor === "CREDENTIALS" ? "yes" : "";
    if (waits !== shownRenewal) {
      shownRenewal = waits;
      replace(renewal, waits ? renewalForm(migration, connections, () => act("retry")) : []);
    }
  };

  async function act(action) {
    refusal.hidden = true;
    try {
      migration = await call("POST", `${path}/actions/${action}`);
      show();
    } catch (problem) {
      setText(refusal, problem.message);
      refusal.hidden = false;
    }
  }

  function actionButton(action) {
    const waitsForMembers = action === "approve" && migration.waitingFor === "MEMBERS";
    const { label, quiet, question, consequence, confirm } = waitsForMembers ? GO_ON_WITHOUT : (ACTIONS[action] ?? { label: sentence(action) });
    return h(
      "button",
      {
        type: "button",
        class: quiet ? "quiet" : null,
        "data-action": action,
        onclick: async () => {
          if (!question || (await confirmed(question, consequence, confirm))) {
            await act(action);
          }
        },
      },
      label,
    );
  }

  let loading = false;
  let stale = false;
  // News come in swarms; one call at a time tells all of them.
  async function reload() {
    stale = true;
    if (loading) {
      return;
    }
    loading = true;
    while (stale && !closed) {
      stale = false;
      try {
        [migration, connections] = await Promise.all([get(path), get("/api/v1/connections")]);
        show();
      } catch {
        // The stream says when Vaultferry is back, and its first event loads again.
      }
    }
    loading = false;
  }

  show();
  const stop = watch(
    `${path}/events`,
    {
      transition: (entry) => {
        history.add(entry);
        reload();
      },
      progress: (step) => {
        migration.steps = migration.steps.map((it) => (it.step === step.step ? step : it));
        overview.show(migration);
        steps.show(migration);
        throughput.show(migration);
      },
    },
    showConnection,
  );
  const ticking = setInterval(() => {
    overview.tick();
    steps.tick();
    throughput.sample();
  }, 1000);
  return () => {
    closed = true;
    stop();
    clearInterval(ticking);
    throughput.close();
    backlog.close();
    showConnection(true);
  };
}

function summaryOf(migration, connections) {
  const { source, target } = parties(migration, connections);
  return [
    `${source.url ?? source.server} → ${target.url ?? target.server}`,
    migration.dryRun ? "dry run" : null,
    `started ${moment(migration.createdAt)}`,
    migration.finishedAt ? `took ${duration((new Date(migration.finishedAt) - new Date(migration.createdAt)) / 1000)}` : null,
  ]
    .filter((it) => it)
    .join(" · ");
}

function showFailure(element, migration) {
  const { failure } = migration;
  const key = failure ? JSON.stringify(failure) : "";
  if (element.dataset.key === key) {
    return;
  }
  element.dataset.key = key;
  replace(
    element,
    failure
      ? h(
          "div",
          { class: "notice bad", role: "alert" },
          h("p", {}, h("strong", {}, `${stepName(failure.step)}: ${failure.message}`)),
          failure.detail ? h("p", {}, failure.detail) : null,
        )
      : [],
  );
}

function showResult(element, migration, path) {
  const key = ended(migration) ? migration.status : "";
  if (element.dataset.key === key) {
    return;
  }
  element.dataset.key = key;
  if (!key) {
    replace(element);
    return;
  }
  const { counts, status } = migration;
  const found =
    status === "COMPENSATED"
      ? "What this migration had created was taken back."
      : migration.dryRun
        ? "Dry run: nothing was written. The plan is below."
        : `${counted(counts.differences ?? 0, "difference", "differences")} between both sides, ${counted(counts.exceptions, "exception", "exceptions")}.`;
  const report = h("a", { href: `${path}/report`, target: "_blank", rel: "noopener" }, "Open the report, to read and print (new tab)");
  replace(
    element,
    h("div", { class: `notice ${tone(status)}` }, h("p", {}, h("strong", {}, found)), h("p", {}, report)),
    status === "COMPENSATED" || migration.dryRun ? null : outcomes(counts),
  );
}

/** What became of the objects of each kind, as the steps say it. */
function outcomes(counts) {
  const kinds = [
    ["COLLECTION", counts.collections],
    ["GROUP", counts.groups],
    ["ITEM", counts.items],
    ["ATTACHMENT", counts.attachments],
    ["MEMBER", counts.members],
    ["POLICY", counts.policies],
  ].filter(([, tally]) => tally);
  const numbers = ["Moved", "Skipped", "Quarantined"].map((name) => ({ name, number: true }));
  const rows = table({ columns: [{ name: "Kind" }, ...numbers] });
  rows.show(kinds.map(([kind, tally]) => [kindName(kind), count(tally.moved), count(tally.skipped), count(tally.quarantined)]));
  return h(
    "section",
    { class: "card", "aria-labelledby": "outcomes-title" },
    h("h2", { id: "outcomes-title" }, "What became of it"),
    rows.element,
    counts.attachmentBytes > 0 ? h("p", { class: "muted" }, `${bytes(counts.attachmentBytes)} of files were transferred.`) : null,
  );
}

/** The numbers that one looks for first. All of them are always there, so that nothing moves when one arrives. */
function overviewSection() {
  const figure = (name) => {
    const label = h("dt", {}, name);
    const value = h("dd", {}, "–");
    return { label, value, element: h("div", {}, label, value) };
  };
  const figures = {
    steps: figure("Steps done"),
    elapsed: figure("Elapsed"),
    left: figure("Left in this step"),
    files: figure("Files done"),
    workers: figure("Workers alive"),
    waiting: figure("Records waiting"),
    exceptions: figure("Exceptions"),
  };
  let migration = null;
  const tick = () => {
    const end = migration.finishedAt ? new Date(migration.finishedAt) : new Date();
    setText(figures.elapsed.value, duration((end - new Date(migration.createdAt)) / 1000));
  };
  return {
    element: h("dl", { class: "card figures" }, Object.values(figures).map((it) => it.element)),
    tick,
    show(now) {
      migration = now;
      const steps = now.steps.filter((it) => it.status !== "SKIPPED");
      const current = steps.find(isAtWork);
      const files = steps.find((it) => it.step === "TRANSFER_ATTACHMENTS");
      setText(figures.steps.value, `${steps.filter((it) => it.status === "DONE").length} of ${steps.length}`);
      setText(figures.left.value, hasEta(current) ? `≈ ${duration(current.etaSeconds)}` : "–");
      setText(figures.files.value, files?.total > 0 ? `${count(files.done)} of ${count(files.total)}` : "–");
      setText(figures.exceptions.value, count(now.counts.exceptions));
      setText(figures.elapsed.label, ended(now) ? "Took" : "Elapsed");
      for (const live of [figures.left, figures.workers, figures.waiting]) {
        live.element.hidden = ended(now);
      }
      tick();
    },
    tell(topics) {
      setText(figures.workers.value, count(attachmentWorkers(topics)));
      setText(figures.waiting.value, count(waitingRecords(topics)));
    },
  };
}

/** How far a step is, and how fast while it says so. */
function numbersOf(step) {
  if (!(step.total > 0)) {
    return "";
  }
  const pace = step.bytesPerSecond > 0 ? `${bytes(step.bytesPerSecond)}/s` : step.objectsPerSecond > 0 ? `${rate(step.objectsPerSecond)} a second` : "";
  return [
    `${count(step.done)} of ${count(step.total)}`,
    step.bytesTotal > 0 ? `${bytes(step.bytesDone)} of ${bytes(step.bytesTotal)}` : null,
    isAtWork(step) && pace ? pace : null,
  ]
    .filter((it) => it)
    .join(", ");
}

const isAtWork = (step) => step.status === "RUNNING" || step.status === "UNDOING";

const hasEta = (step) => step?.etaSeconds !== undefined && step.etaSeconds !== null;

function stepList() {
  const list = h("ol", { class: "steps" });
  const rows = new Map();
  let latest = [];

  const row = (step) => {
    const status = h("span", {});
    const bar = h("progress", { max: 1, value: 0, "aria-label": `Progress of: ${stepName(step.step)}` });
    const numbers = h("span", { class: "step-numbers" });
    const time = h("span", { class: "step-time" });
    const element = h("li", {}, h("span", { class: "step-name" }, stepName(step.step)), status, numbers, time, bar);
    list.append(element);
    return { element, status, bar, numbers, time };
  };

  const time = (step) => {
    if (!step.startedAt || step.status === "SKIPPED") {
      return "";
    }
    const end = step.finishedAt ? new Date(step.finishedAt) : isAtWork(step) ? new Date() : null;
    if (!end) {
      return "";
    }
    const took = duration((end - new Date(step.startedAt)) / 1000);
    return !step.finishedAt && hasEta(step) ? `${took}, about ${duration(step.etaSeconds)} left` : took;
  };

  const tick = () => latest.forEach((step) => setText(rows.get(step.step).time, time(step)));
  return {
    element: list,
    tick,
    show(migration) {
      latest = migration.steps;
      for (const step of latest) {
        if (!rows.has(step.step)) {
          rows.set(step.step, row(step));
        }
        const { element, status, bar, numbers } = rows.get(step.step);
        setText(status, step.attempt > 1 ? `${sentence(step.status)}, attempt ${step.attempt}` : sentence(step.status));
        status.className = badge(step.status);
        element.className = isAtWork(step) ? "running" : tone(step.status) === "plain" ? "idle" : "";
        if (isAtWork(step)) {
          element.setAttribute("aria-current", "step");
        } else {
          element.removeAttribute("aria-current");
        }
        const hasBytes = step.bytesTotal > 0;
        const total = hasBytes ? step.bytesTotal : step.total;
        bar.hidden = !isAtWork(step) || !(total > 0);
        bar.max = Math.max(1, total);
        bar.value = hasBytes ? step.bytesDone : step.done;
        setText(numbers, numbersOf(step));
      }
      tick();
    },
  };
}

/** Files, other objects and bytes a second, from how their numbers grow while this page is open. */
function throughputPlot() {
  const chart = plot({
    label: "Files, objects and bytes a second over time. The numbers below are the present ones.",
    series: [
      { label: "Objects a second", format: rate },
      { label: "Files a second", format: rate },
      { label: "Bytes a second", scale: "right", format: (it) => `${bytes(it)}/s` },
    ],
    left: rate,
    right: (it) => `${bytes(it)}/s`,
  });
  const element = h(
    "section",
    { class: "card", "aria-labelledby": "throughput-title", hidden: true },
    h("h2", { id: "throughput-title" }, "Pace"),
    h("p", { class: "muted plot-hint" }, "Left: objects and files a second. Right: bytes a second."),
    chart.element,
  );
  const samples = [];
  let migration = null;

  const grown = (now) => {
    const files = now.steps.find((step) => step.step === "TRANSFER_ATTACHMENTS");
    const objects = now.steps
      .filter((step) => ["IMPORT_COLLECTIONS", "PROVISION_GROUPS", "IMPORT_ITEMS", "INVITE_MEMBERS", "CONFIRM_MEMBERS", "VERIFY"].includes(step.step))
      .reduce((sum, step) => sum + step.done, 0);
    return [objects, files?.done ?? 0, files?.bytesDone ?? 0];
  };
  return {
    element,
    show(now) {
      migration = now;
      if (["RUNNING", "COMPENSATING"].includes(now.status)) {
        element.hidden = false;
      }
    },
    sample() {
      if (!migration || element.hidden || ended(migration) && samples.length === 0) {
        return;
      }
      const now = performance.now() / 1000;
      const numbers = grown(migration);
      samples.push({ now, numbers });
      while (samples.length > 2 && now - samples[1].now >= RATE_WINDOW_SECONDS) {
        samples.shift();
      }
      const first = samples[0];
      const seconds = now - first.now;
      if (seconds > 0) {
        chart.add(
          Date.now() / 1000,
          numbers.map((number, i) => Math.max(0, number - first.numbers[i]) / seconds),
        );
      }
      // A while after the end, the plot shows how it came to rest, and stands still.
      if (ended(migration) && seconds >= RATE_WINDOW_SECONDS && numbers.every((number, i) => number === first.numbers[i])) {
        samples.length = 0;
      }
    },
    close: () => chart.close(),
  };
}

/** The lag of each topic while the migration runs; nobody needs it after the end. */
function backlogPlot(tell) {
  const body = h("div", { class: "plot" });
  const element = h(
    "section",
    { class: "card", "aria-labelledby": "backlog-title", hidden: true },
    h("h2", { id: "backlog-title" }, "Lag of each topic"),
    h("p", { class: "muted plot-hint" }, "Records still to be handled; files wait in attachment-work."),
    body,
  );
  let chart = null;
  let stop = null;
  const show = (topics) => {
    if (!chart) {
      chart = lagPlot(topics, "Records that each topic's consumers have not handled yet, over time. The numbers below are the present ones.");
      replace(body, chart.element);
    }
    chart.add(topics);
    tell(topics);
  };
  return {
    element,
    show(migration) {
      if (["RUNNING", "COMPENSATING"].includes(migration.status)) {
        element.hidden = false;
      }
      if (!ended(migration) && !stop) {
        // The stream of the migration says when the connection is lost.
        stop = watch("/api/v1/topics/events", { topics: show }, () => {});
      }
    },
    close() {
      stop?.();
      chart?.close();
    },
  };
}

function planSection(path) {
  const body = h("div", {});
  const details = h("details", { class: "card", hidden: true }, h("summary", {}, h("h2", {}, "Plan")), body);
  let loaded = false;
  let opened = "";
  return {
    element: details,
    async show(migration) {
      const known = ["EXPORT_VAULT", "PREPARE_TARGET"].some((name) =>
        migration.steps.some((step) => step.step === name && !["PENDING"].includes(step.status)),
      );
      const asked = migration.waitingFor === "APPROVAL";
      if (!(known || asked || ended(migration) || migration.status === "STUCK")) {
        return;
      }
      const why = asked ? "asked" : migration.dryRun && ended(migration) ? "dry run" : "";
      if (why !== opened) {
        opened = why;
        details.open = why !== "";
      }
      if (!loaded) {
        loaded = true;
        try {
          const plan = await get(`${path}/plan`);
          replace(body, planOf(plan));
          details.hidden = false;
        } catch {
          loaded = false;
        }
      }
    },
  };
}

function planOf(plan) {
  const objects = table({
    caption: "What moves",
    columns: [{ name: "Kind" }, { name: "Found", number: true }, { name: "To move", number: true }],
  });
  objects.show(plan.objects.map((it) => [kindName(it.kind), count(it.found), count(it.toMove)]));
  return [
    plan.blockers.length > 0
      ? h(
          "div",
          { class: "notice bad" },
          h("p", {}, h("strong", {}, "This migration is not possible as it is.")),
          h("ul", {}, plan.blockers.map((it) => h("li", {}, it.message, it.detail ? ` ${it.detail}` : ""))),
        )
      : h("p", {}, "Nothing stands against this migration."),
    objects.element,
    plan.losses.length > 0
      ? [
          h("h3", {}, "What does not move, or not as it is"),
          h(
            "ul",
            {},
            plan.losses.map((it) =>
              h("li", {}, it.count > 0 ? `${count(it.count)} × ` : "", `${words(it.kind)}: ${it.message}`, it.detail ? ` (${it.detail})` : ""),
            ),
          ),
        ]
      : null,
    plan.notices.length > 0
      ? [h("h3", {}, "Good to know"), h("ul", {}, plan.notices.map((it) => h("li", {}, it.detail ? asSentence(it.detail) : `${sentence(it.code)}.`)))]
      : null,
    h(
      "p",
      { class: "muted" },
      [
        `From ${sentence(plan.source.kind)} ${plan.source.version} to ${sentence(plan.target.kind)} ${plan.target.version}`,
        plan.seatsNeeded > 0 ? counted(plan.seatsNeeded, "seat needed at most", "seats needed at most") : null,
        plan.storageNeeded > 0 ? `${bytes(plan.storageNeeded)} of files` : null,
        plan.floorSeconds > 0 ? `at least ${duration(plan.floorSeconds)} by the target's limits` : null,
      ]
        .filter((it) => it)
        .join(" · "),
    ),
  ].flat(2);
}

function exceptionSection(path) {
  const AT_A_TIME = 100;
  const rows = table({
    stacks: true,
    columns: ["Kind", "Outcome", "Reason", "Step", "Id in the source"].map((name) => ({ name })),
  });
  const region = scrolling("Exceptions", rows.element);
  const title = h("h2", { id: "exceptions-title" }, "Exceptions");
  const none = h("p", { class: "muted none" }, "None so far: everything that was moved is as it was.");
  const more = h("button", { type: "button", class: "quiet", hidden: true }, "Show more");
  const element = h("section", { class: "card", "aria-labelledby": "exceptions-title" }, title, none, region, more);
  let known = -1;
  let limit = AT_A_TIME;

  const load = async (total) => {
    const list = await get(`${path}/exceptions?limit=${limit}`);
    rows.show(
      list.map((it) => [
        kindName(it.kind, 1),
        h("span", { class: `badge ${it.outcome === "QUARANTINED" ? "bad" : "plain"}` }, sentence(it.outcome)),
        it.message,
        stepName(it.step),
        h("code", {}, it.sourceId ?? ""),
      ]),
    );
    more.hidden = list.length >= total || limit >= 1000;
  };
  more.addEventListener("click", () => {
    limit = 1000;
    load(known).catch(() => {});
  });
  return {
    element,
    show(migration) {
      const total = migration.counts.exceptions;
      if (total === known) {
        return;
      }
      known = total;
      setText(title, total > 0 ? `Exceptions (${count(total)})` : "Exceptions");
      none.hidden = total > 0;
      region.hidden = total === 0;
      if (total > 0) {
        load(total).catch(() => {
          known = -1;
        });
      }
    },
  };
}

function historySection() {
  const rows = table({
    stacks: true,
    columns: ["Time", "Step", "What came in", "Status after it", "Note"].map((name) => ({ name })),
  });
  const summary = h("h2", {}, "History");
  const element = h("details", { class: "card" }, h("summary", {}, summary), scrolling("History", rows.element));
  const seen = new Set();
  return {
    element,
    /** A stream that begins again may tell what is known already. */
    add(entry) {
      if (seen.has(entry.sequence)) {
        return;
      }
      seen.add(entry.sequence);
      setText(summary, `History (${count(seen.size)})`);
      rows.add([
        h("time", { datetime: entry.at, title: moment(entry.at) }, clock(entry.at)),
        entry.step ? stepName(entry.step) : "",
        h("code", {}, entry.input),
        entry.waitingFor ? `${sentence(entry.to)} for ${words(entry.waitingFor)}` : sentence(entry.to),
        entry.note ?? "",
      ]);
    },
  };
}

function renewalForm(migration, connections, retry) {
  const form = h("form", { class: "card fields", autocomplete: "off" });
  const credentials = credentialFields(form);
  const { source, target } = parties(migration, connections);
  form.append(
    h("h2", {}, "Give new credentials"),
    h("p", { class: "muted" }, "They have to be of the same account."),
    choice({
      name: "connection",
      label: "Account",
      options: [
        { value: migration.source.connection, label: `Source: ${source.connection ?? source.server}` },
        { value: migration.target.connection, label: `Target: ${target.connection ?? target.server}` },
      ],
    }),
    ...credentials.elements,
    formError(),
    h("div", { class: "buttons" }, h("button", { type: "submit", "data-busy": "Connecting…" }, "Renew and retry")),
  );
  onSubmit(form, async () => {
    const connection = form.querySelector("[name=connection]").value;
    await call("PUT", `/api/v1/connections/${connection}/credentials`, { credentials: credentials.read() });
    announce("The credentials are renewed");
    await retry();
  });
  return form;
}
