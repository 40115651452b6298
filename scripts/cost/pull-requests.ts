import { aRepositoryOfAcme, shop } from "../../test/make/a-shop-on-github.ts";
import { beyond, type Row, shared } from "./bars.ts";
import { rowOf } from "./held.ts";
import { type Counted, Place } from "./place.ts";

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
  const place = await Place.set({
    now: "2026-03-04T09:00:00Z",
    repositories: [
      aRepositoryOfAcme(shop),
      aRepositoryOfAcme("acme/desk", { "threat-model.yaml": modelOf(1) }),
      aRepositoryOfAcme("acme/till", { "threat-model.yaml": modelOf(5) }),
    ],
  });
  try {
    await place.start({ SWEEP_SECONDS: "86400" });
    await place.firstSweep();
    return [
      ...(await onePullRequest(place)),
      ...(await withModel(place)),
      ...(await merges(place)),
      await mergeQueue(place),
    ];
  } finally {
    await place.end();
  }
}

async function onePullRequest(place: Place): Promise<readonly Row[]> {
  const { github } = place;
  const sam = github.as("sam");
  const open = (name: string, branch: string, files: Readonly<Record<string, string>>): number =>
    sam.openPullRequest(name, { branch, files });
  const cold = await place.counted(() => open(shop, "words", { "WORDS.md": "Words.\n" }));
  const irrelevant = await place.counted(() => open(shop, "others", { "OTHERS.md": "Words.\n" }));
  let number = 0;
  const relevant = await place.counted(() => {
    number = open(shop, "store", { [storePath]: bucket("exports") });
  });
  const push = (files: Readonly<Record<string, string>>) =>
    sam.pushToPullRequest(shop, number, { message: "More", files });
  const again = await place.counted(() => push({ "WORDS.md": "More words.\n" }));
  const title = await place.counted(() => sam.edit(shop, number, { title: "Export orders" }));
  const threat = /T-[0-9a-z]{6}/.exec(github.pullRequest(shop, number).threads[0]?.comments[0]?.body ?? "")?.[0];
  const command = await place.counted(() =>
    sam.comment(shop, number, `/threat not-applicable ${threat} because the bucket holds public images only`),
  );
  const answer = await place.counted(() => push({ "threat-model.yaml": offered(place, number) }));
  const approval = await place.counted(() => github.as("dana").review(shop, number, "approve"));
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
async function withModel(place: Place): Promise<readonly Row[]> {
  const desk = "acme/desk";
  const sam = place.github.as("sam");
  const opened: number[] = [];
  const open = (name: string) => () => {
    opened.push(sam.openPullRequest(desk, { branch: name, files: { [`infra/${name}.tf`]: bucket(name) } }));
  };
  const relevant = await place.counted(open("store"));
  const push = { message: "More", files: { "WORDS.md": "More words.\n" } };
  const again = await place.counted(() => sam.pushToPullRequest(desk, opened[0] ?? 0, push));
  const next = await place.counted(open("archive"));
  for (const number of opened) sam.close(desk, number);
  return [rowOf("modelled", relevant), rowOf("modelledAgain", again), rowOf("modelledNext", next)];
}

/** The file that our last comment offers as a patch. */
function offered({ github }: Place, number: number): string {
  const bodies = github.pullRequest(shop, number).comments.map(({ body }) => body);
  const [, patch = ""] = /```diff\n([\s\S]*?)\n```/.exec(bodies.at(-1) ?? "") ?? [];
  const lines = patch.split("\n").filter((line) => line.startsWith("+") && !line.startsWith("+++"));
  if (lines.length === 0) throw new Error(`no patch was offered: ${bodies.join("\n")}`);
  return `${lines.map((line) => line.slice(1)).join("\n")}\n`;
}

async function merges(place: Place): Promise<readonly Row[]> {
  const merged = async (name: string): Promise<Counted> => {
    const number = place.github.as("sam").openPullRequest(name, { branch: "words", files: { "WORDS.md": "Words.\n" } });
    const counted = await place.counted(() => place.github.as("olga").merge(name, number));
    const issues = place.github.issues(name).length;
    if (issues !== (name === "acme/desk" ? 1 : 5)) throw new Error(`${issues} issues were opened in ${name}`);
    return counted;
  };
  const one = await merged("acme/desk");
  const five = await merged("acme/till");
  const more = { ...five, cost: shared(beyond(five.cost, one.cost), 4) };
  return [rowOf("merge", one), rowOf("issue", more)];
}

async function mergeQueue(place: Place): Promise<Row> {
  const { github } = place;
  const numbers = ["first", "second"].map((branch) =>
    github.as("sam").openPullRequest(shop, { branch, files: { [`${branch}.md`]: "Words.\n" } }),
  );
  const counted = await place.counted(() => github.as("dana").enqueue(shop, ...numbers));
  return rowOf("queue", counted);
}
