import type { CodeLine } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import { formSearch } from "../form-search.ts";
import type { GuardForm } from "../guard-form.ts";
import { guardForms } from "../guard-forms.ts";
import type { InspectedFile } from "../inspected-file.ts";
import type { Language } from "../language.ts";
import { tellsFaults } from "../path-role.ts";
import { askedAbout, mayBeSamePersons } from "../persons-asked.ts";
import { ownPlaceOf } from "../place-of-line.ts";
import { isNewlyUnderCondition, linesUnderCondition } from "../under-condition.ts";

/*
 * Decisions about who may pass: guards, decorators, filters, checks and refusals. One that came and one that went are
 * both news; one that only moved or was renamed is not.
 */

/** The rights and roles that a guard is told: words in quotes, symbols, constants of an enumeration, classes that guard. */
const rights =
  /["']([\w.:-]{2,60})["']|:([a-z]\w{1,40})\b|\b([A-Z][\w]{1,40}(?:\.|::)[A-Z_]\w{1,40})\b|\b((?:\w{1,20}_)?(?:view|edit|read|write|manage|admin)(?:_\w{1,20})?)\b|\b([A-Z]\w{1,60}(?:Guard|Strategy|Policy))\b/g;
/** So much of a line behind the guard's name can be its arguments. */
const longestTold = 160;

function withRights(code: string, matched: string, index: number): string {
  const told = code.slice(index, index + matched.length + longestTold);
  return [matched, ...[...told.matchAll(rights)].map((found) => found.slice(1).find((one) => one !== undefined))].join(
    " ",
  );
}

/** A condition on whether an account may be used at all. */
const accountState =
  /^(?:\}?\s*(?:else\s+)?(?:if|elif|elsif|unless)|return|raise|throw|abort)\b.{0,160}\b(?:\w{0,30}[uU]ser|\w{0,30}[aA]ccount|[mM]ember|[oO]wner|[cC]ustomer)(?:\(\))?(?:\.|->|\?\.|&\.)(?:is_?|Is|get)?(?:[dD]isabled|[sS]uspended|[lL]ocked|[bB]anned|[bB]locked|[dD]eactivated|[dD]emo|[aA]ctivated|is_active|isActive|active\?|active_for|confirmed\?|verified|email_verified|emailVerified|email_confirmed)\w*/;

const payment = /charge|payment|card|wallet|\bpay[A-Z_]/i;
const declaredGuard =
  /^before_(?:action|filter)\b|\bGate::define\(|->middleware\(.*->(?:except|only)\(|^(?:authentication|permission|throttle)_classes\s*=/;

const formsIn = formSearch(guardForms.map(({ pattern }) => pattern));

interface Guard {
  readonly what: GuardForm["what"];
  readonly matched: string;
  /** Whom it asks about, as far as the line names them. */
  readonly persons: ReadonlySet<string>;
  /** Whether it may never run there (`standsWeakly`). */
  readonly isWeak: boolean;
}

/** A text; one in double quotes or back-ticks may go on in the next line. */
const quoted = /'(?:\\.|[^'\\])*'|(["`])(?:\\.|(?!\1)[^\\])*(?:\1|$)/g;
const behindCondition =
  /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|while)\b.{0,300}[:{)]\s*(?:(?:await|return|throw)\s+)?$/;

/** Inside a text, or behind a condition on the same line: `log("requireUser()")` and `if (strict) requireUser();`. */
function standsWeakly(code: string, index: number): boolean {
  if (behindCondition.test(code.slice(0, index))) return true;
  return [...code.matchAll(quoted)].some((text) => index > text.index && index < text.index + text[0].length);
}

function guardOn(code: string, language: Language): Guard | undefined {
  const isWorthTrying = formsIn(code);
  for (const [index, { what, pattern, told, languages }] of guardForms.entries()) {
    if (!isWorthTrying(index) || (languages && !languages.includes(language))) continue;
    const found = pattern.exec(code);
    // A bank authorises a payment; that is no right of a caller.
    if (found && /(?<!un)authori[sz]e/i.test(found[0]) && payment.test(code)) continue;
    if (!found) continue;
    // What a guard that is declared for a whole class leaves out is part of it; `Gate::define` says the right and who has it.
    const isDeclared = declaredGuard.test(code);
    const matched = isDeclared ? code : told ? withRights(code, found[0], found.index) : found[0];
    const persons = askedAbout(code, found.index, found.index + found[0].length);
    return { what, matched, persons, isWeak: standsWeakly(code, found.index) };
  }
  const state = accountState.exec(code)?.[0];
  return state === undefined ? undefined : { what: "guard", matched: state, persons: new Set(), isWeak: false };
}

/** So many ways of naming people are told apart for one thing that guards say; what is beyond counts as naming nobody. */
const mostNamings = 40;

/** Guards of one side that say the same of the same people, with how many of them have no counterpart yet. */
interface Counted {
  readonly guard: Guard;
  left: number;
}

type GuardsBySaying = ReadonlyMap<string, ReadonlyMap<string, Counted>>;

/** Guards of one side by what they say: a guard that stands on both sides was only reworded around. */
function guardsBySaying(lines: readonly CodeLine[], guardOf: (line: CodeLine) => Guard | undefined): GuardsBySaying {
  const known = new Map<string, Map<string, Counted>>();
  for (const line of lines) {
    if (line.isImport) continue;
    const guard = guardOf(line);
    if (!guard) continue;
    const namings = known.get(guard.matched) ?? new Map<string, Counted>();
    known.set(guard.matched, namings);
    const told = namings.size < mostNamings ? guard : { ...guard, persons: new Set<string>() };
    const key = [told.isWeak, ...told.persons].join(" ");
    const counted = namings.get(key);
    if (counted) counted.left++;
    else namings.set(key, { guard: told, left: 1 });
  }
  return known;
}

/**
 * Takes the guard that this one was on the other side: the same question about the same people, as far as they are named; of
 * several the one that is most alike. What ran is not replaced by what may never run.
 */
function takeCounterpart(guard: Guard, side: "added" | "removed", opposite: GuardsBySaying): boolean {
  const mustRun = side === "removed" && guard.what === "guard" && !guard.isWeak;
  let best: Counted | undefined;
  let most = -1;
  for (const counted of opposite.get(guard.matched)?.values() ?? []) {
    const { persons, isWeak } = counted.guard;
    if (counted.left === 0 || (mustRun && isWeak) || !mayBeSamePersons(persons, guard.persons)) continue;
    const alike = 2 * Number(isWeak === guard.isWeak) + Number(persons.size > 0 === guard.persons.size > 0);
    if (alike > most) {
      best = counted;
      most = alike;
    }
  }
  if (best) best.left--;
  return best !== undefined;
}

/** Headers by which a server has browsers enforce what it cannot. */
const protectingHeader =
  /["'](?:strict-transport-security|x-frame-options|x-content-type-options|content-security-policy|referrer-policy)["']/i;

/** A line that chooses or compares. */
const deciding =
  /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|while|when|case|guard|return|match)\b|&&|\|\||[!=]=|\?\s|\b(?:and|or|not|in)\b/;

/** Marks that stand above what they guard. */
const marker = /^(?:@|\[|#\[)/;

/** Removed lines whose whole function or type went with them: what nobody can call needs no check. A type that stands in another file only moved. */
function linesOfGoneFunctions(file: InspectedFile, keptTypes: ReadonlySet<string>): ReadonlySet<CodeLine> {
  const kept = new Set(file.allAdded.map((line) => declaredIn(line.code, file.language)?.name));
  const gone = new Set<CodeLine>();
  for (const { lines } of file.hunks) {
    let isGone = false;
    const above: CodeLine[] = [];
    for (const line of lines) {
      if (line.kind === "added" || line.code === "") continue;
      const declared = declaredIn(line.code, file.language);
      if (declared) {
        const isKept = declared.kind === "function" ? kept.has(declared.name) : keptTypes.has(declared.name);
        isGone = line.kind === "removed" && !isKept;
        if (isGone) for (const mark of above) gone.add(mark);
      } else if (line.kind === "context") isGone = false;
      if (marker.test(line.code) && !declared) above.push(line);
      else above.length = 0;
      if (isGone && line.kind === "removed") gone.add(line);
    }
  }
  return gone;
}

/** A default value of a parameter or field decides nothing. */
const defaultValue = /^\$?\w+\s*(?::\s*\w+\s*)?=\s*(?:True|False|true|false)[,;)]*$/;

/** A model as it was when a migration was written: `'is_staff': ('…BooleanField', …)`. https://south.readthedocs.io/en/latest/migrationstructure.html */
function isFrozenColumn({ path }: InspectedFile, { code }: CodeLine): boolean {
  return /(^|\/)migrations\/\w+\.py$/.test(path) && /^["']\w{1,60}["']: \(/.test(code);
}

/** A name alone is an element of a list of imports that opened above; in Ruby it is a call, and only a symbol is an element. */
function nameAlone(language: Language): RegExp {
  return language === "ruby" ? /^(?::\w{1,80}[!?]?,?|[\w:]{1,80},)$/ : /^[\w:{}*, ]+,?;?$/;
}

/** A procedure of tRPC or oRPC, and whom it lets in: `remove: protectedProcedure`. https://trpc.io/docs/server/procedures */
const procedure = /^\w{1,80}:\s*\w{1,60}Procedure,?$/;

/** A function that is only named, in a trait or an interface: what asks for it, and what it decides, stands elsewhere. */
const signature =
  /^(?:(?:pub(?:\([^)]*\))?|async|unsafe|public|protected|internal|abstract|static|default|suspend)\s+)*(?:fn\s+\w+[^{}=]*|(?!return\b|throw\b|await\b|new\b|else\b|yield\b|delete\b)[\w.]+(?:<[^(){}=]*>)?(?:\[\]|\?)?\s+\w+\s*\([^(){}="']*\))\s*;$/;

/** Somebody else's refusal is looked at: `case code == http.StatusForbidden:`. */
const readsAnswer =
  /(?:[!=]==?|\bcase)\s*(?:\w{1,40}(?:\.|::)){0,3}(?:Status_?)?(?:Unauthori[sz]ed|Forbidden|UNAUTHORIZED|FORBIDDEN|40[13])\b/;
const refused = /unauthori[sz]ed|forbidden|40[13]/i;

function inspectFile(file: InspectedFile, keptTypes: ReadonlySet<string>): Sighting[] {
  if (file.role !== "production" || tellsFaults(file.path)) return [];
  const found: Sighting[] = [];
  const gone = linesOfGoneFunctions(file, keptTypes);
  const conditional = linesUnderCondition(file.hunks);
  // Each line is looked at as one of its side, as the other side's counterpart, and for what it stands under.
  const known = new Map<CodeLine, Guard | undefined>();
  const guardOf = (line: CodeLine): Guard | undefined => {
    if (!known.has(line)) known.set(line, guardOn(line.code, file.language));
    return known.get(line);
  };
  const scan = (lines: readonly CodeLine[], side: "added" | "removed", opposite: GuardsBySaying): void => {
    for (const line of lines) {
      if (line.isImport || (nameAlone(file.language).test(line.code) && !procedure.test(line.code))) continue;
      // A script gives a function its name here; what it does stands below.
      if (file.language === "shell" && /^(?:function\s+)?[\w-]+\s*\(\)\s*\{?$/.test(line.code)) continue;
      const guard = guardOf(line);
      if (guard === undefined || gone.has(line) || signature.test(line.code)) continue;
      if (guard.what === "role" && (defaultValue.test(line.code) || isFrozenColumn(file, line))) continue;
      if (guard.what === "role" && file.language === "json") continue;
      if (refused.test(guard.matched) && readsAnswer.test(line.code)) continue;
      const stood = conditional.has(line) ? { ...guard, isWeak: true } : guard;
      // A role that stands on both sides matters where the new line decides by it, not where it is handed on.
      const isDecided = guard.what === "role" && side === "added" && deciding.test(line.code);
      if (!isDecided && takeCounterpart(stood, side, opposite)) continue;
      found.push({
        what: `${guard.what}-${side}`,
        path: file.path,
        ...ownPlaceOf(line),
        name: file.path.slice(file.path.lastIndexOf("/") + 1),
        evidence: line.text,
      });
    }
  };
  scan(file.added, "added", guardsBySaying(file.removed, guardOf));
  scan(file.removed, "removed", guardsBySaying(file.added, guardOf));
  // A line that is only re-indented counts as moved: what it now stands under is seen here.
  for (const { lines } of file.hunks) {
    for (const [index, line] of lines.entries()) {
      if (line.kind !== "added" || line.newLine === undefined || line.isImport) continue;
      const guard = guardOf(line);
      const isGuard = guard?.what === "guard";
      const header = isGuard ? undefined : protectingHeader.exec(line.code)?.[0];
      if (!isGuard && header === undefined) continue;
      const isSame = (code: string): boolean =>
        isGuard ? guardOn(code, file.language)?.matched === guard.matched : code.includes(header ?? "");
      // Another check above it is one more demand, not a condition on this one.
      if (!isNewlyUnderCondition(lines, index, isSame, (above) => guardOf(above) === undefined)) continue;
      const what = isGuard ? "guard-added" : "header-wrapped";
      const name = file.path.slice(file.path.lastIndexOf("/") + 1);
      found.push({ what, path: file.path, line: line.newLine, name, evidence: line.text });
    }
  }
  return found;
}

export const detector: Detector = {
  name: "guards",
  sees: [
    "guard-added",
    "guard-removed",
    "public-added",
    "public-removed",
    "role-added",
    "role-removed",
    "header-wrapped",
  ],
  inspect(files) {
    const keptTypes = new Set<string>();
    for (const { allAdded, language } of files) {
      for (const { code } of allAdded) {
        const declared = declaredIn(code, language);
        if (declared?.kind === "type") keptTypes.add(declared.name);
      }
    }
    return files.flatMap((file) => inspectFile(file, keptTypes));
  },
};
