// Numbers, times and the API's names as people read them.

export const words = (name) => (name ?? "").toLowerCase().replaceAll("_", " ");

export function sentence(name) {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A remark that another program wrote in passing, as a sentence of its own. */
export const asSentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

const KINDS = {
  COLLECTION: ["Collection", "Collections"],
  GROUP: ["Group", "Groups"],
  ITEM: ["Item", "Items"],
  ATTACHMENT: ["File", "Files"],
  MEMBER: ["Member", "Members"],
  POLICY: ["Policy", "Policies"],
};

/** A kind of object by its name, for one or for many. */
export const kindName = (kind, number = 2) => KINDS[kind]?.[number === 1 ? 0 : 1] ?? sentence(kind);

const whole = new Intl.NumberFormat("en");
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const count = (number) => whole.format(number ?? 0);

export const counted = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

export const rate = (number) => tenth.format(number);

export function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = number ?? 0;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? whole.format(Math.round(value)) : tenth.format(value)} ${units[unit]}`;
}

export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} min ${s % 60} s`;
  }
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

const dateAndTime = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const timeOnly = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

export const moment = (instant) => (instant ? dateAndTime.format(new Date(instant)) : "");

export const clock = (instant) => (instant ? timeOnly.format(new Date(instant)) : "");

const STEPS = {
  INSPECT_SOURCE: "Inspect the source",
  INSPECT_TARGET: "Inspect the target",
  PREPARE_TARGET: "Prepare the target",
  EXPORT_VAULT: "Export the vault",
  IMPORT_COLLECTIONS: "Import collections",
  PROVISION_GROUPS: "Create groups",
  IMPORT_ITEMS: "Import items",
  TRANSFER_ATTACHMENTS: "Transfer files",
  INVITE_MEMBERS: "Invite members",
  CONFIRM_MEMBERS: "Confirm members",
  APPLY_POLICIES: "Apply policies",
  VERIFY: "Compare both sides",
  FINISH: "Finish",
};

export const stepName = (step) => STEPS[step] ?? sentence(step);

/** What a status means for who looks at it: good, bad, busy, waiting, or nothing of it. */
export function tone(status) {
  switch (status) {
    case "COMPLETED":
    case "DONE":
      return "good";
    case "STUCK":
    case "FAILED":
      return "bad";
    case "RUNNING":
    case "PLANNED":
    case "COMPENSATING":
    case "UNDOING":
      return "busy";
    case "WAITING":
    case "PAUSED":
    case "HALTED":
    case "COMPLETED_WITH_EXCEPTIONS":
      return "attention";
    default:
      return "plain";
  }
}

const WAITING = {
  APPROVAL: "Waits for your approval",
  MEMBERS: "Waits for invited people",
  CREDENTIALS: "Waits for new credentials",
};

export function statusName(migration) {
  switch (migration.status) {
    case "WAITING":
      return WAITING[migration.waitingFor] ?? "Waits";
    case "COMPLETED":
      return migration.dryRun ? "Dry run completed" : "Completed";
    case "COMPLETED_WITH_EXCEPTIONS":
      return "Completed with exceptions";
    case "COMPENSATED":
      return "Taken back";
    case "COMPENSATING":
      return "Is taken back";
    default:
      return migration.halting ? `${sentence(migration.status)}, stopping` : sentence(migration.status);
  }
}

export const ended = (migration) =>
  ["COMPLETED", "COMPLETED_WITH_EXCEPTIONS", "COMPENSATED"].includes(migration.status);

export const badge = (status) => `badge ${tone(status)}`;

/** The organizations of a migration by name, as far as the connections that it was made with are still there. */
export function parties(migration, connections) {
  const nameOf = (party) => {
    const connection = connections.find((it) => idOf(it) === party.connection);
    const organization = connection?.organizations?.find((it) => it.id === party.organization);
    return {
      organization: organization?.name ?? null,
      connection: connection?.name ?? null,
      url: connection?.server?.url ?? null,
      server: party.server,
    };
  };
  return { source: nameOf(migration.source), target: nameOf(migration.target) };
}

/** A server's address as people say it. */
export function hostOf(url) {
  try {
    const { host, pathname } = new URL(url);
    return pathname === "/" ? host : `${host}${pathname}`;
  } catch {
    return url;
  }
}

/** A connection's id. */
export const idOf = (connection) => connection.id?.value ?? connection.id;

export function titleOf(migration, connections) {
  const { source, target } = parties(migration, connections);
  const from = source.organization ?? source.connection ?? "an organization";
  const to = target.connection ?? target.server;
  return `${from} to ${to}`;
}
