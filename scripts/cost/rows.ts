// What one thing that happens on GitHub costs there, and the most that it may cost.

/** What was asked of GitHub meanwhile. */
export interface Cost {
  /** Requests of the installation, to both APIs, whatever came of them. Its hourly limit counts those of REST. */
  readonly requests: number;
  /** Of these, of REST, and answered with 304: they are free of the hourly limit. */
  readonly notModified: number;
  /** Of these, to GraphQL. */
  readonly graphql: number;
  /** Points of GraphQL's own hourly limit, by GitHub's published formula. */
  readonly points: number;
  /** Requests that write, checks among them. */
  readonly writes: number;
  /** Of these, the ones that people are told of: all but checks. GitHub limits them to 80 a minute and 500 an hour. */
  readonly content: number;
  /** Requests as the App itself, tokens among them: of no installation's limit. */
  readonly asApp: number;
}

/** The names of what is counted, in the order of the table. */
const counted = ["requests", "notModified", "graphql", "points", "writes", "content", "asApp"] as const;

/** The most that a row may cost. What is left out is shown and not held. */
export type Bars = Partial<Readonly<Record<(typeof counted)[number], number>>>;

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly cost: Cost;
  readonly bars: Bars;
  /** What was asked, in order, for whoever has to find out why a bar does not hold. */
  readonly asked: readonly string[];
  /** Where the machine was so slow that other things happened than are meant to be counted. */
  readonly disturbed?: string;
}

/** What costs more than it may, one sentence each; empty where the row holds. */
export function unmet({ cost, bars, disturbed }: Row): readonly string[] {
  const over = counted.flatMap((name) => {
    const bar = bars[name];
    return bar === undefined || cost[name] <= bar ? [] : [`${name}: ${rounded(cost[name])}, at most ${bar}`];
  });
  return disturbed === undefined ? over : [...over, disturbed];
}

/** The rows as a table, each figure beside its bar. */
export function told(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const head = ["".padEnd(width), ...counted.map((name) => name.padStart(13)), ""].join(" ");
  const lines = rows.map((row) => {
    const cells = counted.map((name) => {
      const bar = row.bars[name];
      return `${rounded(row.cost[name])}${bar === undefined ? "" : ` ≤ ${bar}`}`.padStart(13);
    });
    return [row.what.padEnd(width), ...cells, unmet(row).length === 0 ? "holds" : "FAILS"].join(" ");
  });
  return [head, ...lines].join("\n");
}

/** The figures of all rows by name, and the names of those that do not hold. */
export function figuresOf(rows: readonly Row[]): Readonly<Record<string, object>> {
  const failed = rows.filter((row) => unmet(row).length > 0).map(({ name }) => name);
  return { ...Object.fromEntries(rows.map(({ name, cost }) => [name, each(cost, rounded)])), failed };
}

/** The cost of one of so many things that cost this together. */
export function shared(cost: Cost, among: number): Cost {
  return each(cost, (value) => value / among);
}

/** What one costs more than another. */
export function beyond(cost: Cost, other: Cost): Cost {
  return each(cost, (value, name) => value - other[name]);
}

function each(cost: Cost, change: (value: number, name: keyof Cost) => number): Cost {
  const { requests, notModified, graphql, points, writes, content, asApp } = cost;
  return {
    requests: change(requests, "requests"),
    notModified: change(notModified, "notModified"),
    graphql: change(graphql, "graphql"),
    points: change(points, "points"),
    writes: change(writes, "writes"),
    content: change(content, "content"),
    asApp: change(asApp, "asApp"),
  };
}

/** To a hundredth. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
