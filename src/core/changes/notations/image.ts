import type { AttributeValue } from "../structure.ts";
import { type Draft, setAttribute } from "./items.ts";

/** A container image reference in its parts. */
export interface ImageName {
  /** Repository as people say it: without the default registry and its `library/`, tag and digest. */
  readonly repository: string;
  readonly registry?: string;
  readonly tag?: string;
  readonly digest?: string;
}

/**
 * Splits `[registry/]repository[:tag][@digest]`; the first part is a registry when it holds a dot or a port, or is `localhost`.
 * https://github.com/distribution/reference
 */
export function readImage(reference: string): ImageName {
  const [named = "", digest] = reference.trim().split("@", 2);
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const first = name.split("/", 1)[0] ?? "";
  const registry = name.includes("/") && (/[.:]/.test(first) || first === "localhost") ? first : undefined;
  const isDefault = registry === undefined || registry === "docker.io" || registry === "index.docker.io";
  const local = registry === undefined ? name : name.slice(registry.length + 1);
  const repository = isDefault ? local.replace(/^library\//, "") : name;
  return {
    repository: repository.toLowerCase(),
    ...(isDefault ? {} : { registry: first }),
    ...(tag === undefined || tag === "" ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Sets `image`, `repository`, `registry`, `tag`, `digest` and `pinned` (by digest). */
export function setImage(draft: Draft, prefix: string, reference: string, line: number | undefined): ImageName {
  const image = readImage(reference);
  const set = (name: string, value: AttributeValue | undefined): void =>
    setAttribute(draft, `${prefix}${name}`, value, line);
  set("image", reference);
  set("repository", image.repository);
  set("registry", image.registry);
  set("tag", image.tag);
  set("digest", image.digest);
  set("pinned", image.digest !== undefined);
  return image;
}
