import { type Document, isMap } from "yaml";
import { dropItems, type Mapping } from "./edit-yaml.ts";
import { type AnsweredSystem, isOwn } from "./ground.ts";
import type { KnownThreat } from "./known-threats.ts";

/*
 * A threat has one answer. A new one takes the place of what the one before left behind: its reason, and the acceptance of
 * a risk that is not accepted any more. Left where it stood, that would go on being counted, ended and asked after.
 */

/** Files beside our own that hold an acceptance of the threat: those are not ours to change. */
export function acceptedElsewhere({ id }: KnownThreat, system: AnsweredSystem): readonly string[] {
  const acceptances = system.model?.acceptances ?? [];
  const files = acceptances.filter(({ threat }) => threat === id).map(({ place }) => place.path);
  return [...new Set(files)].filter((path) => !isOwn(path, system));
}

/** What people must do themselves about an acceptance that a new answer leaves behind in another file. */
export function leftToPeople(threat: KnownThreat, system: AnsweredSystem): readonly string[] {
  return acceptedElsewhere(threat, system).map(
    (path) => `The acceptance of \`${threat.id}\` stands in \`${path}\`, where it is yours to delete.`,
  );
}

/** Takes away the reason for which the threat was set aside, where an answer that needs none takes its place. */
export function dropReason(entry: Mapping, { written }: KnownThreat): void {
  if (written?.status === "not-applicable" || written?.status === "accepted") entry.delete("reason");
}

/** Takes away every acceptance of the threat that stands in the file. */
export function dropAcceptances(document: Document, { id }: KnownThreat): void {
  dropItems(document, "acceptances", (item) => isMap(item) && item.get("threat") === id);
}
