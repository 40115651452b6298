import type { World } from "../shell/ports.ts";
import { forgetful } from "./world.ts";

/** The same world, in which an evaluation sees everything, writes nothing and leaves no record. */
export function quietly(world: World): World {
  return {
    ...world,
    store: forgetful,
    posts: {
      observed: (subject, snapshot, issuesIn) => world.posts.observed(subject, snapshot, issuesIn),
      begin: async () => {},
      apply: async () => [],
    },
  };
}
