/** How far a version moved. `other`: both are stated and differ, but at least one holds no number to compare. */
export type VersionStep = "major" | "minor" | "patch" | "other" | "none";

/**
 * The step between two versions or ranges as written (`^1.2.3`, `~> 2.0`, `>=1,<2`, `v1.2.3`, `==1.0.post1`, `1.2.x`).
 * Of a range the first number is compared. Below 1.0 a minor step stays a minor step, although semantic versioning lets
 * it break anything (semver.org, item 4): many libraries never leave 0.x and raise that number every few weeks, and a
 * raised minor number does not ask for the threat model, whatever the package does.
 */
export function versionStep(before: string | undefined, after: string | undefined): VersionStep {
  const was = before?.trim() ?? "";
  const is = after?.trim() ?? "";
  if (was === is) return "none";
  const from = numbersOf(was);
  const to = numbersOf(is);
  if (!from || !to) return "other";
  if (from.numbers[0] !== to.numbers[0]) return "major";
  if (from.numbers[1] !== to.numbers[1]) return "minor";
  if (from.numbers.join(".") === to.numbers.join(".") && from.suffix === to.suffix) {
    // Only the operator moved: `^1.2.3` to `1.2.3` is a pin, not another version.
    return "none";
  }
  return "patch";
}

/** Negative when `before` is the higher version, positive when `after` is, 0 when equal or not comparable. */
export function compareVersions(before: string | undefined, after: string | undefined): number {
  const from = numbersOf(before ?? "");
  const to = numbersOf(after ?? "");
  if (!from || !to) return 0;
  const length = Math.max(from.numbers.length, to.numbers.length);
  for (let index = 0; index < length; index++) {
    const step = (to.numbers[index] ?? 0) - (from.numbers[index] ?? 0);
    if (step !== 0) return step;
  }
  if (from.suffix === to.suffix) return 0;
  if (from.suffix === "") return -1;
  if (to.suffix === "") return 1;
  return from.suffix < to.suffix ? 1 : -1;
}

/** Numbers of the first version in the text, at least two of them, and what follows (`-rc.1`, `.post1`, `RELEASE`). */
function numbersOf(text: string): { numbers: number[]; suffix: string } | undefined {
  const found = /(?:^|[^\w.])v?(\d{1,15}(?:\.(?:\d{1,15}|[xX*]))*)([-+.]?[A-Za-z][\w.+-]*|[-+][\w.+-]+)?/.exec(text);
  if (!found?.[1]) return undefined;
  const numbers = found[1].split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  while (numbers.length < 3) numbers.push(0);
  return { numbers, suffix: (found[2] ?? "").replace(/^[-+.]/, "") };
}
