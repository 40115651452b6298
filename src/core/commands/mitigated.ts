import type { Document } from "yaml";
import { type AnswerCommand, commandForms, type Refusal } from "../domain/command.ts";
import type { ModelControl, ThreatModel } from "../domain/threat-model.ts";
import { addEntry, addText, dropItems, entryWith, listAt } from "./edit-yaml.ts";
import { type AnsweredSystem, type AnswerGround, isOwn, type Meaning } from "./ground.ts";
import type { KnownThreat } from "./known-threats.ts";
import { dropAcceptances, dropReason, leftToPeople } from "./superseded.ts";
import { idPattern, keyOrder, nativeId, threatEntry } from "./threat-entry.ts";

/** Mitigated by a control of the model that counts, or by a place in the code, which becomes a control. */
export function mitigated(
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
    notes: leftToPeople(threat, system),
    write: (document) => {
      setMitigated(document, threat, system, id);
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
    notes: leftToPeople(threat, system),
    write: (document) => {
      setMitigated(document, threat, system, control.id);
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

/** The answer itself; it takes the place of the one before. */
function setMitigated(document: Document, threat: KnownThreat, system: AnsweredSystem, control: string): void {
  const entry = threatEntry(document, threat, system);
  entry.set("status", "mitigated");
  dropReason(entry, threat);
  dropAcceptances(document, threat);
  addText(document, entry, "controls", control);
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
