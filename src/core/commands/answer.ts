import type { Document } from "yaml";
import { type AnswerCommand, type AnswerResult, commandForms, type Refusal } from "../domain/command.ts";
import type { Policy } from "../domain/policy.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type { ModelControl, ThreatModel } from "../domain/threat-model.ts";
import { readOwnYaml } from "../text/yaml.ts";
import { addEntry, addText, dropItems, editYaml, entryWith, listAt, type Mapping } from "./edit-yaml.ts";
import { type KnownThreat, threatMeant } from "./known-threats.ts";

/*
 * What an answer means: a change of the model, as text (product.md, "Answers"). An answer that would not count once it
 * stands in the model is refused here with the reason (H074, H075), so that nobody commits a text that changes nothing.
 */

/** Where the answers of one system are written: its own file in our format, or why there is no such place. */
export type AnswerFile =
  | { readonly path: string; readonly text?: string; readonly name?: string }
  | { readonly refused: Refusal };

/** One system, as an answer sees it. */
export interface AnsweredSystem {
  readonly model?: ThreatModel;
  readonly file: AnswerFile;
}

/** Who answers, as far as GitHub says it. */
export interface Answerer {
  readonly login: string;
  readonly isArchitect: "yes" | "no" | { readonly unknown: string };
  /** Opened or wrote a part of this pull request. */
  readonly isAuthor: boolean;
}

/** What stands at a path at the head commit. `lines` is absent for what cannot be read as text. */
export type Evidence = { readonly lines?: number; readonly isModel: boolean } | undefined;

export interface AnswerGround {
  readonly systems: readonly AnsweredSystem[];
  readonly threats: readonly KnownThreat[];
  readonly policy: Pick<Policy, "acceptance">;
  readonly who: Answerer;
  /** ISO instant. */
  readonly now: string;
  readonly at: (path: string) => Evidence;
}

/** The order of keys in our format, for lists that an answer begins. */
const keyOrder = [
  "schemaVersion",
  "system",
  "elements",
  "flows",
  "boundaries",
  "threats",
  "controls",
  "stories",
  "validations",
  "acceptances",
  "reviews",
  "drafts",
  "imports",
];

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The change of the model that a command means, or why it means none. Pure; never throws. */
export function answer(command: AnswerCommand, ground: AnswerGround): AnswerResult {
  const threat = threatMeant(command.threat, ground.threats);
  if ("what" in threat) return refused(threat);
  const system = ground.systems[threat.system];
  if (!system) return refused({ what: `No system holds \`${threat.id}\`.`, hint: "Run `/threat recheck`." });
  if ("refused" in system.file) return refused(system.file.refused);
  const { path, text, name } = system.file;
  if (text !== undefined) {
    const { document, problems } = readOwnYaml(path, text);
    const [problem] = problems;
    if (!document) {
      const where = problem?.line === undefined ? path : `${path}:${problem.line}`;
      return refused({
        what: `\`${where}\` cannot be read: ${problem?.what ?? "it is no mapping."}`,
        hint: `${problem?.hint ?? ""} Then answer again.`.trim(),
      });
    }
    if (typeof document.value !== "object" || document.value === null || Array.isArray(document.value))
      return refused({
        what: `\`${path}\` is no mapping of keys.`,
        hint: "Begin it with `schemaVersion: 1`.",
        example: "schemaVersion: 1",
      });
  }
  if (!idPattern.test(threat.id)) {
    return refused({
      what: `\`${threat.id}\` is no id that \`threat-model.yaml\` can carry (letters, digits, dots, underscores, hyphens; at most 64).`,
      hint: `Answer it in ${threat.written ? `\`${threat.written.place.path}\`` : "the model"} itself.`,
    });
  }
  const meant = meaning(command, threat, system, ground);
  if ("what" in meant) return refused(meant);
  const start = { schemaVersion: 1, ...(name === undefined ? {} : { system: { name } }) };
  const after = editYaml(text, start, (document) => meant.write(document));
  const told = { id: threat.derived?.id ?? threat.id, title: threat.title };
  if (text !== undefined && after === text) return { outcome: "already", file: path, threat: told };
  return {
    outcome: "change",
    file: path,
    ...(text === undefined ? {} : { before: text }),
    after,
    threat: told,
    notes: meant.notes,
  };
}

function refused(refusal: Refusal): AnswerResult {
  return { outcome: "refused", ...refusal };
}

interface Meaning {
  readonly notes: readonly string[];
  write(document: Document): void;
}

function meaning(
  command: AnswerCommand,
  threat: KnownThreat,
  system: AnsweredSystem,
  ground: AnswerGround,
): Meaning | Refusal {
  switch (command.name) {
    case "mitigated":
      return mitigated(command, threat, system, ground);
    case "not-applicable":
      return {
        notes: [],
        write: (document) => {
          const entry = threatEntry(document, threat, system);
          entry.set("status", "not-applicable");
          entry.set("reason", command.because);
        },
      };
    case "accept":
      return accepted(command, threat, system, ground);
    case "reopen":
      return reopened(threat, system);
  }
}

function mitigated(
  command: Extract<AnswerCommand, { name: "mitigated" }>,
  threat: KnownThreat,
  system: AnsweredSystem,
  ground: AnswerGround,
): Meaning | Refusal {
  const control = controlNamed(command.by, system.model);
  if (control) return mitigatedBy(control, threat, system);
  const place = placeIn(command.by);
  const found = place && ground.at(place.path);
  const { example } = commandForms.mitigated;
  if (!place || !found) {
    const controls = (system.model?.controls ?? []).slice(0, 8).map(({ id }) => `\`${id}\``);
    const known =
      controls.length === 0 ? "The model lists no controls" : `Controls of the model: ${controls.join(", ")}`;
    return {
      what: `\`${command.by}\` is neither a control of the model nor a file at the head of this change.`,
      hint: `${known}; a path is written from the top of the repository, with a line where it helps.`,
      example,
    };
  }
  if (found.isModel) {
    return {
      what: `\`${place.path}\` is the model itself.`,
      hint: "Name what shows the control: code, configuration, a test.",
      example,
    };
  }
  if (place.line !== undefined && found.lines !== undefined && place.line > found.lines) {
    return {
      what: `\`${place.path}\` has ${found.lines} lines; there is no line ${place.line}.`,
      hint: "Name a line of the head commit.",
      example,
    };
  }
  const evidence = place.line === undefined ? place.path : `${place.path}:${place.line}`;
  const id = ownControlId(threat);
  const title = (threat.derived?.countermeasure ?? `Mitigates: ${threat.title}`).replace(/\s+/g, " ").slice(0, 400);
  return {
    notes: [],
    write: (document) => {
      const entry = threatEntry(document, threat, system);
      entry.set("status", "mitigated");
      addText(document, entry, "controls", id);
      const known = entryWith(document, "controls", "id", id);
      const own = known ?? addEntry(document, listAt(document, "controls", keyOrder), { id, title });
      if (own.get("status") !== "verified") own.set("status", "implemented");
      addText(document, own, "evidence", evidence);
      dropItems(document, "drafts", (draft) => draft === id);
    },
  };
}

/** A control counts when it is in place: implemented or verified, and confirmed by a person (H074). */
function mitigatedBy(control: ModelControl, threat: KnownThreat, system: AnsweredSystem): Meaning | Refusal {
  const ofOthers = control.status === undefined && !isOwn(control.place.path, system);
  const inPlace = control.status === "implemented" || control.status === "verified" || ofOthers;
  if (!inPlace || system.model?.drafts.includes(control.id)) {
    const is = inPlace
      ? "a draft that nobody has confirmed"
      : control.status === undefined
        ? "listed without a status"
        : `only ${control.status}`;
    return {
      what: `Control \`${control.id}\` is ${is}, so it mitigates nothing yet.`,
      hint: "Name the place in the code that shows it, or set it to `implemented` in the model with its evidence.",
      example: commandForms.mitigated.example,
    };
  }
  if (!idPattern.test(control.id)) {
    return {
      what: `\`${control.id}\` is no id that \`threat-model.yaml\` can name.`,
      hint: "Name the place in the code that shows it.",
      example: commandForms.mitigated.example,
    };
  }
  return {
    notes: [],
    write: (document) => {
      const entry = threatEntry(document, threat, system);
      entry.set("status", "mitigated");
      addText(document, entry, "controls", control.id);
      // A format without statuses of controls cannot say that one is in place; our file beside it does.
      if (ofOthers && !entryWith(document, "controls", "id", control.id))
        addEntry(document, listAt(document, "controls", keyOrder), {
          id: control.id,
          title: control.title.slice(0, 500),
          status: "implemented",
        });
    },
  };
}

function isOwn(path: string, system: AnsweredSystem): boolean {
  return "path" in system.file && system.file.path === path;
}

/** Days after which an accepted risk is looked at again: each quarter, as UKHSA asks of the grave ones (standard "exceptions"). */
const quarter = 90;

function accepted(
  command: Extract<AnswerCommand, { name: "accept" }>,
  threat: KnownThreat,
  system: AnsweredSystem,
  ground: AnswerGround,
): Meaning | Refusal {
  const { who, policy, now } = ground;
  const { example } = commandForms.accept;
  const until = dayNumber(command.until);
  const today = dayNumber(now.slice(0, 10)) ?? 0;
  if (typeof who.isArchitect === "object") {
    return {
      what: `Only a Security Architect accepts a risk, and it cannot be told whether ${who.login} is one: ${who.isArchitect.unknown}`,
      hint: "Answer again when this is mended.",
    };
  }
  if (who.isArchitect === "no") {
    return {
      what: `Only a Security Architect accepts a risk, and ${who.login} is none by the policy.`,
      hint: "Ask one to write this command, or mitigate the threat.",
    };
  }
  if (who.isAuthor) {
    return {
      what: `${who.login} wrote a part of this change, and nobody accepts the risk of their own work.`,
      hint: "Ask another Security Architect.",
    };
  }
  if (until === undefined) return { what: `\`${command.until}\` is no day.`, hint: "Write it as YYYY-MM-DD.", example };
  if (until < today)
    return { what: `${command.until} is over.`, hint: "An acceptance holds until a day to come.", example };
  const { maxDays } = policy.acceptance;
  if (until - today > maxDays) {
    return {
      what: `${command.until} is ${until - today} days from now, and the policy allows ${maxDays}.`,
      hint: `The latest day is ${dayAfter(today + maxDays)}.`,
      example: `/threat accept ${command.threat} until ${dayAfter(today + maxDays)} because ${command.because}`,
    };
  }
  const level = threat.derived?.risk ?? threat.written?.risk;
  return {
    notes: [
      `It counts once ${who.login} approves this pull request at the commit that holds it. Write under \`compensating\` what holds the risk down meanwhile, if anything does.`,
    ],
    write: (document) => {
      const entry = threatEntry(document, threat, system);
      entry.set("status", "accepted");
      const known = entryWith(document, "acceptances", "threat", threat.id);
      const fields = {
        reason: command.because,
        ...(level === undefined || level === "note" ? {} : { level }),
        approver: who.login,
        until: command.until,
        compensating: known?.get("compensating") ?? "none",
        review: dayAfter(Math.min(until, today + quarter)),
      };
      if (known) for (const [key, value] of Object.entries(fields)) known.set(key, value);
      else addEntry(document, listAt(document, "acceptances", keyOrder), { threat: threat.id, ...fields });
    },
  };
}

function reopened(threat: KnownThreat, system: AnsweredSystem): Meaning | Refusal {
  const acceptances = system.model?.acceptances.filter((one) => one.threat === threat.id) ?? [];
  const status = threat.written?.status ?? threat.derived?.status ?? "open";
  if (!threat.written && acceptances.length === 0) {
    return {
      what: `\`${threat.id}\` is not in the model, so there is no answer to take back.`,
      hint: `It counts as ${status}.`,
    };
  }
  const elsewhere = acceptances.find(({ place }) => !isOwn(place.path, system));
  if (elsewhere) {
    return {
      what: `The acceptance of \`${threat.id}\` stands in \`${elsewhere.place.path}\`.`,
      hint: "Delete it there.",
    };
  }
  return {
    notes: [],
    write: (document) => {
      threatEntry(document, threat, system).set("status", "open");
      const isIts = (item: unknown): boolean => item === entryWith(document, "acceptances", "threat", threat.id);
      for (let count = acceptances.length; count > 0; count--) dropItems(document, "acceptances", isIts);
    },
  };
}

/** The threat's entry in the file, made where there is none, with what it refers to; it is no draft any more. */
function threatEntry(document: Document, threat: KnownThreat, system: AnsweredSystem): Mapping {
  dropItems(document, "drafts", (draft) => draft === threat.id);
  const found = entryWith(document, "threats", "id", threat.id);
  if (found) return found;
  const { derived, written } = threat;
  // Our file speaks of another file's threat by its id alone.
  if (!derived || written) return addEntry(document, listAt(document, "threats", keyOrder), { id: threat.id });
  const element = elementOf(document, threat, system);
  const { stride, title, impact, likelihood } = derived;
  return addEntry(document, listAt(document, "threats", keyOrder), {
    id: threat.id,
    element,
    stride,
    title: title.replace(/\s+/g, " ").slice(0, 300),
    impact,
    likelihood,
  });
}

/** The id of the derived threat's element in the model; the element is added where the model does not hold it. */
function elementOf(document: Document, { derived }: KnownThreat, { model }: AnsweredSystem): string | undefined {
  if (!derived) return undefined;
  const { element, place } = derived;
  if (model?.elements.some(({ id }) => id === element.id) && idPattern.test(element.id)) return element.id;
  const id = nativeId(element.id);
  if (!model?.elements.some((one) => one.id === id) && !entryWith(document, "elements", "id", id)) {
    const name = element.name.replace(/\s+/g, " ").trim().slice(0, 200);
    const entry = { id, type: element.type, name: name === "" ? id : name, files: [place.path.slice(0, 500)] };
    addEntry(document, listAt(document, "elements", keyOrder), entry);
  }
  return id;
}

function controlNamed(by: string, model: ThreatModel | undefined): ModelControl | undefined {
  const controls = model?.controls ?? [];
  return controls.find(({ id }) => id === by) ?? controls.find(({ id }) => id.toLowerCase() === by.toLowerCase());
}

/** `infra/export.tf:20` into its parts; undefined for what leaves the repository or is no path. */
export function placeIn(by: string): { readonly path: string; readonly line?: number } | undefined {
  const [, path = "", line] =
    /^(.*?)(?::(\d{1,7})|#L(\d{1,7}))?$/.exec(by.replace(/^\.?\//, "").replace("#L", ":")) ?? [];
  const parts = path.split("/");
  if (
    path === "" ||
    path.includes("\\") ||
    path.length > 400 ||
    parts.some((part) => part === "" || part === "." || part === "..")
  )
    return undefined;
  const number = Number(line);
  return line === undefined ? { path } : number > 0 ? { path, line: number } : undefined;
}

/** The control that our own drafts give a threat (`C-7c1e2q…` beside `T-7c1e2q…`). */
function ownControlId(threat: KnownThreat): string {
  return nativeId(`C-${threat.id.replace(/^T-/, "")}`);
}

/** An id that our own format takes, the same as in the drafts that the check offers. */
function nativeId(id: string): string {
  if (idPattern.test(id)) return id;
  const words = id
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 50);
  return words === "" ? `E-${shortDigest(id, 10)}` : `${words}-${shortDigest(id, 6)}`;
}

/** Whole UTC days since 1970 of a day that exists, between 2000 and 2100. */
function dayNumber(text: string): number | undefined {
  if (!/^20\d\d-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || dayAfter(time / 86_400_000) !== text ? undefined : time / 86_400_000;
}

function dayAfter(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}
