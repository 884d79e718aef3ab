// Choosing what to move, from where, and to where.
import { call, get } from "../api.js";
import { askForConnection } from "../connection-form.js";
import { h, replace } from "../dom.js";
import { choice, field, formError, onSubmit, options, setOptions } from "../forms.js";
import { hostOf, idOf, sentence } from "../format.js";

export async function showNewMigration(root) {
  let connections = (await get("/api/v1/connections")).filter((it) => it.state === "READY");
  const form = h("form", { class: "fields", autocomplete: "off" });
  let idempotencyKey = newKey();

  const find = (name) => form.querySelector(`[name="${name}"]`);
  const connectionOf = (side) => connections.find((it) => idOf(it) === find(`${side}.connection`).value);

  const connectionChoice = (side, label, suggestedName) =>
    h(
      "div",
      { class: "with-button" },
      choice({ name: `${side}.connection`, label, onchange: () => fillOrganizations() }),
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          onclick: async (event) => {
            const button = event.currentTarget;
            const made = await askForConnection(suggestedName);
            if (made) {
              connections = [...connections.filter((it) => idOf(it) !== idOf(made)), made];
              fillConnections();
              find(`${side}.connection`).value = idOf(made);
              fillOrganizations();
              find(`${side}.connection`).focus();
            } else {
              button.focus();
            }
          },
        },
        "Connect to an account…",
      ),
    );

  const adopt = h("div", { class: "fields", hidden: true }, choice({
    name: "target.organization.adopt",
    label: "Organization to move into",
    hint: "What it holds already stays.",
  }));
  const create = h(
    "div",
    { class: "fields" },
    field({ name: "target.organization.create.name", label: "Name of the new organization", maxlength: 50, autocomplete: "off" }),
    field({
      name: "target.organization.create.billingEmail",
      label: "Billing e-mail address (optional)",
      type: "email",
      autocomplete: "off",
    }),
  );
  const adopts = () => form.querySelector("input[name=targetKind]:checked").value === "adopt";

  form.append(
    h(
      "section",
      { class: "card fields", "aria-labelledby": "from" },
      h("h2", { id: "from" }, "From"),
      connectionChoice("source", "Source account", "Old server"),
      choice({ name: "source.organization", label: "Organization to move", onchange: () => suggestName() }),
    ),
    h(
      "section",
      { class: "card fields", "aria-labelledby": "to" },
      h("h2", { id: "to" }, "To"),
      connectionChoice("target", "Target account", "New server"),
      options({
        legend: "Organization in the target",
        type: "radio",
        name: "targetKind",
        items: [
          { value: "create", label: "Create a new one", checked: true },
          { value: "adopt", label: "Move into one that exists" },
        ],
        onchange: () => {
          adopt.hidden = !adopts();
          create.hidden = adopts();
        },
      }),
      create,
      adopt,
    ),
    h(
      "section",
      { class: "card fields", "aria-labelledby": "what" },
      h("h2", { id: "what" }, "What to move"),
      options({
        legend: "Besides collections and items, which always move",
        type: "checkbox",
        items: [
          { itemName: "attachments", label: "Files attached to items", checked: true },
          { itemName: "trash", label: "Items in the trash", checked: true },
          { itemName: "groups", label: "Groups", checked: true },
          { itemName: "members", label: "Members (they are invited)", checked: true },
          { itemName: "policies", label: "Policies", checked: true },
        ],
      }),
      options({
        legend: "Before anything is written",
        type: "radio",
        name: "mode",
        items: [
          { value: "approve", label: "Show me the plan and wait for my approval", checked: true },
          { value: "dryRun", label: "Only make the plan (dry run)" },
          { value: "go", label: "Go on without asking" },
        ],
      }),
    ),
    formError(),
    h("div", { class: "buttons" }, h("button", { type: "submit", "data-busy": "Checking both sides…" }, "Make the plan")),
  );
  form.addEventListener("change", () => {
    const mode = form.querySelector("input[name=mode]:checked").value;
    form.querySelector("button[type=submit]").textContent = mode === "go" ? "Start the migration" : "Make the plan";
    idempotencyKey = newKey();
  });

  function fillConnections() {
    const choices = connections.map((it) => ({
      value: idOf(it),
      label: `${it.name}: ${it.account.email} at ${hostOf(it.server.url)}`,
    }));
    for (const side of ["source", "target"]) {
      setOptions(find(`${side}.connection`), [
        { value: "", label: choices.length > 0 ? "Choose an account" : "No account is connected yet" },
        ...choices,
      ]);
    }
  }

  function fillOrganizations() {
    fill("source.organization", connectionOf("source"));
    fill("target.organization.adopt", connectionOf("target"));
    suggestName();
  }

  function fill(name, connection) {
    const organizations = connection?.organizations ?? [];
    const select = find(name);
    setOptions(
      select,
      organizations.length > 0
        ? organizations.map((it) => ({ value: it.id, label: `${it.name} (you are ${sentence(it.role).toLowerCase()})` }))
        : [{ value: "", label: connection ? "The account is in no organization" : "Choose an account first" }],
    );
  }

  let suggested = "";
  function suggestName() {
    const name = find("target.organization.create.name");
    const chosen = connectionOf("source")?.organizations.find((it) => it.id === find("source.organization").value);
    if (chosen && (name.value === "" || name.value === suggested)) {
      suggested = chosen.name.slice(0, 50);
      name.value = suggested;
    }
  }

  onSubmit(form, async () => {
    const mode = form.querySelector("input[name=mode]:checked").value;
    const isOn = (name) => find(name).checked;
    const text = (name) => find(name).value.trim();
    const orNothing = (value) => (value === "" ? null : value);
    const email = text("target.organization.create.billingEmail");
    const body = {
      source: {
        connection: orNothing(text("source.connection")),
        organization: orNothing(text("source.organization")),
      },
      target: {
        connection: orNothing(text("target.connection")),
        organization: adopts()
          ? { adopt: text("target.organization.adopt") }
          : { create: { name: text("target.organization.create.name"), ...(email ? { billingEmail: email } : {}) } },
      },
      options: {
        attachments: isOn("attachments"),
        trash: isOn("trash"),
        groups: isOn("groups"),
        members: isOn("members"),
        policies: isOn("policies"),
        dryRun: mode === "dryRun",
        requireApproval: mode === "approve",
      },
    };
    try {
      // Sent again after a lost answer, it starts nothing new.
      const migration = await call("POST", "/api/v1/migrations", body, { "Idempotency-Key": idempotencyKey });
      location.hash = `#/migrations/${migration.id}`;
    } catch (problem) {
      if (problem.status !== 0) {
        idempotencyKey = newKey();
      }
      throw problem;
    }
  });

  replace(root, h("div", { class: "title" }, h("h1", {}, "New migration")), form);
  fillConnections();
  fillOrganizations();
  return () => {};
}

/** crypto.randomUUID is for secure contexts only, and a dashboard on a private network may have none. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
