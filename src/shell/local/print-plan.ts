import type { Observed } from "../../core/domain/observed.ts";
import { nothingObserved } from "../../core/domain/observed.ts";
import type { Posts } from "../ports.ts";

/** Posts for a local checkout: there is nothing on GitHub, and nothing is written. The command prints the plan itself. */
export const localPosts: Posts = {
  begin: async () => {},
  observed: async () => nothingObserved,
  apply: async () => [],
};

/** Posts that look at GitHub but write nothing: the dry run of a real pull request. */
export function dryPosts(posts: Posts): Posts {
  return {
    begin: async () => {},
    observed: (...asked): Promise<Observed> => posts.observed(...asked),
    apply: async () => [],
  };
}
