import type { DeliverableVerdict } from "../../domain/assessment.ts";
import type { Stated } from "../../domain/threat-model.ts";
import { isPlaceholder } from "../../text/placeholders.ts";
import { type Ground, home, isDraft, openLedger, passage } from "./ledger.ts";

/**
 * Documentation. Present: an owner or author, and a date, version or reviewer; partial: one of these. Currency and
 * approval are TM-1 and TM-3 and are not judged a second time here.
 */
export function judgeDocumentation(ground: Ground): DeliverableVerdict {
  const { model, rule, paths } = ground;
  const ledger = openLedger(rule);
  const { owner, authors, date, version, reviewers } = model.documentation;
  const ownerDrafted = isDraft(model, "system") || isDraft(model, "system.owner");
  const person = real(ownerDrafted ? authors : [owner, ...authors]);
  const dateDrafted = isDraft(model, "system.updated");
  const sign = real([...(dateDrafted ? [] : [date]), version, ...reviewers]);

  for (const path of model.files) {
    if (paths.length === 0 || paths.includes(path)) ledger.met("beside-the-code", { path });
    else ledger.lacks("beside-the-code", { part: `The file "${path}"` }, { path });
  }
  if (person !== undefined) ledger.met("owner-named", person.place);
  else if (owner !== undefined && ownerDrafted)
    ledger.objects("owner-named", "The owner is a draft that nobody has confirmed.", owner.place);
  else ledger.lacks("owner-named", { part: "The model" }, owner?.place ?? home(model));
  if (sign !== undefined) ledger.met("dated-or-reviewed", sign.place);
  else if (date !== undefined && dateDrafted)
    ledger.objects("dated-or-reviewed", "The date is a draft that nobody has confirmed.", date.place);
  else ledger.lacks("dated-or-reviewed", { part: "The model" }, home(model));

  const full = passage(ground, "full");
  const both = (person !== undefined && sign !== undefined) || full !== undefined;
  const one =
    person !== undefined ||
    sign !== undefined ||
    (ownerDrafted && real([owner]) !== undefined) ||
    (dateDrafted && real([date]) !== undefined) ||
    passage(ground, "part") !== undefined;
  const state = both ? "present" : one ? "partial" : "missing";
  const where = person?.place ?? sign?.place ?? full?.place ?? owner?.place;
  const names = [
    ...(person === undefined ? [] : ["an owner or author"]),
    ...(dateDrafted || real([date]) === undefined ? [] : ["a date"]),
    ...(real([version]) === undefined ? [] : ["a version"]),
    ...(real(reviewers) === undefined ? [] : ["a reviewer"]),
  ];
  const found = names.length === 0 ? "No owner, author, date, version or reviewer." : `It names ${names.join(", ")}.`;
  return { state, ...(where === undefined || state === "missing" ? {} : { where }), found, ...ledger.close() };
}

function real(texts: readonly (Stated | undefined)[]): Stated | undefined {
  return texts.find((stated) => stated !== undefined && !isPlaceholder(stated.text));
}
