import { setImage } from "../notations/image.ts";
import {
  baseName,
  type Draft,
  elementsOf,
  emptyDraft,
  entriesOf,
  isMapping,
  itemOf,
  type LineOf,
  member,
  plainValue,
  setAttribute,
  setNested,
  structureOf,
} from "../notations/items.ts";
import { readTemplatedYaml } from "../notations/yaml-template.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * Compose files: services, volumes, networks, secrets. The type of a service is its image's repository, or `build` when it is built here. Besides
 * the keys as written: `environment.NAME` in one spelling, `published.N` (ports that leave the host's loopback), `mount.N` (host paths).
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export const structure: StructureReader = {
  name: "Compose",
  wants: (path) =>
    /^(docker-)?compose([._-].*)?\.ya?ml$|(^|[._-])(docker-)?compose\.ya?ml$|^(docker-)?stack([._-].*)?\.ya?ml$/i.test(
      baseName(path),
    ),
  read(_path, text) {
    const yaml = readTemplatedYaml(text);
    if ("unreadable" in yaml) return yaml;
    const items: Item[] = [];
    for (const { value, lineOf } of yaml.documents) {
      const services = member(value, "services");
      for (const [name, service] of entriesOf(services)) {
        if (isMapping(service)) items.push(serviceItem(name, service, ["services", name], lineOf));
      }
      // The first version of the format has services at the top.
      if (services === undefined && member(value, "version") === undefined) {
        for (const [name, service] of entriesOf(value)) {
          if (member(service, "image") !== undefined || member(service, "build") !== undefined)
            items.push(serviceItem(name, service, [name], lineOf));
        }
      }
      for (const part of ["volumes", "networks", "secrets", "configs"]) {
        for (const [name, entry] of entriesOf(member(value, part))) {
          const draft = emptyDraft();
          setNested(draft, "", entry ?? {}, lineOf, [part, name]);
          const line = lineOf([part, name]) ?? 1;
          items.push(itemOf({ kind: `compose-${part.slice(0, -1)}`, type: name, key: name, name, line }, draft));
        }
      }
    }
    return structureOf(items);
  },
};

const spelledOut = new Set(["image", "environment", "ports", "volumes"]);

function serviceItem(name: string, service: unknown, path: readonly string[], lineOf: LineOf): Item {
  const draft = emptyDraft();
  const image = member(service, "image");
  let type = "build";
  if (typeof image === "string") type = setImage(draft, "", defaulted(image), lineOf([...path, "image"])).repository;
  // An image whose name only the environment knows is most often the one that is built here.
  if (type.includes("$")) type = member(service, "build") === undefined ? "variable" : "build";
  setAttribute(draft, "built", member(service, "build") !== undefined, lineOf([...path, "build"]));
  for (const [key, value] of entriesOf(service)) {
    if (!spelledOut.has(key)) setNested(draft, key, value, lineOf, [...path, key]);
  }
  setEnvironment(draft, member(service, "environment"), [...path, "environment"], lineOf);
  setPorts(draft, member(service, "ports"), [...path, "ports"], lineOf);
  setVolumes(draft, member(service, "volumes"), [...path, "volumes"], lineOf);
  return itemOf({ kind: "compose-service", type, key: name, name, line: lineOf(path) ?? 1 }, draft);
}

/** `${NAME:-default}` as its default: the image that runs when nobody says otherwise. */
function defaulted(text: string): string {
  return text.replace(/\$\{[A-Za-z_]\w*:?-([^}]*)\}/g, "$1");
}

function setEnvironment(draft: Draft, environment: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  for (const [name, value] of entriesOf(environment))
    setAttribute(draft, `environment.${name}`, plainValue(value) ?? "", lineOf([...path, name]));
  if (!Array.isArray(environment)) return;
  for (const [index, entry] of environment.entries()) {
    if (typeof entry !== "string") continue;
    const equals = entry.indexOf("=");
    const name = equals < 0 ? entry : entry.slice(0, equals);
    setAttribute(draft, `environment.${name}`, equals < 0 ? null : entry.slice(equals + 1), lineOf([...path, index]));
  }
}

/** Ports as one text each, `127.0.0.1:5432:5432/tcp`, and those of them that others than the host can reach. */
function setPorts(draft: Draft, ports: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  let published = 0;
  for (const [index, port] of elementsOf(ports).entries()) {
    const line = lineOf([...path, index]);
    const text = isMapping(port)
      ? [member(port, "host_ip"), member(port, "published"), member(port, "target")]
          .filter((part) => part !== undefined)
          .map(String)
          .join(":")
      : String(plainValue(port) ?? "");
    setAttribute(draft, `ports.${index}`, text, line);
    const open = text.includes(":") && !/^(127\.|localhost:|\[?::1\]?:)/.test(text);
    if (open) setAttribute(draft, `published.${published++}`, text, line);
  }
}

/** Volumes as one text each, `source:target:mode`, and those that are paths of the host. */
function setVolumes(draft: Draft, volumes: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  let mounts = 0;
  for (const [index, volume] of elementsOf(volumes).entries()) {
    const line = lineOf([...path, index]);
    const text = isMapping(volume)
      ? [member(volume, "source"), member(volume, "target"), member(volume, "read_only") === true ? "ro" : undefined]
          .filter((part) => part !== undefined)
          .map(String)
          .join(":")
      : String(plainValue(volume) ?? "");
    setAttribute(draft, `volumes.${index}`, text, line);
    if (/^(\.{0,2}\/|~|\$\{?(PWD|HOME))[^:]*:/.test(text)) setAttribute(draft, `mount.${mounts++}`, text, line);
  }
}
