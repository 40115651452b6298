// The speed of deriving a system model: whole repositories made for it.
import type { Rules } from "../src/core/domain/rules.ts";
import type { FileText } from "../src/core/domain/snapshot.ts";
import { deriveFrom, firstModel } from "../src/core/first-model.ts";
import { processorTimeOf, type Row } from "./bench-measure.ts";

const files = 5_000;
/** Nobody waits longer for a command that is run once. */
const most = 3_000;

/** Rows for deriving the system of a repository of 5,000 files, and for writing its first model. */
export function benchSystemModel(rules: Rules): readonly Row[] {
  const texts = aRepositoryOf(files);
  const repository = { name: "bench", paths: texts.map(({ path }) => path), texts, notRead: [] };
  const noPolicy = { repository: { path: ".github/threatgate.yml", reading: { outcome: "absent" } } } as const;
  const how = "100 services in 5 kinds of file; processor time, least of 3 runs after one";
  const timeOf = (work: () => void): number => processorTimeOf(work, 1, 3, 1);
  return [
    {
      what: `derive the system of ${files} files`,
      figure: timeOf(() => deriveFrom(repository, rules)),
      bar: most,
      how,
    },
    {
      what: `first model of ${files} files`,
      figure: timeOf(() => firstModel(repository, noPolicy, rules)),
      bar: most,
      how,
    },
  ];
}

/** A repository of `count` files: for each service its code, a manifest, a Dockerfile, a Deployment and a bucket. */
function aRepositoryOf(count: number): FileText[] {
  const texts: FileText[] = [];
  const steps = Array.from({ length: 60 }, (_, line) => `export const step${line} = (order) => order.total + ${line};`);
  for (let index = 0; texts.length < count; index++) {
    const name = `part-${index % 100}`;
    const code = `app.get("/orders/${index}", list);\n${steps.join("\n")}\n`;
    texts.push({ path: `services/${name}/src/orders-${index}.js`, text: code });
    if (index >= 100) continue;
    const dependencies = { express: "5.1.0", pg: "8.16.0", stripe: "19.1.0" };
    texts.push(
      { path: `services/${name}/package.json`, text: JSON.stringify({ dependencies }) },
      { path: `services/${name}/Dockerfile`, text: "FROM node:24\nCOPY . .\nUSER node\n" },
      { path: `k8s/${name}.yaml`, text: aDeployment(name, `part-${(index + 1) % 100}`) },
      { path: `infra/${name}/main.tf`, text: `resource "aws_s3_bucket" "${name}" {\n  bucket = "${name}"\n}\n` },
    );
  }
  return texts.slice(0, count);
}

function aDeployment(name: string, next: string): string {
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      template: {
        spec: {
          containers: [{ name, image: `example/${name}`, env: [{ name: "NEXT_URL", value: `http://${next}:80` }] }],
        },
      },
    },
  });
}
