import type { Context, Hono } from "hono";

/** Who looks, as GitHub knows them. */
export interface Viewer {
  readonly id: number;
  readonly login: string;
}

/** A repository that the viewer may read on GitHub. */
export interface OpenRepository {
  /** GitHub's id: everything that is stored follows it, not the name (H089). */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly viewer: Viewer;
}

/** Lets people in to what they may read on GitHub, and to nothing else (H096). */
export interface Door {
  /**
   * The repository that the address names (`/:owner/:name/…`), where whoever asks may read it; otherwise the answer to
   * give: to sign in, that the dashboard is off, or the same 404 as for a repository that does not exist.
   */
  repository(context: Context): Promise<OpenRepository | Response>;
}

/** One part of the site: adds its routes, each behind the door. */
export type Part = (routes: Hono, door: Door) => void;
