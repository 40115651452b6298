import { wordsIn } from "../../text/placeholders.ts";
import { ratingOf, riskLevelOf, strideByName } from "../words.ts";
import type { RawThreat } from "./raw-threat.ts";
import { rated } from "./threat-ratings.ts";

/** A text as it is compared: lower case, words alone. */
export function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * A table that repeats threats told elsewhere adds to them: those told in sections by id or words, the rows of an earlier
 * table by their ids alone. Two rows without such ids are always two threats.
 */
export function mergeSame(told: readonly RawThreat[], tables: readonly (readonly RawThreat[])[]): RawThreat[] {
  const merged = [...told];
  const byTitle = new Map(told.map((threat, index) => [normalised(threat.title), index]));
  const places: Places = new Map();
  const titles: Places = new Map();
  for (const [index, { id, title }] of told.entries()) {
    remember(places, id, index);
    add(titles, normalised(title), index);
  }
  for (const table of tables) {
    if (namesOthers(table, places)) continue;
    const repeated = registered(told, table);
    const known = repeated.size > 0 ? repeated : continuing(merged, table, places);
    const continued = known.size > 0 ? known : retold(titles, table);
    const sumsUp = isRecap(table, repeated, told);
    for (const threat of table) {
      const place = continued.get(threat);
      if (place === undefined && sumsUp) continue;
      const index = place ?? byTitle.get(normalised(threat.title));
      const same = index === undefined ? undefined : merged[index];
      if (same === undefined || index === undefined || (place === undefined && !agree(same, threat))) {
        remember(places, threat.id, merged.length);
        add(titles, normalised(threat.title), merged.length);
        merged.push(threat);
      } else merged[index] = completed(same, threat);
    }
  }
  return merged;
}

/**
 * What is told a second time under the same number, as in a list of what comes next, adds to what was told first. Where
 * most numbers come twice, each part of the document counts for itself.
 */
export function toldOnce(told: readonly RawThreat[]): RawThreat[] {
  const first = new Map<string, number>();
  const again = new Map<number, number>();
  for (const [index, threat] of told.entries()) {
    const id = bareId(threat.id)?.toLowerCase();
    if (id === undefined || !/[a-z].*\d/.test(id)) continue;
    const known = first.get(id);
    if (known === undefined) first.set(id, index);
    else if (likeness(threat.title, told[known]?.title ?? "") > 0) again.set(index, known);
  }
  if (again.size === 0 || again.size * 2 > first.size) return [...told];
  const once = [...told];
  for (const [index, known] of again) {
    const [earlier, later] = [once[known], told[index]];
    if (earlier !== undefined && later !== undefined) once[known] = completed(earlier, later);
  }
  return once.filter((_, index) => !again.has(index));
}

/**
 * The rows of a register with about as many rows as the document tells threats at length, each sorted and answered: it
 * tells those again, so that only a row that shares number and words with one is kept to add to it. All rows of others.
 */
export function withoutRegister(
  title: string,
  table: readonly RawThreat[],
  told: readonly RawThreat[],
): readonly RawThreat[] {
  const tellsAgain =
    /\b(?:register|registry|matrix|overview)\b/i.test(title) &&
    told.length >= 6 &&
    Math.abs(told.length - table.length) * 4 <= told.length &&
    told.every(({ mitigation, stride }) => mitigation !== undefined && stride.length > 0);
  if (!tellsAgain) return table;
  const places = placesById(told);
  return table.filter((row) => {
    const place = places.get(bareId(row.id)?.toLowerCase() ?? "");
    return place !== undefined && isAbout(row, told[place]);
  });
}

/** A table without ids that names nearly all its rows as headings before it do: a row in other words is one of those. */
function isRecap(
  table: readonly RawThreat[],
  repeated: ReadonlyMap<RawThreat, number>,
  told: readonly RawThreat[],
): boolean {
  const isUnnumbered = table.every(({ id }) => id === undefined || /^\W*\d+\W*$/.test(id));
  return isUnnumbered && table.length >= 5 && table.length <= told.length && repeated.size * 5 >= table.length * 4;
}

/** Places of the ids met so far, lower case, without bare figures, which are no ids; or of the titles, as they are compared. */
type Places = Map<string, number[]>;

function remember(places: Places, id: string | undefined, place: number): void {
  const key = bareId(id)?.toLowerCase();
  if (key === undefined || /^\d+$/.test(key)) return;
  add(places, key, place);
}

function add(places: Places, key: string, place: number): void {
  const known = places.get(key);
  if (known === undefined) places.set(key, [place]);
  else known.push(place);
}

/** "S-1 (stolen card), S-2 (replay)" in most rows: a table that sums up by component the threats told before it. */
function namesOthers(table: readonly RawThreat[], places: Places): boolean {
  const naming = table.filter(({ title, id }) => {
    const words = title.toLowerCase().match(/[a-z]{1,12}[-_.]?(?:[a-z]{1,8}[-_.])?\d{1,4}/g) ?? [];
    return (
      words.length > 0 &&
      (id === undefined || normalised(title) !== normalised(id)) &&
      words.every((word) => places.has(word))
    );
  });
  return table.length >= 2 && naming.length * 5 >= table.length * 4;
}

/** The rows of a table that goes on with an earlier one: most of its ids are known once, and most of those mean the same. */
function continuing(
  merged: readonly RawThreat[],
  table: readonly RawThreat[],
  places: Places,
): ReadonlyMap<RawThreat, number> {
  const known = new Map<RawThreat, number>();
  for (const row of table) {
    const [place, ...others] = places.get(bareId(row.id)?.toLowerCase() ?? "") ?? [];
    if (place !== undefined && others.length === 0) known.set(row, place);
  }
  const alike = [...known].filter(([row, place]) => isAbout(row, merged[place]));
  return known.size * 2 > table.length && alike.length * 2 > known.size ? known : new Map();
}

function isAbout(row: RawThreat, earlier: RawThreat | undefined): boolean {
  if (earlier === undefined) return false;
  // A row that gives an id and no words of its own, or a category alone, answers the threat of that id.
  if (row.id !== undefined && (normalised(row.title) === normalised(row.id) || namesCategory(row))) return true;
  return likeness(row.title, `${earlier.title} ${earlier.description ?? ""} ${earlier.element ?? ""}`) > 0;
}

/** "ENF-1 | Tampering | High": sorted and rated, not told. */
function namesCategory({ title, description }: RawThreat): boolean {
  return description === undefined && wordsIn(title) <= 3 && strideByName(title).length > 0;
}

/**
 * The rows of a table that has nearly all its titles from an earlier one: it says what became of the same threats. Names
 * of a word or two come back from part to part, and are others each time.
 */
function retold(titles: Places, table: readonly RawThreat[]): ReadonlyMap<RawThreat, number> {
  const known = new Map<RawThreat, number>();
  for (const row of table) {
    const [place, ...others] = wordsIn(row.title) < 3 ? [] : (titles.get(normalised(row.title)) ?? []);
    if (place !== undefined && others.length === 0) known.set(row, place);
  }
  return known.size >= 3 && known.size * 5 >= table.length * 4 ? known : new Map();
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
