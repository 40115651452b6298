import type { Stage } from "./stage.ts";

/** Every text of ours on a pull request and its issues, as GitHub was given it. */
export function texts(stage: Stage, number: number): string[] {
  const { checks, reviews, questions } = stage.seen(number);
  return [
    ...checks.flatMap((check) => [check.summary ?? "", check.text ?? ""]),
    ...stage.checks(number, "threat-model/policy").map((check) => check.summary ?? ""),
    ...reviews.map((review) => review.body),
    ...questions.flatMap((question) => question.said),
    ...stage.issues().map((issue) => issue.body ?? ""),
  ];
}

/** Addresses that our own texts may hold. */
export function ownAddresses(stage: Stage): string[] {
  return [
    `${stage.github.url}/acme/shop/`,
    "https://github.com/threatgate/threatgate/",
    "https://cwe.mitre.org/data/definitions/",
    "https://capec.mitre.org/data/definitions/",
    "https://docs.aws.amazon.com/AmazonS3/",
  ];
}

/** A model in which every value that people choose is hostile. */
export function hostileModel(words: string): string {
  const value = JSON.stringify(words);
  return `schemaVersion: 1
system:
  id: shop
  name: ${value}
  description: ${value}
  owner: ${value}
elements:
  - id: db
    type: relational-db
    name: ${value}
    files: [src/**]
flows:
  - id: to-db
    from: db
    to: db
    protocol: ${value}
threats:
  - id: th-1
    element: db
    stride: T
    title: ${value}
    description: ${value}
    impact: high
    likelihood: high
    status: open
controls:
  - id: c-1
    title: ${value}
    status: proposed
`;
}
