import { dependencyItem, weakened } from "./dependency.ts";
import { type NpmPlace, npmPlace } from "./npm-place.ts";
import type { Item } from "./structure.ts";

interface Imported {
  readonly name: string;
  readonly version: string;
  readonly scope: string;
  readonly line: number;
}

interface From {
  readonly place: NpmPlace;
  readonly line: number;
}

/**
 * pnpm's lockfile: under `importers` what each package of the workspace asked for and got, under `packages` from where all
 * of them come. Of those that nobody asked for only that counts. Read line by line; it is long and flat.
 */
export function pnpmLock(path: string, text: string): Item[] {
  const imported: Imported[] = [];
  const from = new Map<string, From>();
  let section = "";
  let scope = "";
  let open: { name: string; line: number } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.slice(0, 2_000).trimEnd();
    const top = /^([A-Za-z][\w]*):/.exec(content)?.[1];
    if (top !== undefined) section = top;
    const indent = content.length - content.trimStart().length;
    if (section === "packages") {
      const name = indent === 2 ? packageOf(content.trim()) : undefined;
      if (name !== undefined) open = { name, line: index + 1 };
      if (name !== undefined && !from.has(name)) from.set(name, { place: npmPlace("", name), line: index + 1 });
      const archive = /["']?\btarball["']?:\s*["']?([^'",}\s]+)/.exec(content)?.[1];
      if (open && archive !== undefined) keepStranger(from, open.name, npmPlace(archive, open.name), index + 1);
      continue;
    }
    const key = /^\s+'?([^':]+)'?:\s*(.*)$/.exec(content);
    if (!key?.[1]) continue;
    const inImporter = section === "importers" && indent === 4;
    if (inImporter) scope = key[1];
    else if (section === "importers" && indent === 6) open = { name: key[1], line: index + 1 };
    else if (section === "importers" && indent === 8 && key[1] === "version" && open) {
      const version = (key[2] ?? "").replace(/\(.*$/, "").replace(/^'|'$/g, "");
      imported.push({ ...open, version, scope });
      open = undefined;
    }
  }
  const asked = new Set(imported.map(({ name }) => name));
  const brought = [...from].filter(([name]) => !asked.has(name));
  return [
    ...imported.map((one) => importedItem(path, one, from.get(one.name))),
    ...brought.map(([name, { place, line }]) =>
      dependencyItem({
        ecosystem: "npm",
        name,
        scope: weakened("runtime", path),
        ...place,
        direct: false,
        line,
        kind: "locked-dependency",
      }),
    ),
  ];
}

/** Several versions of a package may be there: one from elsewhere is what has to be seen. */
function keepStranger(from: Map<string, From>, name: string, place: NpmPlace, line: number): void {
  if (place.source !== "registry") from.set(name, { place, line });
}

/** `foo@1.0.0:`, `'@scope/foo@1.0.0(bar@2.0.0)':`, and of earlier versions `/foo@1.0.0:` and `/foo/1.0.0:`. */
function packageOf(key: string): string | undefined {
  return /^['"]?\/?((?:@[^@/'"]+\/)?[^@/'"]+)[@/]/.exec(key)?.[1];
}

function importedItem(path: string, { name, version, scope, line }: Imported, from: From | undefined): Item {
  const said = npmPlace(/^(https?:|git|link:|file:)/.test(version) ? version : "", name);
  const isOverruled = said.source === "registry" && from !== undefined && from.place.source !== "registry";
  return dependencyItem({
    ecosystem: "npm",
    name,
    version,
    scope: weakened(scope === "devDependencies" ? "dev" : "runtime", path),
    ...(isOverruled ? { ...from.place, sourceLine: from.line } : said),
    direct: true,
    line,
    kind: "locked-dependency",
  });
}
