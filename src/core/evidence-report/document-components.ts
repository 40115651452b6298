import type { Block, Line } from "../domain/document.ts";
import type { EvidenceComponents, EvidencePackage } from "../domain/evidence-components.ts";
import { counted, heading, paragraph, table } from "./document-parts.ts";

/** Third-party components: each manifest and service with what covers it, then the packages that a reader would ask about. */
export function componentBlocks({ isRead, manifests, services, packages, notRead }: EvidenceComponents): Block[] {
  if (!isRead)
    return [
      heading(2, "Third-party components"),
      paragraph([
        { tone: "none", says: "UNKNOWN" },
        ": the files of the repository were not read this time. ",
        { code: "threatgate evidence" },
        " in a clone lists them with their coverage.",
      ]),
    ];
  if (manifests.length + services.length === 0)
    return [
      heading(2, "Third-party components"),
      paragraph(["No manifest or code of this repository states one."]),
      ...unread(notRead),
    ];
  const notable = packages.filter((one) => isNotable(one));
  return [
    heading(2, "Third-party components"),
    paragraph([
      "As manifests and code state them: direct dependencies, no bill of materials. ",
      { soft: "Covered: an element of the model names it, or lists the manifest among its files." },
    ]),
    ...(manifests.length === 0
      ? []
      : [
          table(
            ["Manifest", "Packages", "In the model"],
            manifests.map(({ path, ecosystem, runtime, development, covered }) => [
              [[{ code: path }]],
              [[`${ecosystem}: ${runtime} at run time${development > 0 ? `, ${development} for development` : ""}`]],
              [coveredLine(covered)],
            ]),
            [44, 28, 28],
          ),
        ]),
    ...(services.length === 0
      ? []
      : [
          heading(3, "Services of third parties"),
          table(
            ["Service", "Kind", "Stated in", "In the model"],
            services.map(({ name, type, where, covered }) => [
              [[name]],
              [[type]],
              [
                where.path === ""
                  ? []
                  : [{ code: where.line === undefined ? where.path : `${where.path}:${where.line}` }],
              ],
              [coveredLine(covered)],
            ]),
            [30, 18, 28, 24],
          ),
        ]),
    ...(notable.length === 0
      ? []
      : [
          heading(3, "Packages that bring something into the system, or come from elsewhere than a registry"),
          table(
            ["Package", "Version", "Brings", "Stated in", "In the model"],
            notable.map((one) => [
              [[{ code: one.name }]],
              [
                [
                  one.version === "" ? "not pinned" : one.version,
                  ...(one.source === "registry" ? [] : [` (from ${one.source})`]),
                ],
              ],
              [[one.brings.join(", ")]],
              [[{ code: `${one.where.path}:${one.where.line ?? 1}` }]],
              [coveredLine(one.covered)],
            ]),
            [26, 14, 22, 20, 18],
          ),
        ]),
    ...others(packages.filter((one) => !isNotable(one))),
    ...unread(notRead),
  ];
}

function isNotable({ brings, source, scope }: EvidencePackage): boolean {
  return scope !== "dev" && scope !== "test" && (brings.length > 0 || (source !== "registry" && source !== "path"));
}

function coveredLine(covered: EvidencePackage["covered"]): Line {
  if (!covered) return [{ tone: "bad", says: "not covered" }];
  return [
    { tone: "good", says: covered.element },
    { soft: covered.how === "named" ? " (names it)" : " (lists the manifest)" },
  ];
}

/** All others by name and version, run time first: one paragraph a manifest, as long as the list is. */
function others(packages: readonly EvidencePackage[]): Block[] {
  const byPath = new Map<string, EvidencePackage[]>();
  for (const one of packages.filter(({ scope }) => scope !== "dev" && scope !== "test"))
    byPath.set(one.where.path, [...(byPath.get(one.where.path) ?? []), one]);
  if (byPath.size === 0) return [];
  return [
    heading(3, "Other packages at run time"),
    table(
      ["Manifest", "Packages"],
      [...byPath].map(([path, own]) => [
        [[{ code: path }]],
        [[own.map(({ name, version }) => (version === "" ? name : `${name} ${version}`)).join(", ")]],
      ]),
      [30, 70],
    ),
  ];
}

function unread(notRead: EvidenceComponents["notRead"]): Block[] {
  if (notRead.length === 0) return [];
  const named = notRead.slice(0, 5).map(({ path, reason }) => `${path} (${reason})`);
  const more = notRead.length > 5 ? ` and ${counted(notRead.length - 5, "more file")}` : "";
  return [paragraph([{ soft: `Not read: ${named.join("; ")}${more}.` }])];
}
