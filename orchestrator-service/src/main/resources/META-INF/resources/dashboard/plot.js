// Live plots over time: uPlot in the page's colors, with a legend of the page's own that is text.
import uPlot from "./uplot/uPlot.esm.js";
import { h } from "./dom.js";
import { clock } from "./format.js";

const MOST_SAMPLES = 900;
const HEIGHT = 170;
/** The first samples fill the plot from its left side on, so that it does not stretch with every one. */
const LEAST_SECONDS = 60;
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7, 1e8];
const BINARY = Array.from({ length: 41 }, (_, i) => 2 ** i);
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const dark = matchMedia("(prefers-color-scheme: dark)");

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * A plot of series over time.
 *
 * @param series label, scale ("left" or "right") and format of each; the color is --series-1, --series-2, …
 * @param left format of the left axis
 * @param right format of the right axis, which counts bytes; none without it
 * @param whole whether the left axis counts what has no fractions
 */
export function plot({ label, series, left, right, whole = false }) {
  const canvas = h("div", { class: "plot", role: "img", "aria-label": label });
  const legend = h("ul", { class: "legend" });
  const values = series.map(({ label: name }, i) => {
    const value = h("strong", {}, "–");
    legend.append(h("li", { class: `series-${i + 1}` }, h("span", { class: "swatch", "aria-hidden": "true" }), name, " ", value));
    return value;
  });
  const data = [[], ...series.map(() => [])];
  let chart = null;
  let width = 0;

  const axis = (scale, format, side, incrs) => ({
    scale,
    side,
    incrs,
    size: (self, values) => 18 + 7 * Math.max(2, ...(values ?? []).map((it) => it.length)),
    font: FONT,
    stroke: color("--muted"),
    grid: { show: side === 3, stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line"), width: 1 },
    values: (self, splits) => splits.map(format),
  });

  const draw = () => {
    chart?.destroy();
    const scales = {
      x: { time: true, range: (self, min, max) => (min === null ? [0, 1] : [min, Math.max(max, min + LEAST_SECONDS)]) },
      left: { range: (self, min, max) => [0, Math.max(4, (max ?? 0) * 1.15)] },
    };
    const axes = [
      {
        incrs: SECONDS,
        font: FONT,
        stroke: color("--muted"),
        grid: { stroke: color("--line"), width: 1 },
        ticks: { stroke: color("--line"), width: 1 },
        space: 80,
        size: 32,
        values: (self, splits) => splits.map((seconds) => clock(seconds * 1000)),
      },
      axis("left", left, 3, whole ? WHOLE : undefined),
    ];
    if (right) {
      scales.right = { range: (self, min, max) => [0, Math.max(4096, (max ?? 0) * 1.15)] };
      axes.push(axis("right", right, 1, BINARY));
    }
    chart = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        scales,
        axes,
        series: [
          {},
          ...series.map(({ label: name, scale }, i) => ({
            label: name,
            scale: scale ?? "left",
            stroke: color(`--series-${i + 1}`),
            width: 2,
            dash: i % 2 === 1 ? [6, 4] : undefined,
            points: { show: false },
          })),
        ],
      },
      data,
      canvas,
    );
  };

  const sized = new ResizeObserver(() => {
    const now = Math.floor(canvas.clientWidth);
    if (now > 0 && now !== width) {
      width = now;
      if (chart) {
        chart.setSize({ width, height: HEIGHT });
      } else {
        draw();
      }
    }
  });
  sized.observe(canvas);
  const recolor = () => chart && draw();
  dark.addEventListener("change", recolor);

  return {
    element: h("figure", {}, canvas, legend),
    add(seconds, numbers) {
      data[0].push(seconds);
      numbers.forEach((number, i) => data[i + 1].push(number));
      if (data[0].length > MOST_SAMPLES) {
        data.forEach((values) => values.shift());
      }
      numbers.forEach((number, i) => {
        values[i].textContent = number === null ? "–" : (series[i].format ?? left)(number);
      });
      chart?.setData(data);
    },
    close() {
      sized.disconnect();
      dark.removeEventListener("change", recolor);
      chart?.destroy();
    },
  };
}
