import type { World } from "../world.ts";

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** The page that a person sees at a path; nothing where there is none. */
export async function pageFor(world: World, path: string): Promise<Page | undefined> {
  if (path !== "/") return undefined;
  return { status: 200, type: "text/plain; charset=utf-8", text: `${world.repositories.size} repositories` };
}
