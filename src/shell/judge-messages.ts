import type { JudgeContext } from "../core/domain/judge-context.ts";
import type { Judgement } from "../core/domain/judgement.ts";
import type { Needs } from "../core/domain/needs.ts";
import type { Onboarding } from "../core/domain/onboarding.ts";
import type { SeenRepository } from "../core/domain/seen-repository.ts";
import type { Snapshot } from "../core/domain/snapshot.ts";

/** What the service asks of the process that judges. */
export type Question =
  | {
      readonly id: number;
      readonly ask: "still-needed";
      readonly snapshot: Snapshot;
      readonly asked: readonly string[];
    }
  | { readonly id: number; readonly ask: "judge"; readonly snapshot: Snapshot; readonly context: JudgeContext }
  | { readonly id: number; readonly ask: "onboarding"; readonly seen: SeenRepository; readonly instead?: string };

/** Its answer. `failed` carries a fault of ours in words. */
export type Answer =
  | { readonly id: number; readonly needs: Needs | undefined }
  | { readonly id: number; readonly judgement: Judgement }
  | { readonly id: number; readonly onboarding: Onboarding }
  | { readonly id: number; readonly failed: string };
