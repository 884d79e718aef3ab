// How far Kafka's consumers are behind, and who is alive.
import { get, watch } from "../api.js";
import { h, setText } from "../dom.js";
import { bytes, count, counted, duration } from "../format.js";
import { attachmentWorkers, consumersOf, isDeadLetters, lagPlot, waitingRecords, working } from "../lag.js";
import { showConnection } from "../page.js";
import { scrolling, table } from "../table.js";

export async function showTopics(root) {
  const first = await get("/api/v1/topics");

  const workers = h("dd", {}, "–");
  const lag = h("dd", {}, "–");
  const dead = h("dd", {}, "–");
  const files = h("dd", {}, "–");
  const rest = h("dd", {}, "–");
  const outstanding = [
    h("div", { hidden: true }, h("dt", {}, "Files to be moved"), files),
    h("div", { hidden: true }, h("dt", {}, "Left at this rate"), rest),
  ];
  const chart = lagPlot(first, "Lag of each topic over time. The list below has the present numbers.");
  const entries = new Map(working(first).map((it) => [it.topic, entryOf(it)]));
  const unavailable = h("p", { class: "notice bad", role: "alert", hidden: true });

  root.append(
    h("div", { class: "title" }, h("h1", {}, "Topics")),
    unavailable,
    h(
      "dl",
      { class: "card figures" },
      h("div", {}, h("dt", {}, "Attachment workers alive"), workers),
      outstanding,
      h("div", {}, h("dt", {}, "Records to be handled"), lag),
      h("div", {}, h("dt", {}, "Dead letters held"), dead),
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
      h("p", { class: "muted" }, "Open a topic to see its partitions and who reads them."),
      h("div", { class: "topics" }, [...entries.values()].map((it) => it.element)),
    ),
  );

  const show = (topics) => {
    unavailable.hidden = true;
    chart.add(topics);
    const letters = topics.filter((it) => isDeadLetters(it.topic));
    const held = letters.reduce((sum, it) => sum + it.records, 0);
    setText(workers, count(attachmentWorkers(topics)));
    setText(lag, count(waitingRecords(topics)));
    setText(dead, count(held));
    const { work } = topics.find((it) => it.topic === "attachment-work") ?? {};
    outstanding.forEach((it) => {
      it.hidden = !work;
    });
    if (work) {
      setText(files, work.files > 0 ? `${count(work.files)}, ${bytes(work.bytes)}` : "0");
      setText(rest, work.etaSeconds === undefined || work.etaSeconds === null ? "–" : `≈ ${duration(work.etaSeconds)}`);
    }
    dead.classList.toggle("alarming", held > 0);
    for (const topic of working(topics)) {
      entries.get(topic.topic)?.update(topic, letters.find((it) => it.topic === `${topic.topic}-dlq`)?.records ?? 0);
    }
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
  const alive = h("span", { class: "number" });
  const letters = h("span", { class: "number" });
  const tables = h("div", {});
  const details = h(
    "details",
    {},
    h("summary", {}, h("span", { class: "topic-name" }, topic.topic), " ", lag, " ", alive, " ", letters),
    tables,
  );
  let latest = topic;
  const nobody = h("p", { class: "muted" }, "Nobody reads this topic.");
  const regions = new Map();
  const fill = () => {
    for (const group of latest.groups) {
      // The region stays and keeps the focus and its scroll position; only the rows in it are others.
      if (!regions.has(group.group)) {
        const partitions = table({
          caption: `Read by ${group.group}`,
          columns: [
            { name: "Partition", number: true },
            { name: "End", number: true },
            { name: "Committed", number: true },
            { name: "Lag", number: true },
            { name: "Consumer" },
          ],
        });
        tables.append(scrolling(`Partitions of ${latest.topic} for ${group.group}`, partitions.element));
        regions.set(group.group, partitions);
      }
      regions.get(group.group).show(partitionRows(latest, group));
    }
    if (regions.size === 0) {
      tables.append(nobody);
    }
  };
  details.addEventListener("toggle", () => details.open && fill());
  return {
    element: details,
    update(now, held) {
      latest = now;
      const consumers = consumersOf(now);
      setText(lag, `${count(now.lag)} behind`);
      setText(alive, consumers === 0 ? "no consumer alive" : `${counted(consumers, "consumer", "consumers")} alive`);
      setText(letters, counted(held, "dead letter", "dead letters"));
      alive.classList.toggle("alarming", consumers === 0);
      lag.classList.toggle("alarming", now.lag > 0 && consumers === 0);
      letters.classList.toggle("alarming", held > 0);
      if (details.open) {
        fill();
      }
    },
  };
}

function partitionRows(topic, group) {
  const readers = new Map(group.members.flatMap((member) => member.partitions.map((it) => [it, member])));
  return group.partitions.map((partition) => [
    String(partition.partition),
    count(topic.partitions.find((it) => it.partition === partition.partition)?.endOffset),
    partition.committedOffset === undefined ? "none" : count(partition.committedOffset),
    count(partition.lag),
    consumerName(readers.get(partition.partition)),
  ]);
}

/** Short enough for a table: consumers of one machine differ in the end of their names. */
const consumerName = (member) => (member ? `…${member.id.slice(-8)} at ${member.host.replace(/^\//, "")}` : "nobody");
