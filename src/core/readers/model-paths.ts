/*
 * Where teams keep threat models, by name. Names only find candidates: whether a file is a model is decided by content,
 * because guides about threat modelling carry the same names.
 */

const drawingEndings = "(?:drawio|dio)(?:\\.(?:svg|png|xml))?|puml|plantuml";
const textEndings = `md|markdown|mdx|rst|adoc|json|ya?ml|hcl|xml|tm7|otm|${drawingEndings}`;
const stem = "threat[-_ .]?model(?:s|l?ing)?";

const namePatterns: readonly RegExp[] = [
  // threat-model.md, THREAT_MODEL.md, app-threatmodel.yaml, threat-modelling.md
  new RegExp(`(?:^|/)[^/]{0,80}${stem}[^/]{0,80}\\.(?:${textEndings})$`, "i"),
  // anything written below a folder of that name
  new RegExp(`(?:^|/)${stem}/(?:[^/]{1,100}/){0,4}[^/]{1,120}\\.(?:${textEndings})$`, "i"),
  new RegExp(`(?:^|/)${stem}\\.py$`, "i"),
  // threat-analysis.md, STRIDE.md, stride-assessment.md
  /(?:^|[/_. -])(?:threat[-_ .]?(?:analysis|assessment)|stride(?:[-_ .](?:analysis|assessment|model|matrix))?)\.(?:md|markdown|mdx|rst|adoc)$/i,
  // dfd.drawio, data-flow-diagram.puml: the deliverable that other formats leave to a drawing
  new RegExp(`(?:^|[/_. -])(?:dfd|data[-_ ]?flows?)(?:[-_. ][^/]{0,80})?\\.(?:${drawingEndings})$`, "i"),
  /(?:^|[/.])threagile\.ya?ml$/i,
  /\.tm7$/i,
  /\.tc\.json$/i,
  /\.otm(?:\.json|\.ya?ml)?$/i,
  /\.(?:tm-?bom|tmbom)\.(?:cdx\.)?json$/i,
  /(?:^|\/)(?:security-)?self-assessment\.md$/i,
];

const never = /(?:^|\/)(?:node_modules|vendor|third_party|\.git)\/|\.schema\.json$/i;

/** Whether a file of this name may hold a threat model, as teams name them: case-blind, with `-`, `_` or nothing between the words. */
export function isModelPath(path: string): boolean {
  if (path.length > 1_000 || never.test(path)) return false;
  return namePatterns.some((pattern) => pattern.test(path));
}

/** The most usual exact paths, most frequent first: what one query can ask for without listing a repository. */
export const wellKnownModelPaths: readonly string[] = [
  "threat-model.yaml",
  "docs/THREAT_MODEL.md",
  "docs/threat-model.md",
  "docs/security/threat-model.md",
  "THREAT_MODEL.md",
  "docs/threat_model.md",
  "docs/security/THREAT_MODEL.md",
  "docs/architecture/threat-model.md",
  "threat-model.md",
  "docs/threat-model/README.md",
  "THREATMODEL.md",
  "docs/threat-model/threat-model.md",
  ".github/THREAT_MODEL.md",
  ".github/threat-model.yaml",
  "docs/threat-model.yaml",
  "security/threat-model.md",
  "threat-model.json",
  "docs/threat-model.json",
  "threagile.yaml",
  "docs/threat-model.tc.json",
  "docs/threatmodel.md",
  "docs/threat-model.tm7",
];
