import { aRepositoryOfAcme, shop } from "../../test/make/a-shop-on-github.ts";
import { rowOf } from "./bars.ts";
import { beyond, type Row, shared } from "./rows.ts";
import { type Counted, Stage } from "./stage.ts";

const storePath = "infra/export.tf";

/** A new data store in Terraform. */
function bucket(name: string): string {
  return `resource "aws_s3_bucket" "${name}" {\n  bucket = "acme-${name}"\n}\n`;
}

/** A model with so many open threats of high risk. */
function modelOf(threats: number): string {
  const each = Array.from(
    { length: threats },
    (_, index) =>
      `  - {id: T-${index + 1}, element: api, stride: [I], title: "Orders of others are shown, way ${index + 1}", impact: high, likelihood: high, status: open}\n`,
  );
  return `schemaVersion: 1\nsystem: {name: shop}\nelements:\n  - {id: api, type: web-service, name: Shop API}\nthreats:\n${each.join("")}`;
}

/** The life of pull requests, from the first push to the merge queue. */
export async function pullRequests(): Promise<readonly Row[]> {
  const stage = await Stage.set({
    now: "2026-03-04T09:00:00Z",
    repositories: [
      aRepositoryOfAcme(shop),
      aRepositoryOfAcme("acme/desk", { "threat-model.yaml": modelOf(1) }),
      aRepositoryOfAcme("acme/till", { "threat-model.yaml": modelOf(5) }),
    ],
  });
  try {
    await stage.start({ SWEEP_SECONDS: "86400" });
    await stage.firstSweep();
    return [
      ...(await onePullRequest(stage)),
      ...(await withModel(stage)),
      ...(await merges(stage)),
      await mergeQueue(stage),
    ];
  } finally {
    await stage.end();
  }
}

async function onePullRequest(stage: Stage): Promise<readonly Row[]> {
  const { github } = stage;
  const sam = github.as("sam");
  const open = (name: string, branch: string, files: Readonly<Record<string, string>>): number =>
    sam.openPullRequest(name, { branch, files });
  const cold = await stage.counted(() => open(shop, "words", { "WORDS.md": "Words.\n" }));
  const irrelevant = await stage.counted(() => open(shop, "others", { "OTHERS.md": "Words.\n" }));
  let number = 0;
  const relevant = await stage.counted(() => {
    number = open(shop, "store", { [storePath]: bucket("exports") });
  });
  const push = (files: Readonly<Record<string, string>>) =>
    sam.pushToPullRequest(shop, number, { message: "More", files });
  const again = await stage.counted(() => push({ "WORDS.md": "More words.\n" }));
  const title = await stage.counted(() => sam.edit(shop, number, { title: "Export orders" }));
  const threat = /T-[0-9a-z]{6}/.exec(github.pullRequest(shop, number).threads[0]?.comments[0]?.body ?? "")?.[0];
  const command = await stage.counted(() =>
    sam.comment(shop, number, `/threat not-applicable ${threat} because the bucket holds public images only`),
  );
  const answer = await stage.counted(() => push({ "threat-model.yaml": offered(stage, number) }));
  const approval = await stage.counted(() => github.as("dana").review(shop, number, "approve"));
  return [
    rowOf("cold", cold),
    rowOf("irrelevant", irrelevant),
    rowOf("relevant", relevant),
    rowOf("again", again),
    rowOf("title", title),
    rowOf("command", command),
    rowOf("answer", answer),
    rowOf("approval", approval),
  ];
}

/** The same in a repository whose model is on its default branch. */
async function withModel(stage: Stage): Promise<readonly Row[]> {
  const desk = "acme/desk";
  const sam = stage.github.as("sam");
  const opened: number[] = [];
  const open = (name: string) => () => {
    opened.push(sam.openPullRequest(desk, { branch: name, files: { [`infra/${name}.tf`]: bucket(name) } }));
  };
  const relevant = await stage.counted(open("store"));
  const push = { message: "More", files: { "WORDS.md": "More words.\n" } };
  const again = await stage.counted(() => sam.pushToPullRequest(desk, opened[0] ?? 0, push));
  const next = await stage.counted(open("archive"));
  for (const number of opened) sam.close(desk, number);
  return [rowOf("modelled", relevant), rowOf("modelledAgain", again), rowOf("modelledNext", next)];
}

/** The file that our last comment offers as a patch. */
function offered({ github }: Stage, number: number): string {
  const bodies = github.pullRequest(shop, number).comments.map(({ body }) => body);
  const [, patch = ""] = /```diff\n([\s\S]*?)\n```/.exec(bodies.at(-1) ?? "") ?? [];
  const lines = patch.split("\n").filter((line) => line.startsWith("+") && !line.startsWith("+++"));
  if (lines.length === 0) throw new Error(`no patch was offered: ${bodies.join("\n")}`);
  return `${lines.map((line) => line.slice(1)).join("\n")}\n`;
}

async function merges(stage: Stage): Promise<readonly Row[]> {
  const merged = async (name: string): Promise<Counted> => {
    const number = stage.github.as("sam").openPullRequest(name, { branch: "words", files: { "WORDS.md": "Words.\n" } });
    const counted = await stage.counted(() => stage.github.as("olga").merge(name, number));
    const issues = stage.github.issues(name).length;
    if (issues !== (name === "acme/desk" ? 1 : 5)) throw new Error(`${issues} issues were opened in ${name}`);
    return counted;
  };
  const one = await merged("acme/desk");
  const five = await merged("acme/till");
  const more = { ...five, cost: shared(beyond(five.cost, one.cost), 4) };
  return [rowOf("merge", one), rowOf("issue", more)];
}

async function mergeQueue(stage: Stage): Promise<Row> {
  const { github } = stage;
  const numbers = ["first", "second"].map((branch) =>
    github.as("sam").openPullRequest(shop, { branch, files: { [`${branch}.md`]: "Words.\n" } }),
  );
  const counted = await stage.counted(() => github.as("dana").enqueue(shop, ...numbers));
  return rowOf("queue", counted);
}
