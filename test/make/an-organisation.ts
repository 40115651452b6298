import { createHash } from "node:crypto";
import { dotOf } from "../../src/core/diagram/dot.ts";
import type { Rag } from "../../src/core/domain/assessment.ts";
import type { Release } from "../../src/core/domain/release.ts";
import type { Rules } from "../../src/core/domain/rules.ts";
import type { QuestionOutcome, Standing, StandingThreat, SystemStanding } from "../../src/core/domain/standing.ts";
import { deliverableIds, emptyModel } from "../../src/core/domain/threat-model.ts";
import type { TimelineEntry } from "../../src/core/domain/timeline.ts";
import { closeDay, drawTrends } from "../../src/shell/store/closing-days.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { keepReleases } from "../../src/shell/store/releases.ts";
import { addWork, keepStanding } from "../../src/shell/store/standings.ts";
import { rememberTimeline } from "../../src/shell/store/timeline.ts";
import { weeksUpTo } from "../../src/shell/store/weeks.ts";

/** What an example organisation is made of; the same words make the same one. */
export interface OrganisationSeed {
  readonly owner: string;
  readonly repositories: number;
  /** Weeks of history before `now`. */
  readonly weeks: number;
  readonly now: string;
  readonly seed?: number;
  /** GitHub's ids of the repositories by name; left out, numbers from 1000 on. */
  readonly ids?: ReadonlyMap<string, number>;
}

/** Numbers that look like chance and are the same every time (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const domains = [
  "booking",
  "payments",
  "referral",
  "imaging",
  "pharmacy",
  "pathology",
  "scheduling",
  "identity",
  "records",
  "consent",
  "messaging",
  "billing",
  "triage",
  "reporting",
  "screening",
  "transport",
  "wards",
  "staffing",
  "inventory",
  "research",
];
const kinds = [
  "api",
  "web",
  "worker",
  "gateway",
  "portal",
  "sync",
  "export",
  "mobile",
  "store",
  "notifier",
  "admin",
  "ingest",
  "search",
  "scheduler",
  "bridge",
];
const teams = [
  "Patient access",
  "Payments",
  "Clinical records",
  "Imaging",
  "Platform",
  "Identity and access",
  "Data and research",
  "Messaging",
  "Workforce",
  "Integration",
  "Public web",
  "Laboratory",
];
const portfolios = ["Care delivery", "Corporate", "Data", "Foundations"];
const people = ["dana-lindqvist", "omar-haddad", "ines-carvalho"];
const elements = [
  "API",
  "web front end",
  "patient database",
  "message queue",
  "object store",
  "identity provider",
  "partner API",
  "audit log",
  "admin console",
  "batch job",
];

interface Profile {
  readonly name: string;
  readonly team: string;
  readonly portfolio: string;
  readonly riskClass: SystemStanding["riskClass"];
  /** How well the team works, from 0 to 1. */
  readonly care: number;
  /** The week in which it was taken up. */
  readonly begun: number;
}

const day = 86_400_000;

/** Rules of the library by which threats of the example are named, so that their pages and themes exist. */
type Library = Pick<Rules, "threats" | "changes" | "frameworks" | "themes">;

/**
 * Writes an organisation with its history into a database, through the functions by which the service writes: merges that
 * add, mitigate and accept threats, changes that wait for the model, questions and what became of them, reviews that wait.
 * Returns the repositories by id and name.
 */
export async function makeOrganisation(
  database: Database,
  { owner, repositories, weeks, now, seed = 1, ids }: OrganisationSeed,
  rules: Library,
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  const random = chance(seed);
  const all = Array.from({ length: repositories }, (_, index) => ({
    id: ids?.get(repositoryName(index)) ?? 1000 + index,
    profile: profileOf(index, weeks, random),
  }));
  const made: { id: number; name: string }[] = [];
  const calendar = weeksUpTo(now, weeks);
  for (const { id, profile } of all) {
    made.push({ id, name: profile.name });
    // Some repositories were never merged to since the App was installed.
    if (random() < 0.06) continue;
    await database.kysely.transaction().execute(async (transaction) => {
      const history = new History(profile, { id, owner, name: profile.name }, rules, random);
      for (const [index, week] of calendar.entries()) {
        if (index < profile.begun) continue;
        // Busy at first, then now and then; something in the last weeks, so that the page is of today.
        const isBusy = index < profile.begun + 3 || random() < 0.08 + profile.care * 0.1;
        if (!isBusy) continue;
        const at = new Date(Date.parse(week) + Math.floor(random() * 5) * day + 10 * 3_600_000).toISOString();
        if (at > now) continue;
        const { standing, entries } = history.merge(at, index);
        const head = createHash("sha1").update(`${profile.name} ${index}`).digest("hex");
        await keepStanding(transaction, standing, { asOf: at, head, writes: 1 + Math.floor(random() * 4) });
        await addWork(transaction, standing.repository, at, {
          calls: 6 + Math.floor(random() * 9),
          evaluations: 1 + Math.floor(random() * 3),
          writes: 0,
        });
        await rememberTimeline(transaction, id, entries);
        for (const asked of history.questions(at, now)) {
          await keepStanding(transaction, asked.standing, { asOf: asked.at, head, writes: 1 });
        }
      }
      const waiting = history.waiting(now);
      if (waiting)
        await keepStanding(transaction, waiting.standing, { asOf: waiting.at, head: "f".repeat(40), writes: 2 });
    });
  }
  for (const { id, profile } of all) {
    const releases = releasesOfExample(profile, calendar, now);
    const repository = { id, owner, name: profile.name };
    await keepReleases(database.kysely, { repository, releases, isWhole: true, since: calendar[0] ?? now });
  }
  await fillWeeks(database, calendar);
  await closeDay(database.kysely, now);
  await drawTrends(database.kysely, now);
  return made;
}

/** A release every few weeks since the App was installed, now and then a major one; a team in ten numbers by the day. */
function releasesOfExample({ name, begun, care }: Profile, calendar: readonly string[], now: string): Release[] {
  const random = chance(createHash("sha1").update(name).digest().readUInt32BE());
  const isByDay = random() < 0.1;
  const version = { major: 1, minor: 0 };
  return calendar.flatMap((week, index) => {
    const goesOut = index > begun && random() < 0.05 + care * 0.1;
    const isMajor = random() < 0.12;
    const published = new Date(Date.parse(week) + 4 * day + 15 * 3_600_000).toISOString();
    if (!goesOut || published > now) return [];
    if (isMajor) version.major++;
    version.minor = isMajor ? 0 : version.minor + 1;
    const tag = isByDay ? published.slice(0, 10) : `v${version.major}.${version.minor}.0`;
    const commit = createHash("sha1").update(`${name} ${tag}`).digest("hex");
    return [{ id: index + 1, tag, name: "", published, isPrerelease: false, commit }];
  });
}

/** Weeks in which nothing was merged stand as the last one did. */
async function fillWeeks({ kysely: db }: Database, calendar: readonly string[]): Promise<void> {
  const rows = await db.selectFrom("system_week").selectAll().orderBy("repository_id").orderBy("week").execute();
  const bySystem = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = `${row.repository_id} ${row.system}`;
    const known = bySystem.get(key);
    if (known) known.push(row);
    else bySystem.set(key, [row]);
  }
  for (const known of bySystem.values()) {
    const missing: typeof rows = [];
    let last: (typeof rows)[number] | undefined;
    let index = 0;
    for (const week of calendar) {
      const row = known[index];
      if (row?.week === week) {
        last = row;
        index++;
      } else if (last) {
        // What was GREEN for want of time turns AMBER and RED as it does in the service.
        if (last.tm1 === "GREEN" && (Number(last.repository_id) + Date.parse(week) / (7 * day)) % 29 < 1)
          last = { ...last, tm1: "AMBER" };
        else if (last.tm1 === "AMBER" && (Number(last.repository_id) + Date.parse(week) / (7 * day)) % 5 < 1)
          last = { ...last, tm1: "RED" };
        missing.push({
          ...last,
          week,
          opened: 0,
          mitigated: 0,
          accepted: 0,
          reopened: 0,
          covered: 0,
          covered_days: 0,
          suppliers: 0,
          suppliers_covered: 0,
        });
      }
    }
    if (missing.length > 0) await db.insertInto("system_week").values(missing).execute();
  }
}

/** The name of the repository of this index: the same in every organisation. */
export function repositoryName(index: number): string {
  const domain = domains[index % domains.length] ?? "booking";
  const kind = kinds[Math.floor(index / domains.length) % kinds.length] ?? "api";
  const round = Math.floor(index / (domains.length * kinds.length));
  return `${domain}-${kind}${round === 0 ? "" : `-${round + 1}`}`;
}

function profileOf(index: number, weeks: number, random: () => number): Profile {
  const team = teams[(index * 7) % teams.length] ?? "Platform";
  const roll = random();
  return {
    name: repositoryName(index),
    team: random() < 0.08 ? "" : team,
    portfolio: portfolios[(index * 3) % portfolios.length] ?? "Corporate",
    riskClass: roll < 0.22 ? "high" : roll < 0.68 ? "medium" : "low",
    care: Math.min(1, 0.25 + random() * 0.75),
    begun: Math.floor(random() ** 2 * weeks * 0.7),
  };
}

/** What happens to one repository, merge by merge. */
class History {
  readonly #profile: Profile;
  readonly #repository: Standing["repository"];
  readonly #rules: Library;
  readonly #random: () => number;
  #threats: StandingThreat[] = [];
  #open: { what: string; at: string; reference: string }[] = [];
  #number = 1;
  #updated = "";
  #complete = 2;

  constructor(profile: Profile, repository: Standing["repository"], rules: Library, random: () => number) {
    this.#profile = profile;
    this.#repository = repository;
    this.#rules = rules;
    this.#random = random;
  }

  merge(at: string, week: number): { standing: Standing; entries: TimelineEntry[] } {
    this.#number += 1 + Math.floor(this.#random() * 6);
    const reference = `#${this.#number}`;
    const entries: TimelineEntry[] = [];
    const { care } = this.#profile;
    const element = this.#pick(elements);
    const isSupplier = this.#random() < 0.3;
    const isChange = this.#random() < 0.8;
    const what = isSupplier
      ? `New third-party service \`${this.#pick(["mailer", "maps", "sms", "payments", "analytics"])}.example\``
      : `New or changed ${element}`;
    if (isChange) {
      entries.push({
        kind: "change",
        at,
        what,
        reference,
        path: `src/${element.replaceAll(" ", "-")}.ts`,
        elements: [element],
        system: this.#repository.name,
      });
      this.#open.push({ what, at, reference });
    }
    const isUpdate =
      this.#updated === "" ? care > 0.32 && this.#random() < 0.4 + care * 0.5 : this.#random() < 0.25 + care * 0.7;
    const coveredAfter: number[] = [];
    if (isUpdate) {
      this.#updated = at;
      this.#complete = Math.min(8, this.#complete + (this.#random() < care ? 1 + Math.floor(this.#random() * 2) : 0));
      entries.push({ kind: "update", at, reference, concerns: [element], system: this.#repository.name });
      const stays = this.#open.filter(() => this.#random() > 0.35 + care * 0.6);
      for (const one of this.#open.filter((known) => !stays.includes(known)))
        coveredAfter.push(Math.round((Date.parse(at) - Date.parse(one.at)) / day));
      this.#open = stays;
      this.#moveThreats(element, week);
    }
    const standing: Standing = {
      ...this.#frame(`Add ${element}`, "merged", this.#conclusion()),
      questions: [],
      merged: {
        at,
        systems: [this.#system(at)],
        effects: [
          {
            system: this.#repository.name,
            coveredAfter,
            suppliers: { changed: isSupplier && isChange ? 1 : 0, covered: isSupplier && isChange && isUpdate ? 1 : 0 },
          },
        ],
      },
    };
    return { standing, entries };
  }

  /** Questions asked on the pull requests of a week, and what people did with them. */
  questions(at: string, now: string): { standing: Standing; at: string }[] {
    if (Date.parse(now) - Date.parse(at) > 200 * day || this.#random() < 0.4) return [];
    const number = ++this.#number;
    const many = 1 + Math.floor(this.#random() * 4);
    const questions = Array.from({ length: many }, () => {
      const place = Math.floor(this.#random() ** 2 * Math.min(40, this.#rules.changes.length));
      const rule = this.#rules.changes[place]?.id ?? "datastore-added";
      return {
        fingerprint: `${rule}-${number}`.slice(0, 16) + Math.floor(this.#random() * 1e6),
        rule,
        outcome: this.#outcome(rule),
      };
    });
    const frame = this.#frame("Change", "closed", "neutral");
    return [{ at, standing: { ...frame, pullRequest: { ...frame.pullRequest, number }, questions } }];
  }

  waiting(now: string): { standing: Standing; at: string } | undefined {
    if (this.#random() > (this.#profile.riskClass === "high" ? 0.25 : 0.07)) return undefined;
    this.#number += 3;
    const at = new Date(Date.parse(now) - Math.floor(this.#random() ** 2 * 40 * day)).toISOString();
    const title = this.#pick([
      "Send the insurer a claim",
      "Let patients upload documents",
      "Export appointments every night",
      "Add a webhook for partners",
      "Move sessions to the new store",
      "Open the search to the portal",
    ]);
    const frame = this.#frame(title, "open", this.#random() < 0.5 ? "action_required" : "neutral");
    return { at, standing: { ...frame, pullRequest: { ...frame.pullRequest, waits: true }, questions: [] } };
  }

  #outcome(rule: string): QuestionOutcome {
    // Some rules are better than others, always the same ones.
    const quality = (createHash("sha1").update(rule).digest()[0] ?? 0) / 255;
    const roll = this.#random();
    if (roll < 0.35 + quality * 0.4) return this.#random() < 0.85 ? "mitigated" : "accepted";
    if (roll < 0.72) return quality > 0.3 ? "gone" : "not-applicable";
    if (roll < 0.9) return this.#random() < 0.5 ? "not-applicable" : "resolved";
    return "open";
  }

  #moveThreats(element: string, week: number): void {
    const { care } = this.#profile;
    const fresh = 1 + Math.floor(this.#random() * 3);
    for (let count = 0; count < fresh && this.#threats.length < 60; count++) {
      const place = Math.floor(this.#random() ** 1.7 * this.#rules.threats.length);
      const rule = this.#rules.threats[place];
      if (!rule) continue;
      const id = `T-${createHash("sha1").update(`${this.#repository.name} ${rule.id} ${element}`).digest("hex").slice(0, 12)}`;
      if (this.#threats.some((known) => known.id === id)) continue;
      const risk = this.#pick(["critical", "high", "high", "medium", "medium", "medium", "low"] as const);
      this.#threats.push({
        id,
        title: rule.title.replaceAll("{element}", element),
        element,
        stride: [rule.stride],
        risk,
        status: "open",
        rule: rule.id,
        theme: rule.theme,
        controls: [],
        isValidated: false,
      });
    }
    this.#threats = this.#threats.map((threat): StandingThreat => {
      const roll = this.#random();
      if (threat.status === "open" && roll < 0.15 + care * 0.45) {
        return {
          ...threat,
          status: "mitigated",
          controls: [
            {
              title: `Control of ${threat.element ?? "the system"}`,
              status: this.#random() < care ? "verified" : "implemented",
            },
          ],
          story: `#${this.#number}`,
          isValidated: this.#random() < care,
        };
      }
      if (threat.status === "open" && roll > 0.97) return { ...threat, status: "accepted" };
      if (threat.status === "open" && roll > 0.75)
        return {
          ...threat,
          controls: [{ title: `Planned for ${threat.element ?? "the system"}`, status: "proposed" }],
          story: `#${week}`,
        };
      if (threat.status === "mitigated" && roll > 0.995) return { ...threat, status: "open" };
      return threat;
    });
  }

  #system(at: string): SystemStanding {
    const [oldest] = this.#open;
    const age = oldest ? Math.floor((Date.parse(at) - Date.parse(oldest.at)) / day) : 0;
    const rated = this.#threats.filter(({ risk }) => risk !== "low");
    const storied = rated.filter(({ story }) => story !== undefined);
    const has = this.#updated !== "";
    const tm1: Rag = !has ? "RED" : age <= 30 ? "GREEN" : age <= 60 ? "AMBER" : "RED";
    const tm2: Rag = !has ? "RED" : this.#complete === 8 ? "GREEN" : "AMBER";
    const tm3: Rag = this.#random() < 0.3 + this.#profile.care * 0.6 ? "GREEN" : this.#random() < 0.6 ? "AMBER" : "RED";
    const tm4: Rag =
      rated.length === 0 ? "UNKNOWN" : storied.length === rated.length ? "GREEN" : storied.length > 0 ? "AMBER" : "RED";
    const verdict = (rag: Rag, why: string, next: string) => ({ rag, why, next: rag === "GREEN" ? [] : [next] });
    const complete = has ? this.#complete : 0;
    const accepted = this.#threats.filter(({ status }) => status === "accepted");
    return {
      system: this.#repository.name,
      ...(this.#profile.team === "" ? {} : { team: this.#profile.team }),
      riskClass: this.#profile.riskClass,
      riskBecause: `Rule \`${this.#profile.riskClass}\`: exposure and the data it holds.`,
      modelFiles: has ? ["threat-model.yaml"] : [],
      indicators: {
        "TM-1": verdict(
          tm1,
          has ? "Every significant change is in the model." : `There is no threat model of ${this.#repository.name}.`,
          "Add what changed to the model.",
        ),
        "TM-2": verdict(tm2, `${complete} of 8 deliverables are complete.`, "Complete the deliverables below."),
        "TM-3": verdict(
          tm3,
          tm3 === "GREEN"
            ? `Approved by @${this.#pick(people)} (Security Architect) and a peer.`
            : "Approved by a peer alone.",
          "Ask `@security-architects` for review.",
        ),
        "TM-4": verdict(
          tm4,
          `${storied.length} of ${rated.length} medium+ threats have a story in the backlog.`,
          "Create the missing stories.",
        ),
      },
      deliverables: deliverables(complete),
      threats: this.#threats,
      threatCount: this.#threats.length,
      openAtOrAbove: {
        threshold: "high",
        count: this.#threats.filter(({ risk, status }) => status === "open" && (risk === "high" || risk === "critical"))
          .length,
      },
      requirements: requirements(this.#threats, complete, this.#rules),
      acceptances: accepted.map(({ id, title }, index) => ({
        threat: id,
        title,
        level: "medium",
        approver: this.#pick(people),
        until: new Date(Date.parse(at) + (20 + index * 35) * day).toISOString().slice(0, 10),
      })),
      ...(has ? { diagram: drawing(this.#repository.name, this.#threats) } : {}),
      currency: { green: 30, amber: 60, review: 365 },
      uncovered: has ? this.#open.slice(0, 50) : [],
      ...(has ? { modelUpdated: this.#updated.slice(0, 10) } : {}),
    };
  }

  #frame(
    title: string,
    state: "open" | "closed" | "merged",
    conclusion: Standing["pullRequest"]["conclusion"],
  ): Omit<Standing, "questions"> {
    const { care } = this.#profile;
    return {
      repository: this.#repository,
      portfolio: this.#profile.portfolio,
      ...(care > 0.7 ? { mode: "enforce" } : { mode: care > 0.45 ? "advise" : "observe", trial: this.#trial() }),
      pullRequest: { number: this.#number, title, state, conclusion, waits: false },
    };
  }

  /** What `enforce` would have done; by the number and not by chance, so that the rest stays as it is. */
  #trial(): NonNullable<Standing["trial"]> {
    const [first = 0, second = 0, third = 0] = createHash("sha1")
      .update(`${this.#profile.name} ${this.#number}`)
      .digest();
    const element = elements[second % elements.length] ?? "API";
    const comments = Array.from({ length: first % 4 }, (_, index) => `${this.#profile.name}-${this.#number}-${index}`);
    if (first < 60) {
      const because = [
        `New or changed ${element} is not in the model, and its rule blocks.`,
        ...(third < 120
          ? [`Threat \`T-${third}e2q7a\` (Data of the ${element} can be read by others, high) is open.`]
          : []),
      ];
      return { conclusion: "failure", because, comments, issues: third % 2 };
    }
    if (first < 90) {
      const because = ["No Security Architect has approved: ask `@security-architects`."];
      return { conclusion: "action_required", because, comments, issues: 0 };
    }
    return { conclusion: "success", because: [], comments: first < 140 ? comments : [], issues: 0 };
  }

  #conclusion(): Standing["pullRequest"]["conclusion"] {
    return this.#random() < 0.6 ? "success" : "neutral";
  }

  #pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item {
    const found = items[Math.floor(this.#random() * items.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }
}

function deliverables(complete: number): SystemStanding["deliverables"] {
  const all = deliverableIds.map((id, index) => {
    if (index < complete) return [id, { state: "present", where: `threat-model.yaml:${4 + index * 11}`, lacking: [] }];
    const lacking = [{ says: `The model does not say enough for this deliverable yet.`, where: "threat-model.yaml" }];
    return [id, { state: index === complete ? "partial" : "missing", lacking }];
  });
  return Object.fromEntries(all) as SystemStanding["deliverables"];
}

/** Requirements by the themes of the threats, and by the deliverables where a part of the report serves them. */
function requirements(
  threats: readonly StandingThreat[],
  complete: number,
  { frameworks = [], themes = [] }: Library,
): SystemStanding["requirements"] {
  return Object.fromEntries(
    frameworks.map(({ id: framework, themes: field, prefix, requirements: all }) => {
      const byState: Record<string, string[]> = {};
      for (const { id, servedBy } of all) {
        const leading = themes.filter((theme) => {
          const ids: unknown = theme[field];
          return Array.isArray(ids) && ids.some((one) => `${prefix}${String(one)}` === id);
        });
        const speaking = threats.filter(({ theme }) => leading.some((one) => one.id === theme));
        const states = speaking.map(({ status, story }) =>
          status === "mitigated" ? "met" : status === "open" && story === undefined ? "gap" : "planned",
        );
        if (servedBy.length > 0) states.push(complete === 8 ? "met" : complete > 3 ? "planned" : "gap");
        const worst = (["gap", "planned", "met"] as const).find((state) => states.includes(state)) ?? "not-addressed";
        byState[worst] = [...(byState[worst] ?? []), id];
      }
      return [framework, byState];
    }),
  );
}

function drawing(name: string, threats: readonly StandingThreat[]): string {
  const place = { path: "threat-model.yaml" };
  const named = [...new Set(threats.flatMap(({ element }) => element ?? []))].slice(0, 7);
  const kindOf = (element: string) =>
    /database|store|log|queue/.test(element) ? "store" : /partner|provider/.test(element) ? "external" : "process";
  const parts = ["users", name, ...named];
  return dotOf({
    ...emptyModel("native", ["threat-model.yaml"]),
    system: { users: [], data: [], links: [], name: { text: name, place } },
    boundaries: [{ id: "cloud", name: "Cloud account", place }],
    elements: parts.map((part, index) => ({
      id: part,
      name: part,
      kind: index === 0 ? "external" : index === 1 ? "process" : kindOf(part),
      ...(index === 0 || kindOf(part) === "external" ? {} : { boundary: "cloud" }),
      data: kindOf(part) === "store" ? ["personal data"] : [],
      files: [],
      facts: [],
      place,
    })),
    flows: parts.slice(1).map((part, index) => ({
      id: `f${index}`,
      from: index === 0 ? "users" : name,
      to: part,
      data: [],
      protocol: "HTTPS",
      facts: [],
      place,
    })),
  });
}
