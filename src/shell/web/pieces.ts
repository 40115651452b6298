import { html } from "hono/html";
import type { Rag } from "../../core/domain/assessment.ts";
import type { Html } from "./layout.ts";

/*
 * Small parts that several pages are made of. Whatever goes into a template is escaped by it.
 */

/** A colour, always with its word. */
export function rag(colour: Rag): Html {
  return html`<span class="rag ${colour}">${colour}</span>`;
}

/** Our sentences mark names with backticks; everything between them is escaped by the template. */
export function prose(sentence: string): Html {
  const parts = sentence.split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 && index < parts.length - 1 ? html`<code>${part}</code>` : part))}`;
}

/** A number with its noun. */
export function countOf(number: number, one: string, many = `${one}s`): string {
  return `${thousands(number)} ${number === 1 ? one : many}`;
}

/** A number as people read it: 12,345. */
export function thousands(number: number): string {
  return number.toLocaleString("en-GB");
}

/** Whole percent of a part; a dash where there is nothing to be a part of. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${Math.round((part / whole) * 100)} %`;
}

/** The day of an instant, ISO in UTC. */
export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

/** Whole UTC days from one moment to another, at least 0. */
export function daysBetween(from: string, to: string): number {
  const midnight = (text: string): number => Date.parse(`${dayOf(text)}T00:00:00Z`);
  return Math.max(0, Math.round((midnight(to) - midnight(from)) / 86_400_000));
}

/** A day with the number of days beside it: 2026-03-04 (12 days ago). */
export function dated(instant: string, now: string): Html {
  const days = daysBetween(instant, now);
  const ago = days === 0 ? "today" : `${countOf(days, "day")} ago`;
  return html`<time datetime="${dayOf(instant)}">${dayOf(instant)}</time> <span class="soft">(${ago})</span>`;
}

/** One figure in large, with its name and a word beside it. */
export function tile(name: string, figure: string | Html, beside: string | Html = ""): Html {
  return html`<div class="tile"><dt>${name}</dt><dd><b>${figure}</b>${beside === "" ? "" : html`<span>${beside}</span>`}</dd></div>`;
}

/** Tiles side by side. */
export function tiles(all: readonly Html[]): Html {
  return html`<dl class="tiles">${all}</dl>`;
}

/** Pages of one repository. Names are encoded: they come from GitHub, but nothing depends on that. */
export function repositoryPath(owner: string, repository: string): string {
  return `/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`;
}

/** The page of one system. */
export function systemPath(owner: string, { repository, system }: { repository: string; system: string }): string {
  const path = repositoryPath(owner, repository);
  return system === repository ? path : `${path}?system=${encodeURIComponent(system)}`;
}

/** An address with some words of its query changed; undefined takes one out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  changed: Readonly<Record<string, string | number | undefined>>,
): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...changed })) {
    if (value !== undefined && value !== "") words.set(name, String(value));
  }
  const text = words.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** A table that scrolls by itself where it is too wide; a keyboard can scroll it too. */
export function scrolling(name: string, table: Html): Html {
  return html`<div class="scroll" role="region" aria-label="Table: ${name}" tabindex="0">${table}</div>`;
}
