import type { CodeLine } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { CodeHunk, InspectedFile } from "../inspected-file.ts";
import { programmingLanguages } from "../language.ts";
import { otherSide } from "../patch.ts";
import { subjectsOf } from "./subjects.ts";

/*
 * A passage is a run of changed lines that a reader takes in at once: a part of one function. Its evidence is what may be
 * said of it in general: what its names are about, where they stand (in a condition, a refusal, a declaration, a query), in
 * which function, file and folder, and whether the change decides, refuses or opens a path. Which evidence counts for how
 * much is in `weights.ts`.
 */

export interface Passage {
  readonly file: InspectedFile;
  readonly hunk: CodeHunk;
  /** Changed lines of code, in their order. */
  readonly lines: readonly CodeLine[];
  /** The function or type around it, where the patch shows one. */
  readonly name?: string;
  readonly evidence: ReadonlySet<string>;
}

/** Unchanged lines between two passages. */
const farApart = 6;
/** A function that begins after so many changed lines begins a passage of its own. */
const longEnough = 8;
/** Longer runs are cut. */
const longest = 30;
/** Passages of one change that are looked at: beyond it nobody reads. */
const mostPassages = 600;
/** Comment lines above a passage that may explain it. */
const mostComments = 8;

const texts = /(["'`])((?:\\.|(?!\1)[^\\])*)\1/g;
const condition =
  /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|when|while|switch|case|guard|match)\b|\?\s.*:|&&|\|\||[!=]==?|\b(?:and|or|not)\b/;
const refusal =
  /\b(?:raise|throw|abort|reject|forbid|panic|Err|error|Error\w*|redirect\w*|deny|return\s+(?:false|False|None|nil|null|err)|bad_request|notFound|not_found|forbidden|unauthorized|halt|bail|40[0134])\b|(?:Exception|Forbidden|Unauthori[sz]ed|NotFound|BadRequest|Denied)\b/;
const warning =
  /\b(?:secur|attack|malicious|prevent|spoof|bypass|CVE-|GHSA|must not|untrusted|vulnerab|exploit|inject|leak|privilege|unauthori[sz]|abuse|hijack|forge|traversal|phish|sensitive|brute|replay|takeover|enumerat|\bDoS\b|SSRF|XSS|CSRF)/i;
const store = /\b(?:where|filter\w*|find\w*|scope|select|andWhere|join)\b/i;
const pathInQuotes = /["'`](\/[\w{:<][^"'`]{0,120})/g;
/** What is put behind another text continues it: an address of somebody else, or a file on a disk. */
const putBehind = /(?:\+|\.|<<)\s*$/;
/** Paths of one line that are looked at. */
const mostPaths = 8;
/** Where people are sent on, within the system: no way in is opened by it. */
const sendsOn = /\b(?:redirect\w*|navigat\w*|hrefs?|visit|url_for|link_to|links?)\b|\bUrl::to\b|\.push\(/i;
const annotation = /^(?:@|#\[|\[)\w/;
/** Who may use a name within the program, said before it: `private readonly client`, `export default function`. */
const modifier = /\b(?:public|private|protected|internal|export|default)\s+(?=[\w@({*[])/g;
/** A line of a text over many lines: words, and nothing that a program is made of. */
const prose = /^(?!(?:return|if|unless|elif|elsif|when|raise|assert|not|and|or)\b)[A-Za-z]+,?(?: [\w'’,.-]+){6,}[.,]?$/;
/** What goes to a log decides nothing; that something is recorded about people is seen by rules. */
const logs =
  /^(?:await\s+)?(?:\w{1,40}(?:\.|->)){0,3}_?(?:log|logs|logger|LOG|Log|Logger|logging|console)(?:\.|->)\w{1,20}\(|^(?:debug|info|warn|error|trace)!\(|^System\.(?:out|err)\.print|^(?:request|req|server|app|this)\.log\(|^(?:zap|slog)\.[A-Z]\w{1,20}\(/;
/** Words of a text in quotes beyond which it tells a person something. */
const fewWords = 4;
const switched = /\b(?:true|false|True|False)\b[,;)]?$/;

/** The passages of all files that run, with their evidence. Linear in the length of the change. */
export function passagesOf(files: readonly InspectedFile[]): readonly Passage[] {
  const production = files.filter(({ role }) => role === "production");
  const size =
    production.length > 15 ? "size:many-files" : production.length > 6 ? "size:several-files" : "size:few-files";
  const found: Passage[] = [];
  for (const file of production) {
    if (!programmingLanguages.has(file.language) || file.added.length + file.removed.length === 0) continue;
    const slash = file.path.lastIndexOf("/");
    const folder = file.path.slice(0, Math.max(0, slash)).split("/").slice(-3).join(" ");
    const shared = [
      ...about("folder", folder),
      ...about("file", file.path.slice(slash + 1).replace(/\.[^.]*$/, "")),
      `status:${file.file.status}`,
      size,
    ];
    const telling = new Set([...file.added, ...file.removed]);
    const gonePaths = new Set(
      file.hunks.flatMap(({ lines }) => lines.flatMap(({ kind, code }) => (kind === "removed" ? pathsIn(code) : []))),
    );
    for (const hunk of file.hunks) {
      passagesOfHunk(file, hunk, telling, { evidence: shared, gonePaths }, found);
      if (found.length >= mostPassages) return found.slice(0, mostPassages);
    }
  }
  return found;
}

/** The paths within a system that a line names by themselves. */
function pathsIn(code: string): readonly string[] {
  const found: string[] = [];
  for (const match of code.matchAll(pathInQuotes)) {
    if (found.length === mostPaths) break;
    if (match[1] !== undefined && !putBehind.test(code.slice(Math.max(0, match.index - 4), match.index)))
      found.push(match[1]);
  }
  return found;
}

/** What all passages of a file share. */
interface Surroundings {
  readonly evidence: readonly string[];
  /** Paths that stood in the file: another line that names one opens nothing. */
  readonly gonePaths: ReadonlySet<string>;
}

function* about(position: string, text: string): Generator<string> {
  for (const subject of subjectsOf(text)) yield `${position}:${subject}`;
}

function passagesOfHunk(
  file: InspectedFile,
  hunk: CodeHunk,
  telling: ReadonlySet<CodeLine>,
  shared: Surroundings,
  found: Passage[],
): void {
  let name = declaredIn(hunk.heading.trim(), file.language)?.name;
  let open: OpenPassage | undefined;
  let unchanged = 0;
  const comments: string[] = [];
  const close = (): void => {
    if (open) found.push(open.closed());
    open = undefined;
  };
  for (const [index, line] of hunk.lines.entries()) {
    const declared = line.kind === "removed" ? undefined : declaredIn(line.code, file.language);
    if (declared) name = declared.name;
    if (line.kind === "context") {
      unchanged++;
      if (unchanged > farApart) close();
      open?.near(line.code);
      continue;
    }
    if (line.code === "") {
      if (line.kind !== "added") continue;
      comments.push(line.text);
      if (comments.length > mostComments) comments.shift();
      open?.comment(line.text);
      continue;
    }
    if (!telling.has(line) || prose.test(line.code) || isOnlyLogged(line.code)) continue;
    if (line.isImport) {
      open?.imports(line.code);
      continue;
    }
    if (open && ((declared?.kind === "function" && open.length > longEnough) || open.length > longest)) close();
    if (!open) {
      open = new OpenPassage(file, hunk, name, shared);
      for (const text of comments) open.comment(text);
    }
    comments.length = 0;
    unchanged = 0;
    if (declared) open.declares(declared.kind, declared.name);
    open.add(line, index);
  }
  close();
}

class OpenPassage {
  private readonly file: InspectedFile;
  private readonly hunk: CodeHunk;
  private readonly name: string | undefined;
  private readonly evidence: Set<string>;
  private readonly gonePaths: ReadonlySet<string>;
  private readonly lines: CodeLine[] = [];
  /** How often each subject is named on added and on removed lines. */
  private readonly counts = new Map<string, { added: number; removed: number }>();
  private decides = false;
  private refuses = false;

  constructor(file: InspectedFile, hunk: CodeHunk, name: string | undefined, shared: Surroundings) {
    this.file = file;
    this.hunk = hunk;
    this.name = name;
    this.gonePaths = shared.gonePaths;
    this.evidence = new Set([...shared.evidence, ...about("heading", withoutModifiers(hunk.heading))]);
    if (name !== undefined) this.say("inside", name);
  }

  get length(): number {
    return this.lines.length;
  }

  near(code: string): void {
    this.say("near", withoutModifiers(code));
  }

  comment(text: string): void {
    this.say("comment", text);
    if (warning.test(text)) this.evidence.add("shape:comment-warns");
  }

  imports(code: string): void {
    this.say("import", code);
  }

  declares(kind: string, name: string): void {
    this.evidence.add(`shape:declares-${kind}`);
    this.say("declares", name);
  }

  add(line: CodeLine, index: number): void {
    this.lines.push(line);
    const side = line.kind === "added" ? "added" : "removed";
    const bare = withoutModifiers(withoutTexts(line.code));
    const subjects = subjectsOf(bare);
    const isCondition = condition.test(bare);
    const isRefusal = refusal.test(bare);
    for (const subject of subjects) {
      const count = this.counts.get(subject) ?? { added: 0, removed: 0 };
      count[side]++;
      this.counts.set(subject, count);
    }
    const quoted = [...line.code.matchAll(texts)].map((text) => text[2] ?? "");
    this.say("quoted", quoted.filter((text) => text.trim().split(/\s+/, fewWords + 1).length <= fewWords).join(" "));
    if (isCondition) {
      this.decides = true;
      this.shape("condition", side);
      this.all("condition", subjects);
      this.all(`condition-${side}`, subjects);
      this.guard(index, side, subjects);
    }
    if (isRefusal) {
      this.refuses ||= side === "added";
      this.shape("refusal", side);
      this.all("refusal", subjects);
    }
    const paths = sendsOn.test(line.code) ? [] : pathsIn(line.code);
    if (paths.some((path) => side === "removed" || !this.gonePaths.has(path))) this.shape("path-in-quotes", side);
    if (annotation.test(line.code)) this.shape("annotation", side);
    if (store.test(bare)) this.all("query", subjects);
    if (!switched.test(line.code)) return;
    this.shape("switch", side);
    this.all("switched", subjects);
  }

  /** A condition with a refusal under it is a guard; where the refusal stood before, only the condition changed. */
  private guard(index: number, side: "added" | "removed", subjects: ReadonlySet<string>): void {
    const opposite = otherSide(side);
    const below = this.hunk.lines
      .slice(index, index + 6)
      .filter(({ kind, code }) => kind !== opposite && code !== "")
      .map(({ kind, code }) => ({ kind, refuses: refusal.test(withoutTexts(code)) }));
    if (below.some(({ kind, refuses }) => kind !== "context" && refuses)) {
      this.shape("guard", side);
      this.all(`guard-${side}`, subjects);
    }
    if (below.slice(1, 3).some(({ kind, refuses }) => kind === "context" && refuses)) {
      this.shape("guard-kept", side);
      this.all("guard-kept", subjects);
    }
  }

  closed(): Passage {
    for (const [subject, { added, removed }] of this.counts) {
      this.evidence.add(`names:${subject}`);
      this.evidence.add(`${added > removed ? "more" : added < removed ? "less" : "as-often"}:${subject}`);
      if (this.refuses && this.decides) this.evidence.add(`beside-refusal:${subject}`);
    }
    const count = this.lines.length;
    this.evidence.add(`length:${count <= 2 ? "two" : count <= 6 ? "six" : count <= 15 ? "fifteen" : "more"}`);
    if (this.lines.every(({ kind }) => kind === "removed")) this.evidence.add("shape:only-removed");
    if (this.lines.every(({ kind }) => kind === "added")) this.evidence.add("shape:only-added");
    const { file, hunk, lines, name, evidence } = this;
    return { file, hunk, lines, evidence, ...(name === undefined ? {} : { name }) };
  }

  private say(position: string, text: string): void {
    for (const subject of subjectsOf(text)) this.evidence.add(`${position}:${subject}`);
  }

  private all(position: string, subjects: ReadonlySet<string>): void {
    for (const subject of subjects) this.evidence.add(`${position}:${subject}`);
  }

  private shape(shape: string, side: "added" | "removed"): void {
    this.evidence.add(`shape:${shape}-${side}`);
  }
}

/** Nothing stands behind the call: what follows a semicolon on the same line is run as well. */
function isOnlyLogged(code: string): boolean {
  return logs.test(code) && !/;\s*\S/.test(withoutTexts(code));
}

/** What the language asks for in front of a name is no word of the one who wrote it. */
export function withoutModifiers(code: string): string {
  return code.replace(modifier, "");
}

/** A line with empty texts in its quotes. */
function withoutTexts(code: string): string {
  return code.replace(texts, '""');
}
