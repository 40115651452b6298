/*
 * Names as files write them, made comparable.
 */

/** `Orders_API`, `orders-api` and `OrdersApi` compare as `orders-api`. */
export function slug(name: string): string {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** The folder a path lies in; `""` for the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** The last part of a path. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A path as seen from a folder, with `.` and `..` walked; undefined when it leaves the repository. */
export function resolved(folder: string, path: string): string | undefined {
  const walked = path.startsWith("/") ? [] : folder.split("/").filter((part) => part !== "");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") walked.push(part);
    else if (walked.pop() === undefined) return undefined;
  }
  return walked.join("/");
}
