import { z } from "zod";
import { rags } from "./assessment.ts";
import { riskClasses } from "./classification.ts";

export const systemSorts = ["worst", "name", "waiting", "threats", "updated", "risk"] as const;

/** Which systems are asked for: the query of the page and of the API. What does not fit is taken for not given. */
export const systemFilterSchema = z.object({
  /** Words that stand in the name of the repository, the system or the team. */
  q: z.string().max(100).catch(""),
  /** Systems of which some indicator, or the one named, has this colour. */
  colour: z.enum(rags).optional().catch(undefined),
  indicator: z.enum(["TM-1", "TM-2", "TM-3", "TM-4"]).optional().catch(undefined),
  risk: z.enum(riskClasses).optional().catch(undefined),
  team: z.string().min(1).max(300).optional().catch(undefined),
  portfolio: z.string().min(1).max(300).optional().catch(undefined),
  /** `yes`: only systems whose repository has something waiting for a Security Architect. */
  waiting: z.literal("yes").optional().catch(undefined),
  /** Only systems with an open threat that the rule, or the title in lower case, names. */
  threat: z.string().min(1).max(300).optional().catch(undefined),
  sort: z.enum(systemSorts).catch("worst"),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});
export type SystemFilter = z.infer<typeof systemFilterSchema>;
