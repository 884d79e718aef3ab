// How far Kafka's consumers are behind, and who is alive.
import { get, watch } from "../api.js";
import { h, replace, setText } from "../dom.js";
import { count } from "../format.js";
import { showConnection } from "../page.js";
import { plot } from "../plot.js";

const isDeadLetters = (topic) => topic.endsWith("-dlq");

export async function showTopics(root) {
  const first = await get("/api/v1/topics");
  const live = first.filter((it) => !isDeadLetters(it.topic)).map((it) => it.topic);

  const workers = h("dd", {}, "–");
  const lag = h("dd", {}, "–");
  const dead = h("dd", {}, "–");
  const chart = plot({
    label: "Lag of each topic over time. The table below has the present numbers.",
    series: live.map((topic) => ({ label: topic, format: count })),
    left: count,
  });
  const entries = new Map(first.map((it) => [it.topic, entryOf(it)]));
  const unavailable = h("p", { class: "notice bad", role: "alert", hidden: true });

  root.append(
    h("div", { class: "title" }, h("h1", {}, "Topics")),
    unavailable,
    h(
      "dl",
      { class: "figures" },
      h("div", { class: "card" }, h("dt", {}, "Attachment workers alive"), workers),
      h("div", { class: "card" }, h("dt", {}, "Records to be handled"), lag),
      h("div", { class: "card" }, h("dt", {}, "Dead letters held"), dead),
    ),
    h(
      "section",
      { class: "card", "aria-labelledby": "lag-title" },
      h("h2", { id: "lag-title" }, "Lag since this page was opened"),
      h("p", { class: "muted" }, "Records that a topic holds and its consumers have not handled yet, measured at the broker."),
      chart.element,
    ),
    h(
      "section",
      { class: "card", "aria-labelledby": "groups-title" },
      h("h2", { id: "groups-title" }, "Topics and their consumers"),
      h("div", { class: "topics" }, [...entries.values()].map((it) => it.element)),
    ),
  );

  const show = (topics) => {
    unavailable.hidden = true;
    chart.add(
      Date.now() / 1000,
      live.map((topic) => topics.find((it) => it.topic === topic)?.lag ?? null),
    );
    const work = topics.find((it) => it.topic === "attachment-work");
    const alive = work?.groups.reduce((sum, group) => sum + group.members.length, 0) ?? 0;
    setText(workers, count(alive));
    setText(lag, count(topics.filter((it) => !isDeadLetters(it.topic)).reduce((sum, it) => sum + it.lag, 0)));
    setText(dead, count(topics.filter((it) => isDeadLetters(it.topic)).reduce((sum, it) => sum + it.records, 0)));
    topics.forEach((topic) => entries.get(topic.topic)?.update(topic));
  };
  show(first);
  const stop = watch(
    "/api/v1/topics/events",
    {
      topics: show,
      unavailable: ({ detail }) => {
        setText(unavailable, detail);
        unavailable.hidden = false;
      },
    },
    showConnection,
  );
  return () => {
    stop();
    chart.close();
    showConnection(true);
  };
}

/** One topic: a line that is always there, and its partitions when it is opened. */
function entryOf(topic) {
  const lag = h("span", { class: "number" });
  const alive = h("span", { class: "muted" });
  const tables = h("div", {});
  const details = h(
    "details",
    {},
    h("summary", {}, h("span", { class: "topic-name" }, topic.topic), " ", lag, " ", alive),
    tables,
  );
  let latest = topic;
  const nobody = h("p", { class: "muted" }, "Nobody reads this topic.");
  const regions = new Map();
  const fill = () => {
    for (const group of latest.groups) {
      // The region stays and keeps the focus and its scroll position; only the table in it is another one.
      if (!regions.has(group.group)) {
        const label = `Partitions of ${latest.topic} for ${group.group}`;
        regions.set(group.group, h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }));
        tables.append(regions.get(group.group));
      }
      replace(regions.get(group.group), groupTable(latest, group));
    }
    if (regions.size === 0) {
      tables.append(nobody);
    }
  };
  details.addEventListener("toggle", () => details.open && fill());
  return {
    element: details,
    update(now) {
      latest = now;
      const consumers = now.groups.reduce((sum, group) => sum + group.members.length, 0);
      setText(lag, isDeadLetters(now.topic) ? `${count(now.records)} held` : `${count(now.lag)} behind`);
      setText(
        alive,
        isDeadLetters(now.topic)
          ? ""
          : consumers === 0
            ? "no consumer alive"
            : `${count(consumers)} ${consumers === 1 ? "consumer" : "consumers"} alive`,
      );
      lag.classList.toggle("alarming", isDeadLetters(now.topic) ? now.records > 0 : now.lag > 0 && consumers === 0);
      if (details.open) {
        fill();
      }
    },
  };
}

function groupTable(topic, group) {
  const readers = new Map(group.members.flatMap((member) => member.partitions.map((it) => [it, member])));
  return h(
    "table",
    {},
    h("caption", {}, `Read by ${group.group}: ${count(group.lag)} behind`),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Partition", "End", "Committed", "Lag"].map((name) => h("th", { scope: "col", class: "number" }, name)),
        h("th", { scope: "col" }, "Consumer"),
      ),
    ),
    h(
      "tbody",
      {},
      group.partitions.map((partition) =>
        h(
          "tr",
          {},
          h("th", { scope: "row", class: "number" }, String(partition.partition)),
          h("td", { class: "number" }, count(topic.partitions.find((it) => it.partition === partition.partition)?.endOffset)),
          h("td", { class: "number" }, partition.committedOffset === undefined ? "none" : count(partition.committedOffset)),
          h("td", { class: "number" }, count(partition.lag)),
          h("td", {}, consumerName(readers.get(partition.partition))),
        ),
      ),
    ),
  );
}

/** Short enough for a table: consumers of one machine differ in the end of their names. */
const consumerName = (member) => (member ? `…${member.id.slice(-8)} at ${member.host.replace(/^\//, "")}` : "nobody");
