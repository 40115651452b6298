import { html } from "hono/html";
import { type Rag, rags } from "../../core/domain/assessment.ts";
import type { WeekOfColours } from "../../core/domain/dashboard.ts";
import type { Html } from "./layout.ts";
import { countOf, percent } from "./pieces.ts";

/*
 * Drawings as inline SVG: no script, no style of their own (the content-security policy allows none), each with a text that
 * says the same.
 */

const letters: Readonly<Record<string, Rag>> = { G: "GREEN", A: "AMBER", R: "RED", U: "UNKNOWN" };
const height: Readonly<Record<Rag, number>> = { GREEN: 14, AMBER: 9, RED: 4, UNKNOWN: 2 };

/** The worst indicator of each week as a row of columns: the higher, the better, so that it reads without colours. */
export function sparkline(trend: string, weeks = 26): Html {
  const shown = trend.slice(-weeks);
  if (shown.length < 2) return html`<span class="soft">new</span>`;
  const start = weeks - shown.length;
  return html`<svg class="spark" viewBox="0 0 ${weeks * 3} 16" width="${weeks * 3}" height="16" role="img" aria-label="${sayTrend(shown)}">
    ${[...shown].map((letter, index) => {
      const rag = letters[letter] ?? "UNKNOWN";
      return html`<rect class="fill-${rag}" x="${(start + index) * 3}" y="${16 - height[rag]}" width="2" height="${height[rag]}" />`;
    })}
  </svg>`;
}

function sayTrend(shown: string): string {
  const last = letters[shown.at(-1) ?? "U"] ?? "UNKNOWN";
  const first = letters[shown[0] ?? "U"] ?? "UNKNOWN";
  let since = shown.length - 1;
  while (since > 0 && shown[since - 1] === shown.at(-1)) since--;
  const weeks = shown.length - since;
  return `worst indicator ${last} for ${countOf(weeks, "week")}, ${first} ${countOf(shown.length, "week")} ago`;
}

/** One bar of the shares of the four colours, with the numbers as text beside it. */
export function shareBar(counts: Readonly<Record<Rag, number>>, name: string): Html {
  const all = rags.reduce((sum, rag) => sum + counts[rag], 0);
  let from = 0;
  const pieces = rags.map((rag) => {
    const width = all === 0 ? 0 : (counts[rag] / all) * 100;
    const piece = html`<rect class="fill-${rag}" x="${from.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="8" />`;
    from += width;
    return width === 0 ? "" : piece;
  });
  const says = rags.filter((rag) => counts[rag] > 0).map((rag) => `${counts[rag]} ${rag}`);
  return html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${name}: ${says.length === 0 ? "nothing yet" : says.join(", ")}">${pieces}</svg>`;
}

/** A plain bar of a part of a whole. */
export function partBar(part: number, whole: number, name: string): Html {
  const width = whole === 0 ? 0 : Math.min(100, (part / whole) * 100);
  return html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${name}: ${percent(part, whole)}"><rect class="fill-none" x="0" y="0" width="100" height="8" /><rect class="fill-part" x="0" y="0" width="${width.toFixed(2)}" height="8" /></svg>`;
}

const chart = { width: 640, height: 230, left: 34, bottom: 22, top: 8 };

/** How many systems had which worst indicator, week by week, stacked: RED at the ground, GREEN on top. */
export function colourChart(weeks: readonly WeekOfColours[]): Html {
  const known = weeks.filter((week) => total(week) > 0);
  if (known.length === 0) return html`<p class="empty">Drawn once a day: the first week appears by tomorrow.</p>`;
  const most = Math.max(1, ...known.map(total));
  const inner = chart.height - chart.bottom - chart.top;
  const step = (chart.width - chart.left) / Math.max(1, weeks.length);
  const y = (value: number): number => chart.top + inner - (value / most) * inner;
  const order: readonly Rag[] = ["RED", "AMBER", "UNKNOWN", "GREEN"];
  const bars = weeks.map((week, index) => {
    let below = 0;
    return order.map((rag) => {
      const from = below;
      below += week[rag];
      if (week[rag] === 0) return "";
      return html`<rect class="fill-${rag}" x="${(chart.left + index * step).toFixed(1)}" y="${y(below).toFixed(1)}" width="${Math.max(1, step - 1.5).toFixed(1)}" height="${(y(from) - y(below)).toFixed(1)}" />`;
    });
  });
  const ticks = [0, Math.round(most / 2), most];
  const marks = monthsOf(weeks);
  return html`<figure class="chart">
    <svg viewBox="0 0 ${chart.width} ${chart.height}" role="img" aria-label="${sayWeeks(known)}">
      ${ticks.map(
        (tick) =>
          html`<line class="grid" x1="${chart.left}" x2="${chart.width}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" /><text class="axis" x="${chart.left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
      )}
      ${bars}
      ${marks.map(
        ({ index, name }) =>
          html`<text class="axis" x="${(chart.left + index * step).toFixed(1)}" y="${chart.height - 6}">${name}</text>`,
      )}
    </svg>
    <figcaption>${legend()}</figcaption>
  </figure>`;
}

function legend(): Html {
  return html`<span class="legend">${rags.map((rag) => html`<span><i class="key fill-${rag}" aria-hidden="true"></i>${rag}</span>`)}</span>`;
}

function total(week: WeekOfColours): number {
  return week.GREEN + week.AMBER + week.RED + week.UNKNOWN;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** The first week of every other month, by name. */
function monthsOf(weeks: readonly { readonly week: string }[]): { readonly index: number; readonly name: string }[] {
  return weeks.flatMap(({ week }, index) => {
    const month = Number(week.slice(5, 7));
    const before = Number(weeks[index - 1]?.week.slice(5, 7) ?? month);
    if (month === before || month % 2 === 0) return [];
    const name = months[month - 1] ?? "";
    return [{ index, name: month === 1 ? `${name} ${week.slice(0, 4)}` : name }];
  });
}

function sayWeeks(weeks: readonly WeekOfColours[]): string {
  const first = weeks[0];
  const last = weeks.at(-1);
  if (!first || !last) return "No week is known yet.";
  const say = (week: WeekOfColours): string => `${week.week}: ${rags.map((rag) => `${week[rag]} ${rag}`).join(", ")}`;
  return `Systems by their worst indicator, week by week. ${say(first)}. ${say(last)}.`;
}

/** What happened to a system: changes above the line, updates and reviews of the model below it. */
export interface ChartedTime {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly { readonly at: string; readonly isCovered: boolean }[];
  readonly updates: readonly string[];
}

/** Changes against updates over time: filled marks are in the model, open ones are not. */
export function timeChart({ from, to, changes, updates }: ChartedTime): Html {
  const start = Date.parse(from);
  const span = Math.max(1, Date.parse(to) - start);
  const width = 1200;
  const x = (at: string): string => (12 + ((Date.parse(at) - start) / span) * (width - 24)).toFixed(1);
  const open = changes.filter(({ isCovered }) => !isCovered).length;
  const says = `${countOf(changes.length, "change")} that matter to security, ${open} of them not in the model; ${countOf(updates.length, "update")} of the model.`;
  return html`<figure class="chart">
    <svg viewBox="0 0 ${width} 96" role="img" aria-label="${says}">
      <text class="axis" x="12" y="12">changes</text>
      <text class="axis" x="12" y="92">updates of the model</text>
      <line class="grid" x1="12" x2="${width - 12}" y1="48" y2="48" />
      ${changes.map(({ at, isCovered }) => html`<circle class="${isCovered ? "change-covered" : "change-open"}" cx="${x(at)}" cy="32" r="5" />`)}
      ${updates.map((at) => html`<path class="update" d="M${x(at)} 52l6 10h-12z" />`)}
      <text class="axis" x="12" y="46">${from.slice(0, 7)}</text>
      <text class="axis" x="${width - 12}" y="46" text-anchor="end">${to.slice(0, 7)}</text>
    </svg>
    <figcaption>
      <span class="legend">
        <span><i class="key dot-covered" aria-hidden="true"></i>change that the model holds</span>
        <span><i class="key dot-open" aria-hidden="true"></i>change that it does not hold</span>
        <span><i class="key tri" aria-hidden="true"></i>update or review of the model</span>
      </span>
    </figcaption>
  </figure>`;
}
