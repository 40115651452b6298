import type { ElementType } from "../domain/element-type.ts";
import type { ThreatRule } from "../domain/rules.ts";

type Sample = ThreatRule["sample"][number];

/** Which stack a file is of, by its name: the sample shown is the one that fits it. */
const stacks: readonly (readonly [RegExp, string])[] = [
  [/\.(tf|tofu)$/i, "terraform"],
  [/(^|\/)\.github\/workflows\//, "github-actions"],
  [/(^|\/)(Dockerfile|Containerfile)[^/]*$|\.Dockerfile$/i, "docker"],
  [/(^|\/)(docker-)?compose[^/]*\.ya?ml$/i, "compose"],
  [/\.(ya?ml|json)$/i, "kubernetes"],
  [/\.[cm]?[jt]sx?$|\.(vue|svelte)$|(^|\/)package(-lock)?\.json$/i, "typescript"],
  [/\.py$|(^|\/)(requirements[^/]*\.txt|pyproject\.toml)$/i, "python"],
  [/\.go$|(^|\/)go\.(mod|sum)$/i, "go"],
  [/\.(java|kt)$|(^|\/)pom\.xml$|\.gradle(\.kts)?$/i, "java"],
  [/\.kts?$/i, "kotlin"],
  [/\.swift$/i, "swift"],
  [/\.([ch]|cc|[ch]pp|ino)$/i, "c"],
  [/\.(sh|bash)$/i, "bash"],
  [/\.sql$/i, "sql"],
  [/(^|\/)nginx[^/]*\.conf$|\.nginx$/i, "nginx"],
];

/** Stacks that are languages of programs: a sample in one of them says little to whoever writes another. */
const programmed: ReadonlySet<string> = new Set(["typescript", "python", "go", "java", "kotlin", "swift", "c"]);

/** Files of languages, whether samples are for them or not. */
const sourceFile =
  /\.([cm]?[jt]sx?|vue|svelte|py|go|java|kts?|swift|[ch]|cc|[ch]pp|ino|rs|cs|fs|vb|rb|erb|php|scala|clj|exs?|erl|dart|pl|pm|lua|hs|zig|groovy)$|(^|\/)(Cargo\.(toml|lock)|Gemfile(\.lock)?|composer\.(json|lock)|mix\.exs|[^/]*\.(cs|fs|vb)proj|go\.(mod|sum)|pom\.xml)$/i;

/** The stack of a thing, where the file that changed says nothing of it: a column in any language is of a database. */
const stackOfType: Readonly<Partial<Record<ElementType, string>>> = { "relational-db": "sql" };

/**
 * The sample that fits the file a threat arises in; otherwise that of the thing's own stack; otherwise the first, but
 * none in a programming language that is not the file's.
 */
export function sampleFor(samples: readonly Sample[], path: string, type: ElementType): Sample | undefined {
  const fitting = stacks.filter(([pattern]) => pattern.test(path)).map(([, stack]) => stack);
  const fits =
    samples.find(({ stack }) => fitting.includes(stack)) ?? samples.find(({ stack }) => stack === stackOfType[type]);
  if (fits) return fits;
  return sourceFile.test(path) ? samples.find(({ stack }) => !programmed.has(stack)) : samples[0];
}
