// The lag of the topics as a live plot, and who is alive; for every view that shows them.
import { count } from "./format.js";
import { plot } from "./plot.js";

export const isDeadLetters = (topic) => topic.endsWith("-dlq");

/** Topics that somebody is meant to read. */
export const working = (topics) => topics.filter((it) => !isDeadLetters(it.topic));

export const waitingRecords = (topics) => working(topics).reduce((sum, it) => sum + it.lag, 0);

export const consumersOf = (topic) => topic?.groups.reduce((sum, group) => sum + group.members.length, 0) ?? 0;

export const attachmentWorkers = (topics) => consumersOf(topics.find((it) => it.topic === "attachment-work"));

/** A plot of the lag of each of these topics. */
export function lagPlot(first, label) {
  const names = working(first).map((it) => it.topic);
  const chart = plot({ label, series: names.map((name) => ({ label: name, format: count })), left: count, whole: true });
  return {
    element: chart.element,
    close: chart.close,
    add: (topics) =>
      chart.add(
        Date.now() / 1000,
        names.map((name) => topics.find((it) => it.topic === name)?.lag ?? null),
      ),
  };
}
