import { ratingOf, riskLevelOf } from "../words.ts";
import type { RawThreat } from "./raw-threat.ts";
import { rated } from "./threat-ratings.ts";

/** A text as it is compared: lower case, words alone. */
export function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** A table that repeats threats told elsewhere adds to them; two rows of tables are always two threats. */
export function mergeSame(told: readonly RawThreat[], tables: readonly (readonly RawThreat[])[]): RawThreat[] {
  const merged = [...told];
  const repeated = new Map(tables.flatMap((table) => [...registered(told, table)]));
  const byTitle = new Map(told.map((threat, index) => [normalised(threat.title), index]));
  for (const threat of tables.flat()) {
    const known = repeated.get(threat);
    if (known !== undefined) {
      merged[known] = completed(merged[known] ?? threat, threat);
      continue;
    }
    const index = byTitle.get(normalised(threat.title));
    const same = index === undefined ? undefined : merged[index];
    if (same === undefined || index === undefined || !agree(same, threat)) merged.push(threat);
    else merged[index] = completed(same, threat);
  }
  return merged;
}

/**
 * The rows of a table that repeats what the document tells elsewhere, each with the place of what it repeats. One shared
 * id or word may be chance; a table most of whose rows are known is a register of the same.
 */
function registered(told: readonly RawThreat[], table: readonly RawThreat[]): ReadonlyMap<RawThreat, number> {
  const byId = rowsByPlace(table, placesById(told));
  const alike = [...byId].filter(([row, place]) => likeness(row.title, told[place]?.title ?? "") > 0);
  if (byId.size * 2 > table.length && alike.length * 2 > byId.size) return byId;
  const free = new Set(told.keys());
  const byWords = new Map<RawThreat, number>();
  for (const row of table) {
    const place = [...free].find((index) => mayBeOne(told[index], row));
    if (place === undefined) continue;
    free.delete(place);
    byWords.set(row, place);
  }
  return byWords.size >= 3 && byWords.size * 5 >= table.length * 3 ? byWords : new Map();
}

/** Places of the ids that the document gives once; bare figures are no ids. */
function placesById(told: readonly RawThreat[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  for (const [index, { id }] of told.entries()) {
    if (id === undefined || /^\d+$/.test(id)) continue;
    const key = id.toLowerCase();
    if (places.has(key)) twice.add(key);
    places.set(key, index);
  }
  for (const key of twice) places.delete(key);
  return places;
}

function rowsByPlace(table: readonly RawThreat[], places: ReadonlyMap<string, number>): Map<RawThreat, number> {
  const found = new Map<RawThreat, number>();
  for (const row of table) {
    const place = places.get(bareId(row.id)?.toLowerCase() ?? "");
    if (place !== undefined) found.set(row, place);
  }
  return found;
}

function mayBeOne(told: RawThreat | undefined, row: RawThreat): boolean {
  if (told === undefined || (told.id !== undefined && row.id !== undefined && told.id !== row.id)) return false;
  if (told.stride.length > 0 && row.stride.length > 0 && told.stride.join("") !== row.stride.join("")) return false;
  return likeness(told.title, row.title) > 0.6;
}

/** An id without the marks around it; an underscore inside is its own. */
export function bareId(id: string | undefined): string | undefined {
  return id?.replace(/^[\s*_`]+|[\s*_`]+$/g, "");
}

/** Share of the shorter text's words that the other holds too, by their stems; words of four letters or more count. */
function likeness(one: string, other: string): number {
  const stems = (text: string) =>
    new Set(
      normalised(text)
        .split(" ")
        .filter((word) => word.length >= 4)
        .map((word) => word.slice(0, 5)),
    );
  const [short, long] = [stems(one), stems(other)].toSorted((left, right) => left.size - right.size);
  if (short === undefined || long === undefined || short.size === 0) return 0;
  return [...short].filter((stem) => long.has(stem)).length / short.size;
}

/** What is told stands; the table adds what was not told. */
function completed(told: RawThreat, row: RawThreat): RawThreat {
  return { ...row, ...told, stride: told.stride.length > 0 ? told.stride : row.stride, ...ratingFrom(told, row) };
}

/** The rating of a register in figures is worth more than a sentence on the impact. */
function ratingFrom(told: RawThreat, row: RawThreat): Partial<RawThreat> {
  const own = ratingOf(rated(told.impact) ?? "") !== undefined || riskLevelOf(told.risk ?? "") !== undefined;
  if (own) return {};
  return {
    ...(row.impact === undefined ? {} : { impact: row.impact }),
    ...(row.risk === undefined ? {} : { risk: row.risk }),
  };
}

/** No field that both state differs, so they are one threat told in two places. */
function agree(one: RawThreat, other: RawThreat): boolean {
  if (one.id !== undefined && other.id !== undefined && one.id !== other.id) return false;
  if (one.element !== undefined && other.element !== undefined && one.element !== other.element) return false;
  return one.stride.length === 0 || other.stride.length === 0 || one.stride.join("") === other.stride.join("");
}
