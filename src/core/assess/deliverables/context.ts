import type { DeliverableVerdict } from "../../domain/assessment.ts";
import type { Place } from "../../domain/problem.ts";
import type { Stated } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { type Ground, home, isDraft, openLedger, passage } from "./ledger.ts";

/**
 * System context. Present: the system is described (more than a sentence) with its users, actors or outside systems, or
 * its data; partial: a title and a sentence, or only actors, assets or components.
 */
export function judgeContext(ground: Ground): DeliverableVerdict {
  const { model, rule } = ground;
  const { system } = model;
  const ledger = openLedger(rule);
  const description = system.description;
  const users = confirmed(ground, "users", system.users);
  const outside = model.elements.filter(({ kind, id }) => kind === "external" && !isDraft(model, id));
  const full = passage(ground, "full");
  const part = passage(ground, "part");
  const described = description !== undefined && isDescription(description.text) && !drafted(ground, "description");

  if (described) ledger.met("purpose", description.place);
  else if (description !== undefined && drafted(ground, "description"))
    ledger.objects("purpose", "The description is a draft that nobody has confirmed.", description.place);
  else if (description !== undefined && isPlaceholder(description.text))
    ledger.objects("purpose", "The description is a placeholder.", description.place);
  else if (full !== undefined) ledger.met("purpose", full.place);
  else ledger.lacks("purpose", { part: "The model" }, description?.place ?? home(model));

  judgeData(ground, ledger);
  const user = users[0]?.place ?? outside[0]?.place;
  if (user !== undefined) ledger.met("user-roles", user);
  else ledger.lacks("user-roles", { part: "The model" }, home(model));
  const boundary = model.boundaries[0]?.place ?? model.diagrams.find(({ hasBoundaries }) => hasBoundaries)?.place;
  if (boundary !== undefined) ledger.met("trust-boundaries", boundary);
  else ledger.lacks("trust-boundaries", { part: "The model" }, home(model));
  judgeLinks(ground, ledger);

  const surrounded = users.length > 0 || outside.length > 0 || system.data.length > 0;
  const present = full !== undefined || (described && surrounded);
  const something =
    (description !== undefined && isSubstantive(description.text)) ||
    system.users.length > 0 ||
    system.data.length > 0 ||
    model.elements.length > 0 ||
    part !== undefined;
  const state = present ? "present" : something ? "partial" : "missing";
  const where = present
    ? (full?.place ?? description?.place)
    : (description?.place ?? system.users[0]?.place ?? part?.place ?? model.elements[0]?.place);
  const found = present
    ? "The system is described, with what surrounds it."
    : something
      ? "Something is said of the system, but not what it is for and who uses it."
      : "Nothing describes the system.";
  return { state, ...(where === undefined || state === "missing" ? {} : { where }), found, ...ledger.close() };
}

/** More than a title and a sentence: two sentences, or one of at least 15 words. */
function isDescription(text: string): boolean {
  if (!isSubstantive(text, 5)) return false;
  const sentences = text.split(/[.!?。]\s+|\n\s*\n/).filter((sentence) => wordsIn(sentence) >= 3).length;
  return sentences >= 2 || wordsIn(text) >= 15;
}

function drafted({ model }: Ground, field: string): boolean {
  return isDraft(model, "system") || isDraft(model, `system.${field}`);
}

function confirmed(ground: Ground, field: string, list: readonly Stated[]): Stated[] {
  return drafted(ground, field) ? [] : list.filter(({ text }) => !isPlaceholder(text));
}

function judgeData(ground: Ground, ledger: ReturnType<typeof openLedger>): void {
  const { data } = ground.model.system;
  if (data.length === 0 || drafted(ground, "data")) {
    ledger.lacks("data-classification", { part: "The model" }, data[0]?.place ?? home(ground.model));
    return;
  }
  for (const { name, classification, place } of data) {
    if (classification !== undefined && !isPlaceholder(classification)) ledger.met("data-classification", place);
    else ledger.lacks("data-classification", { part: `Data "${name}"` }, place);
  }
}

function judgeLinks(ground: Ground, ledger: ReturnType<typeof openLedger>): void {
  const links = ground.model.system.links.filter(({ text }) => !isPlaceholder(text));
  if (links.length === 0) ledger.lacks("architecture-links", { part: "The model" }, home(ground.model));
  for (const { text, place } of links) {
    if (resolves(text, place, ground.paths)) ledger.met("architecture-links", place);
    else ledger.objects("architecture-links", `The link to "${text}" leads to no file of the repository.`, place);
  }
}

/** Addresses are taken as they are; a path must be a file or folder, from the model's folder or from the top. */
function resolves(link: string, place: Place, paths: readonly string[]): boolean {
  if (/^(https?|ssh|git):\/\//i.test(link) || paths.length === 0) return true;
  const bare = link.replace(/[#?].*$/, "").replace(/\/$/, "");
  const targets = [steps([], bare), steps(place.path.split("/").slice(0, -1), bare)];
  return targets.some(
    (target) => target !== undefined && paths.some((path) => path === target || path.startsWith(`${target}/`)),
  );
}

function steps(folders: readonly string[], link: string): string | undefined {
  const walked = link.startsWith("/") ? [] : [...folders];
  for (const step of link.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") walked.push(step);
    else if (walked.pop() === undefined) return undefined;
  }
  return walked.length === 0 ? undefined : walked.join("/");
}
