import { z } from "zod";

/** A list of one kind of part. */
export const list = <Part extends z.ZodType>(part: Part) => z.array(part).readonly();
export const count = z.int().min(0);

/** A file of the repository, and its line where one is known. */
export const placeSchema = z.object({ path: z.string(), line: z.int().exactOptional() });

/** How the model covers a third-party component. */
const coveredSchema = z.object({ element: z.string(), how: z.enum(["named", "manifest-listed"]) });

const packageSchema = z.object({
  ecosystem: z.string(),
  name: z.string(),
  version: z.string(),
  scope: z.string(),
  /** Anything but `registry` is not what everybody else gets under that name. */
  source: z.string(),
  where: placeSchema,
  /** What it brings into the system, by our types of elements. */
  brings: list(z.string()),
  covered: coveredSchema.optional(),
});
export type EvidencePackage = z.infer<typeof packageSchema>;

/** Third-party components as an evidence report lists them. */
export const componentsSchema = z.object({
  /** False where the repository's files were not read: then nothing is known of its components. */
  isRead: z.boolean(),
  manifests: list(
    z.object({
      path: z.string(),
      ecosystem: z.string(),
      runtime: count,
      development: count,
      covered: coveredSchema.optional(),
    }),
  ),
  packages: list(packageSchema),
  /** Parties that the repository's own files say the system talks to. */
  services: list(
    z.object({ name: z.string(), type: z.string(), where: placeSchema, covered: coveredSchema.optional() }),
  ),
  notRead: list(z.object({ path: z.string(), reason: z.string() })),
});
export type EvidenceComponents = z.infer<typeof componentsSchema>;
