import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import type { CheckRun, Review, Thread } from "../github/world.ts";
import fc from "./fast-check.ts";

/*
 * What people do to one pull request in some order, and what they see of ours afterwards. Two copies of one history, heard
 * of in different ways, must look the same in the end.
 */

/** A repository on a stand-in. */
export interface Place {
  readonly github: GitHub;
  readonly name: string;
}

/** Something that a person does to the pull request. */
export type Deed =
  | { readonly does: "push"; readonly file: string; readonly text: string | null; readonly rebase: boolean }
  | { readonly does: "draft" | "ready" | "close" | "reopen" | "approve" | "dismiss" | "comment" }
  | { readonly does: "retarget"; readonly base: "main" | "sandbox" };

const bucket = (name: string, more = ""): string =>
  `resource "aws_s3_bucket" "${name}" {\n  bucket = "acme-${name}"\n${more}}\n`;

const model = (status: string): string =>
  `schemaVersion: 1
system: {name: shop, description: Sells things to people., owner: sam}
elements:
  - {id: exports, type: object-store, name: exports, files: [infra/**]}
threats:
  - {id: th-1, element: exports, stride: I, title: Anybody can read the exports, impact: high, likelihood: high, status: ${status}}
`;

/** The file that every pull request of a history begins with. */
export const firstFile = { "infra/a.tf": bucket("a") } as const;

const files = ["infra/a.tf", "infra/b.tf", "src/http/routes.js", "threat-model.yaml", "README.md"] as const;
const textsOf: Readonly<Record<(typeof files)[number], readonly (string | null)[]>> = {
  "infra/a.tf": [bucket("a"), `# first\n\n${bucket("a")}`, bucket("a", '  acl = "public-read"\n'), null],
  "infra/b.tf": [bucket("b"), bucket("renamed"), null],
  "src/http/routes.js": [
    "app.get('/orders', show);\n",
    "app.get('/orders', show);\napp.post('/orders', login, save);\n",
    null,
  ],
  "threat-model.yaml": [model("open"), model("mitigated"), null],
  "README.md": ["# Shop\n\nMore.\n", "# Shop\n"],
};

const push = fc.constantFrom(...files).chain((file) =>
  fc.record({
    does: fc.constant("push" as const),
    file: fc.constant(file),
    text: fc.constantFrom(...textsOf[file]),
    rebase: fc.boolean(),
  }),
);

/** Any deed; pushes are the most frequent. */
export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: push },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom("draft", "ready", "close", "reopen", "approve", "dismiss", "comment"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("retarget" as const), base: fc.constantFrom("main", "sandbox") }),
  },
);

/** Does it where it can be done just now; a deed that makes no sense is left out, on every copy alike. */
export function act({ github, name }: Place, number: number, it: Deed): void {
  const pull = github.pullRequest(name, number);
  const sam = github.as("sam");
  const isOpen = pull.state === "open";
  switch (it.does) {
    case "push": {
      // The branch of a closed pull request goes on without it.
      if (textAtTip({ github, name }, pull.head.branch, it.file) === (it.text ?? undefined)) return;
      if (it.rebase && pull.base.branch === "sandbox") return;
      const words = it.text === null ? {} : { rebase: it.rebase };
      sam.pushToPullRequest(name, number, { message: "More", files: { [it.file]: it.text }, ...words });
      return;
    }
    case "draft":
      if (isOpen && !pull.draft) sam.convertToDraft(name, number);
      return;
    case "ready":
      if (isOpen && pull.draft) sam.markReady(name, number);
      return;
    case "close":
      if (isOpen) sam.close(name, number);
      return;
    case "reopen":
      if (!isOpen) sam.reopen(name, number);
      return;
    case "approve":
      if (isOpen) github.as("dana").review(name, number, "approve");
      return;
    case "dismiss": {
      const last = pull.reviews.findLast((review) => review.state === "APPROVED");
      if (isOpen && last) {
        github.administrator("olga").setCollaborator(name, "lee", "admin");
        github.as("lee").dismiss(name, number, last.id);
      }
      return;
    }
    case "comment":
      sam.comment(name, number, "Looks fine to me.");
      return;
    case "retarget":
      if (isOpen && pull.base.branch !== it.base) sam.retarget(name, number, it.base);
  }
}

function textAtTip({ github, name }: Place, branch: string, path: string): string | undefined {
  const { branches, store } = repositoryNamed(github.world, name);
  const entry = store.entryAt(branches.get(branch) ?? "", path);
  return entry && Buffer.from(store.blob(entry.oid)).toString("utf8");
}

/** Our own posts on a pull request, whatever became of them. */
export function oursOn({ github, name }: Place, number: number) {
  const pull = github.pullRequest(name, number);
  const bot = `${github.app.slug}[bot]`;
  const checks: readonly CheckRun[] = github
    .checkRuns(name, number)
    .filter((check) => check.name === "threat-model" && check.app.id === github.app.id);
  const summaries: readonly Review[] = pull.reviews.filter(
    ({ author, body }) => author?.login === bot && body.startsWith("<!-- threatgate:1 summary"),
  );
  const questions: readonly Thread[] = pull.threads.filter(({ comments }) => comments[0]?.author?.login === bot);
  return { pull, checks, summaries, questions };
}

/** What a person sees of ours, without what only tells of the way there: ids, times, and questions that were put away. */
export function visible(place: Place, number: number) {
  const { pull, checks, summaries, questions } = oursOn(place, number);
  const check = checks.findLast(({ headSha }) => headSha === pull.head.sha);
  const open = questions
    .filter(({ resolved, comments }) => !resolved && comments[0]?.minimized === undefined)
    .map(({ path, comments }) => `${path} ${/^<!-- .* -->/.exec(comments[0]?.body ?? "")?.[0]}`);
  return {
    conclusion: check?.conclusion,
    summaries: summaries.filter(({ minimized }) => minimized === undefined).length,
    questions: open,
    issues: place.github.issues(place.name).map(({ title, state }) => ({ title, state })),
    whole: { title: check?.title, summary: plain(place.github.url, check?.summary) },
  };
}

/** The lines of a text in any order: of equals, what has a thread stands first. */
function plain(url: string, text: string | null | undefined): string[] {
  return (text ?? "")
    .replaceAll(url, "")
    .replaceAll("\u200b", "")
    .replace(/[0-9a-f]{40}|\b(?=[0-9a-f]*\d)[0-9a-f]{7}\b/g, "COMMIT")
    .replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, "DAY")
    .split("\n")
    .map((line) => line.replace(/^\| \d+ \|/, "|"))
    .sort();
}

/**
 * Where two copies differ, one sentence each. The verdict must be the same, and nothing that would be asked be missing.
 * What was asked on the way stays asked where its subject is still there; where nothing of that kind is left, the texts
 * are the same to the letter.
 */
export function differences(noisy: ReturnType<typeof visible>, clean: ReturnType<typeof visible>): readonly string[] {
  const found: string[] = [];
  if (noisy.conclusion !== clean.conclusion) found.push(`the check is ${noisy.conclusion}, not ${clean.conclusion}`);
  if (JSON.stringify(noisy.issues) !== JSON.stringify(clean.issues)) found.push("the issues differ");
  if (noisy.summaries > 1) found.push(`${noisy.summaries} summaries`);
  const missing = clean.questions.filter((question) => !noisy.questions.includes(question));
  if (missing.length > 0) found.push(`not asked: ${missing.join(", ")}`);
  if (new Set(noisy.questions).size < noisy.questions.length) found.push("a question twice");
  const isAlike = noisy.questions.length === clean.questions.length;
  if (isAlike && JSON.stringify(noisy.whole) !== JSON.stringify(clean.whole)) {
    found.push(`the texts differ: ${JSON.stringify(noisy.whole)} and ${JSON.stringify(clean.whole)}`);
  }
  return found;
}
