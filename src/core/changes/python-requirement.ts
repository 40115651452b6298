import type { DependencyScope, StatedDependency } from "./dependency.ts";
import { baseName } from "./notations/items.ts";

/** One requirement as PEP 508 or pip writes it: a name with versions, `name @ url`, a bare address or a path. */
export function requirement(written: string, line: number): Omit<StatedDependency, "scope"> | undefined {
  const text = written
    .replace(/\s--(hash|config-settings|global-option)[\s=].*$/, "")
    .trim()
    .slice(0, 2000);
  const ecosystem = "pypi";
  const address = /^([A-Za-z0-9][A-Za-z0-9._-]*)?(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(text);
  if (address?.[1] !== undefined && address[2] !== undefined) {
    return { ecosystem, name: address[1], line, ...located(address[2]) };
  }
  if (/^(git|hg|svn|bzr)\+|^https?:\/\/|^git@|^file:/.test(text)) {
    const target = text.split(/[\s;]/, 1)[0] ?? text;
    const name = /[#&]egg=([A-Za-z0-9._-]+)/.exec(target)?.[1] ?? packageOfAddress(target);
    return { ecosystem, name, line, ...located(target) };
  }
  if (/^(\.{1,2}(\/|$)|\/)/.test(text)) {
    const target = text.split(/[\s;[]/, 1)[0] ?? text;
    return { ecosystem, name: baseName(target.replace(/\/$/, "")) || target, line, source: "path", target };
  }
  const named = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(\(?[<>=!~][^;#]*)?/.exec(text);
  if (!named?.[1] || (/^[A-Za-z0-9._-]+\s*[:({]/.test(text) && named[2] === undefined)) return undefined;
  return { ecosystem, name: named[1], version: (named[2] ?? "").replace(/[()\s]/g, ""), line };
}

function located(target: string): Pick<StatedDependency, "source" | "target" | "version"> {
  const clean = target.replace(/#.*$/, "");
  if (/^(git|hg|svn|bzr)\+|^git@|\.git(@|$)/.test(clean)) {
    return {
      source: "git",
      target: clean.replace(/@[^@/:]+$/, ""),
      version: /\.git@([^@]+)$|[^/@:]@([^@/:]+)$/.exec(clean)?.slice(1).find(Boolean) ?? "",
    };
  }
  // What the host packs of a repository at one version: another version of it is the same package.
  const packed = /^(https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/archive\/(?:refs\/\w+\/)?)([^/]+?)\.(?:zip|tar\.gz)$/.exec(
    clean,
  );
  if (packed?.[1] !== undefined && packed[2] !== undefined)
    return { source: "url", target: packed[1].replace(/\/$/, ""), version: packed[2] };
  return { source: /^file:|^\.{0,2}\//.test(clean) ? "path" : "url", target: clean };
}

function packageOfAddress(target: string): string {
  const packed = /^https:\/\/github\.com\/[\w.-]+\/([\w.-]+)\/archive\//.exec(target)?.[1];
  if (packed !== undefined) return packed;
  return baseName(target.replace(/[#?@][^/]*$/, "").replace(/\/$/, "")).replace(/\.git$|-\d.*$/, "") || target;
}

/** What a group of extras is for, by its name. */
export function groupScope(group: string, otherwise: DependencyScope): DependencyScope {
  if (/test|e2e|spec/i.test(group)) return "test";
  if (
    /^(dev|develop|development|docs?|lint|linting|types?|typing|ci|debug|build|release|format|style|qa|tools?|mypy)$/i.test(
      group,
    )
  )
    return "dev";
  return otherwise;
}
