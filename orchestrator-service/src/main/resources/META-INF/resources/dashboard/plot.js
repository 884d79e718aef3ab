// Live plots over time: uPlot in the page's colors, with a legend of the page's own that is text.
import uPlot from "./uplot/uPlot.esm.js";
import { h } from "./dom.js";
import { clock } from "./format.js";

const MOST_SAMPLES = 900;
const HEIGHT = 220;
const dark = matchMedia("(prefers-color-scheme: dark)");

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * A plot of series over time.
 *
 * @param series label, scale ("left" or "right") and format of each; the color is --series-1, --series-2, …
 */
export function plot({ label, series, left, right }) {
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

  const axis = (scale, format, side) => ({
    scale,
    side,
    size: 72,
    stroke: color("--muted"),
    grid: { show: side === 3, stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line"), width: 1 },
    values: (self, splits) => splits.map(format),
  });

  const draw = () => {
    chart?.destroy();
    const scales = { x: { time: true }, left: { range: (self, min, max) => [0, Math.max(1, max * 1.15)] } };
    const axes = [
      {
        stroke: color("--muted"),
        grid: { stroke: color("--line"), width: 1 },
        ticks: { stroke: color("--line"), width: 1 },
        space: 90,
        values: (self, splits) => splits.map((seconds) => clock(seconds * 1000)),
      },
      axis("left", left, 3),
    ];
    if (right) {
      scales.right = { range: (self, min, max) => [0, Math.max(1024, max * 1.15)] };
      axes.push(axis("right", right, 1));
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
