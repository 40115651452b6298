import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import { type InspectedFile, withoutBlanks } from "../inspected-file.ts";
import { ownPlaceOf } from "../place-of-line.ts";

/*
 * Checks that something belongs to the caller: a condition that compares the caller's identity with another one and
 * refuses. Many projects refuse with an ordinary error or with "not found", so the words of refusal alone do not tell.
 */

/** The caller, as programs name them. */
const caller =
  /(?:^|[^\w])(?:[\w]{0,40}(?:current_?user|currentUser|CurrentUser|currentContext|CurrentContext|authUser|auth_user|loggedInUser)\w{0,20}|(?:request|req|session|ctx|context|c|self|this)\W{1,2}(?:\w{1,30}\W{1,2})?[uU]ser\w{0,20}|[uU]ser|actor|viewer|principal|callerId|userId|user_id|userID|currentUserId|\w{0,30}User)\b/;
/** What of them is compared. */
const identity =
  /(?:[._>]|\b|[a-z])(?:[iI]d|ID|[uU]id|UID|[uU]uid|UUID|[eE]mail\w{0,12}|[oO]wner\w{0,12}|[aA]uthor\w{0,10}|[cC]reator\w{0,10}|[cC]reated_?[bB]y\w{0,6}|[tT]enant\w{0,8}|getName\(\))\b/;
/** Whose it is, compared as a whole: `entry.routine.user != self.user`. */
const person =
  /\.(?:user|owner|author|creator|account|customer|tenant|organi[sz]ation|team)\s*(?:[!=]==?|\bis not\b)\s*[\w.]+\.(?:user|owner|author|creator|account|customer|tenant|organi[sz]ation|team)\b/;
const comparison =
  /(?:[!=]==?|\bis not\b|\bnot in\b|<>)\s*(?!=|null\b|nil\b|None\b|undefined\b|""|''|-?\d|Guid\.Empty|true\b|false\b)[\w(!$@_&*]|\.(?:[eE]quals|equalsIgnoreCase|eq|ne|is|isNot)\(|!\w[\w.]{0,60}\.(?:includes|contains|Contains|include\?)\(/;
const branch =
  /^(?:\}?\s*(?:else\s+|elsif\s+|elif\s+))?(?:if|elif|elsif|unless|guard)\b|^(?:raise|throw|return|abort)\b.*\b(?:if|unless)\b/;
/** Both sides of a comparison that never meet: a caller who is not known at all. */
const absence = /(?:[!=]==?|\bis(?: not)?)\s*(?:null|nil|None|undefined|""|''|0)\b/g;
const refusal =
  /\b(?:throw|raise|abort|halt|reject|fail|bail!?|panic)\b|\breturn\b.{0,120}(?:[eE]rr\b|Err[A-Z(]|[eE]rror|\b40[0134]\b|NotFound|BadRequest|Unauthorized|Forbid|Denied|redirect|\bfalse\b|\bFalse\b)|\bredirect\w*\b|\.status\(\s*40[0134]|\bhead\s+:|\bHTTP_40[0134]|\bstatus(?:_code)?\s*[=:]\s*(?:status\.)?(?:HTTP_)?40[0134]|\bhttp\.Error\(|\brespondNot\w+\(/;
/** Nothing is done, and nothing said: alone in a function that would have done something. */
const silentRefusal = /^return(?:\s+(?:None|nil|null|\[\]|\{\}))?;?$/;
/** Somebody else has it already: that two are not called the same is no question of who may. */
const taken =
  /\bConflict\w*|Duplicate\w*|AlreadyExist\w*|\b(?:already|duplicate\w*|unique|taken)\b|already_exist|\b409\b/;
/** The refusal follows within so many lines of the condition. */
const reach = 5;
/** No condition takes more lines than this. */
const longestCondition = 25;

function bracketsOpenedBy(code: string): number {
  let open = 0;
  for (const character of code) open += "([".includes(character) ? 1 : ")]".includes(character) ? -1 : 0;
  return open;
}

function comparesOwner(code: string): boolean {
  const told = code.replace(absence, "");
  if (!branch.test(code)) return false;
  return (
    wholeCaller.test(told) || (caller.test(told) && (identity.test(told) || person.test(told)) && comparison.test(told))
  );
}

/**
 * The caller of a request, compared as a whole with what is asked for: `if self.context["request"].user == person:`,
 * or what somebody put in with the one who asks: `pin.submitter != submitter`.
 */
const wholeCaller =
  /\b(?:request|req)\b["'\]]{0,2}\.user\s*(?:[!=]=|\bis(?: not)?\b)\s*(?!None\b|request\b)[a-z][\w.]*|(?<!\w)(?!None\b|request\b)[a-z][\w.]*\s*(?:[!=]=|\bis(?: not)?\b)\s*(?:self\.)?(?:request|info\.context)\.user\b(?!\.)|\.(owner|author|creator|submitter|uploader|created_by)\s*[!=]=\s*(?:\1|(?:current_)?user)\b(?!\.)/;

/** The record of somebody else is passed over. */
const passedOver = /^continue;?$/;

/** Two sides of a comparison, each a chain of names. */
const sides =
  /(!?)\b((?:\w+(?:\(\))?[.>-]{1,2})*\w+(?:\(\))?)\s*(?:!==?|<>|\bis not\b)\s*([$\w]\w*(?:(?:\?\.|\.|->|::)\w+(?:\(\))?)*)|!\s*(?:Objects\.equals|string\.Equals|StringUtils\.equals)\(\s*([\w.()]{2,80}?)\s*,\s*([\w.()]{2,80}?)\s*[,)]|!\s*([\w.()]{2,80}?)\.(?:equals|Equals|equalsIgnoreCase)\(\s*([\w.()]{2,80}?)\s*[,)]/;

/** What brings two texts to one spelling before they are compared. */
const spelling = /(?:\?\.|\.|->)(?:toLowerCase|toUpperCase|toString|trim|lower|casefold|downcase|strip)\(\)/g;

/** An identifier that is given twice, in the address and in what is sent: `if (id != model.Id) return BadRequest();`. */
function comparesStatements(code: string): boolean {
  if (!branch.test(code)) return false;
  const found = sides.exec(code.replace(spelling, ""));
  const [one, other] = found ? [found[2] ?? found[4] ?? found[6], found[3] ?? found[5] ?? found[7]] : [];
  if (one === undefined || other === undefined || one === other) return false;
  const [first, second] = [lastName(one), lastName(other)];
  return first === second && /(?:id|uuid|guid|slug|email(?:address)?)$/.test(first);
}

/** `cluster.getAppId()` and `$cluster->app_id` end in `appid`. */
function lastName(chain: string): string {
  const name = /(\w+)[()]*$/.exec(chain)?.[1] ?? "";
  return name
    .replace(/^get(?=[A-Z])/, "")
    .replaceAll("_", "")
    .toLowerCase();
}

/** The condition refuses: on its own line or in the few lines of the same side that follow. */
function refuses(lines: readonly CodeLine[], index: number, side: CodeLine["kind"]): boolean {
  let seen = 0;
  let read = 0;
  let open = 0;
  const canPassOver = wholeCaller.test(lines[index]?.code ?? "");
  for (const line of lines.slice(index)) {
    if (line.kind !== side && line.kind !== "context") continue;
    if (line.code === "") continue;
    if (refusal.test(line.code)) return !taken.test(line.code);
    if (silentRefusal.test(line.code) || (canPassOver && passedOver.test(line.code))) return true;
    open += bracketsOpenedBy(line.code);
    // The condition itself may take many lines.
    if (open <= 0 && ++seen > reach) return false;
    if (++read > longestCondition) return false;
  }
  return false;
}

/** What is compared, whatever the blanks and brackets around it. */
function essence(code: string): string {
  return withoutBlanks(code).replace(/[(){};:]/g, "");
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production") return [];
  const essences = {
    added: new Set(file.allAdded.map(({ code }) => essence(code))),
    removed: new Set(file.removed.map(({ code }) => essence(code))),
  };
  const telling = new Set([...file.added, ...file.removed]);
  const found: Sighting[] = [];
  for (const { lines } of file.hunks) {
    for (const [index, line] of lines.entries()) {
      if (line.kind === "context" || !telling.has(line)) continue;
      if (!comparesOwner(line.code) && !comparesStatements(line.code)) continue;
      const opposite = line.kind === "added" ? essences.removed : essences.added;
      if (opposite.has(essence(line.code)) || !refuses(lines, index, line.kind)) continue;
      found.push({
        what: line.kind === "added" ? "check-added" : "check-removed",
        path: file.path,
        ...ownPlaceOf(line),
        name: file.path.slice(file.path.lastIndexOf("/") + 1),
        evidence: line.text,
      });
    }
  }
  return found;
}

export const detector: Detector = {
  name: "ownership",
  sees: ["check-added", "check-removed"],
  inspect: (files) => files.flatMap(inspectFile),
};
