import { type Passage, passagesOf, withoutModifiers } from "../bearing/passages.ts";
import { namesAbout, subjectsOf } from "../bearing/subjects.ts";
import { base, weights } from "../bearing/weights.ts";
import type { CodeLine } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import { type InspectedFile, withoutBlanks } from "../inspected-file.ts";
import { tellsFaults } from "../path-role.ts";
import { placeOf } from "../place-of-line.ts";
import { routeForms } from "../route-forms.ts";

/*
 * How much a passage of changed code bears on security, by its evidence taken together. The rules know forms; this knows none,
 * and sees the controls that a project calls by names of its own. It only ever adds: what a rule sees stands, whatever the sum is.
 */

/** A sum from which a passage is asked about. */
const enough = 0.45;
/** A sum from which it supports another weak sign. */
const hint = 0.2;
/** So many passages of one change, the strongest. */
const mostSightings = 4;
/** Names that are told as the reason. */
const mostNames = 3;

/** Programs of people's own machines: they ask, a server decides. */
const client = /(^|\/)([\w-]+-)?(cli|clients?|sdk|importers?)\//i;

/** Pages in a browser, and commands that an operator types: both ask with the rights of who is there anyway. */
const screen = /(^|\/)(ui|ui-app|webui|web-ui)\/.*\.[cm]?[jt]sx?$/i;
const operated = /(^|\/)(Command|Console\/Commands?|management\/commands)\/[^/]*\.(php|py)$/;

/** What fills a store with things to try a program out on: nobody from outside comes by it. */
const seeding = /(^|\/)(?:\w{1,20}[._-])?\w{0,10}seed(?:er|ers|s|ing)?\w{0,10}\//i;

/** What alters a store once; the tables, columns and rights of it are seen by rules. */
const migration = /(^|\/)(?:\w{0,20}_)?(?:migrations?|migrate)\//i;

const aside = [client, screen, operated, seeding, migration];

/** What each subject makes a change be about; the others support without deciding. */
const aboutBySubject: ReadonlyMap<string, string> = new Map(
  Object.entries({
    identity: ["authentication-phrase", "credential", "lifetime"],
    access: [
      "authorization-phrase",
      "permission",
      "access-column-phrase",
      "group",
      "person",
      "state",
      "check",
      "sharing",
      "limit",
      "switch",
    ],
    protection: ["cryptography-phrase", "cryptography", "secret-phrase"],
    network: ["network", "address", "traffic"],
    input: ["file", "clean", "execution"],
    interface: ["interface"],
  }).flatMap(([what, subjects]) => subjects.map((subject): [string, string] => [subject, what])),
);

const kinds = ["identity", "access", "protection", "network", "input", "interface"] as const;

function inspect(files: readonly InspectedFile[]): readonly Sighting[] {
  return passagesOf(files.filter(({ path }) => !tellsFaults(path) && !aside.some((place) => place.test(path))))
    .filter((passage) => !decidesNothing.some((isSo) => isSo(passage)))
    .map((passage) => ({ passage, sum: sumOf(passage.evidence) }))
    .filter(({ sum }) => sum > hint)
    .sort((one, other) => other.sum - one.sum)
    .slice(0, mostSightings)
    .map(({ passage, sum }) => sightingOf(passage, sum));
}

/** Ways in that went with all that was asked there: what nobody can call any more needs no check. */
function isOnlyRoutesGone({ file, lines }: Passage): boolean {
  return lines.every(
    ({ kind, code }) =>
      kind === "removed" &&
      routeForms.some(
        ({ languages, files, pattern }) =>
          languages.includes(file.language) && (!files || files.test(file.path)) && pattern.test(code),
      ),
  );
}

const quoted = /(["'`])((?:\\.|(?!\1)[^\\])*)\1/g;
/** A text that people read has several words; a right or a path has one. */
const fewestBlanks = 2;

function withoutProse(code: string): string {
  return code.replace(quoted, (text, _mark, inner: string) => (inner.split(" ").length > fewestBlanks ? '""' : text));
}

/** Words of a list, one on a line: what they are for stands where the list is asked. */
function isOnlyWords({ lines, file }: Passage): boolean {
  return file.language === "ruby" && lines.length > 1 && lines.every(({ code }) => /^[a-z][\w-]*$/.test(code));
}

/** Each line that came took the place of one that differs in what people read, and in nothing else. */
function isOnlyReworded({ lines }: Passage): boolean {
  const unsaid = (kind: CodeLine["kind"]): string[] =>
    lines.filter((line) => line.kind === kind).map(({ code }) => withoutBlanks(withoutProse(code)));
  const [added, removed] = [unsaid("added"), unsaid("removed")];
  if (added.length === 0 || added.length !== removed.length) return false;
  return added.sort().join("\n") === removed.sort().join("\n");
}

/** A name on a line of its own, with a type or without: a value that is handed on. */
const bareName = /^(?:readonly\s+|final\s+|val\s+)?(?:[a-z]\w*|[A-Z]\w*)(?:\??:?\s+[\w.*[\]<>]+)?,$/;

/** Events and states that a program knows by a name: what happens at one stands elsewhere. */
const events = /^(?:public\s+|export\s+)?enum\s+\w*(?:Event|EventType|State|Status|Reason)s?\b/;
const constant = /^[A-Z][A-Z0-9_]*[,;]?$/;

function isOnlyEvents(lines: readonly CodeLine[]): boolean {
  const rest = lines.filter(({ code }) => !closing.test(code));
  return (
    rest.some(({ code }) => events.test(code)) && rest.every(({ code }) => events.test(code) || constant.test(code))
  );
}

/** Values that are only handed through, and names that are taken from elsewhere. */
function isOnlyHandedThrough({ lines }: Passage): boolean {
  return lines.every(({ code }) => bareName.test(code)) || isOnlyEvents(lines);
}

const closing = /^[{}()[\];,]+$/;
/** What is given back is had from somebody: a field, or what one call gave. */
const givesOn =
  /^return\s+(?:await\s+)?[\w.?>$-]+(?:\([\w.,\s]*\)[\w.?]*)?(?:\s*(?:\|\||\?\?)\s*(?:null|undefined|nil))?;?$/;

/** Functions that have one line, which hands on what is there: what is asked of it is asked behind it. */
function isOnlyGiver({ lines, file }: Passage): boolean {
  const telling = lines.filter(({ code }) => !closing.test(code));
  const returns = telling.filter(({ code }) => givesOn.test(code) && !/\bnew\b/.test(code));
  const declared = telling.filter(({ code }) => declaredIn(code, file.language)?.kind === "function");
  return returns.length > 0 && declared.length > 0 && returns.length + declared.length === telling.length;
}

/** How a class is stored, said on it where it was said in another file: https://jakarta.ee/specifications/persistence/ */
const stored =
  /^@(?:Entity|Table|Id|GeneratedValue|Column|JoinColumn|JoinTable|ManyToOne|OneToMany|ManyToMany|OneToOne|Enumerated|Lob|Temporal|Access|AttributeOverride|MappedSuperclass|Embedded|EmbeddedId|Embeddable|Inheritance|DiscriminatorColumn|Cascade|Type|SequenceGenerator|GenericGenerator|Parameter)\b/;

/** Marks on fields that were there before. */
function isOnlyStoredSo({ lines }: Passage): boolean {
  return lines.every(({ code }) => stored.test(code) || closing.test(code));
}

const decidesNothing = [
  isOnlyRoutesGone,
  isOnlyReworded,
  isOnlyWords,
  isOnlyHandedThrough,
  isOnlyGiver,
  isOnlyStoredSo,
] as const;

function sumOf(evidence: ReadonlySet<string>): number {
  let sum = base;
  for (const one of evidence) sum += weights[one] ?? 0;
  return sum;
}

function sightingOf(passage: Passage, sum: number): Sighting {
  const { file, lines, evidence } = passage;
  const what = kindOf(evidence);
  const subjects = new Set([...aboutBySubject].filter(([, about]) => about === what).map(([subject]) => subject));
  const line = mostTelling(lines, subjects);
  const names = namesOf(lines, line, subjects);
  const fileName = file.path.slice(file.path.lastIndexOf("/") + 1);
  const name = passage.name ?? fileName.replace(/\.[^.]*$/, "");
  return {
    what,
    path: file.path,
    name,
    ...placeOf(passage.hunk, line),
    attributes: { names: names.length > 0 ? names.map((one) => `\`${one}\``).join(", ") : `\`${fileName}\`` },
    evidence: line.text,
    ...(sum > enough ? {} : { confidence: "low" as const }),
  };
}

/** What the passage is about: the kind whose subjects weigh most in it. */
function kindOf(evidence: ReadonlySet<string>): string {
  const totals = new Map<string, number>(kinds.map((kind) => [kind, 0]));
  for (const one of evidence) {
    const weight = weights[one] ?? 0;
    if (weight <= 0) continue;
    const [position, subject = ""] = one.split(":");
    // What stands around the lines says where they are, not what they do.
    const own = position === "near" || position === "folder" || position === "comment" ? 0.3 : 1;
    const kind = one === "shape:path-in-quotes-added" ? "interface" : aboutBySubject.get(subject);
    if (kind !== undefined) totals.set(kind, (totals.get(kind) ?? 0) + weight * own);
  }
  let best = "access";
  for (const [kind, total] of totals) if (total > (totals.get(best) ?? 0)) best = kind;
  return best;
}

/** What decides is worth more of a talk than what then happens. */
const choice = /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|guard|when|case|while)\b/;
const outcome = /^(?:return|raise|throw|abort|panic|log|logger|console|print)\b/;

const positions = ["names", "more", "condition", "condition-added", "switched", "refusal"] as const;

/** The line to ask at: the one whose own names weigh most, an added one before a removed one, the first of equals. */
function mostTelling(lines: readonly CodeLine[], subjects: ReadonlySet<string>): CodeLine {
  let best = lines[0];
  let most = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    let sum = line.kind === "added" ? 0.5 : 0;
    for (const subject of subjectsOf(line.code)) {
      const worth = positions.reduce((all, position) => all + Math.max(0, weights[`${position}:${subject}`] ?? 0), 0);
      sum += subjects.has(subject) ? worth + 0.5 : worth * 0.5;
    }
    if (choice.test(line.code)) sum += 0.8;
    else if (outcome.test(line.code)) sum *= 0.5;
    if (sum > most) {
      best = line;
      most = sum;
    }
  }
  if (!best) throw new Error("A passage has at least one line.");
  return best;
}

/** Names of the line first, then of the passage, that are about its subjects. */
function namesOf(lines: readonly CodeLine[], line: CodeLine, subjects: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  for (const { code } of [line, ...lines]) {
    for (const name of namesAbout(withoutModifiers(code), subjects)) found.add(name);
    if (found.size >= mostNames) break;
  }
  return [...found].slice(0, mostNames);
}

export const detector: Detector = { name: "bearing", sees: kinds, inspect };
