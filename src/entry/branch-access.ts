import type { GitHubApp } from "../shell/github/app.ts";
import type { BranchAccess } from "../shell/github/comments.ts";

/** Committing for people who ask for it, where the installation granted it (`app.full.yml`). */
export function branchAccess(app: GitHubApp, installation: number, repository: string): BranchAccess {
  return {
    granted: async () =>
      (await app.mayCommit(installation))
        ? { possible: true }
        : { possible: false, why: "This App may read the files of the repository and not write them." },
    client: () => app.forCommitting(installation, repository),
  };
}
