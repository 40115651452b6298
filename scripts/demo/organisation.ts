import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Seed } from "../../test/github/seed.ts";

const organisationSchema = z.strictObject({
  organisation: z.string(),
  people: z.array(z.strictObject({ login: z.string(), name: z.string() })),
  teams: z.record(z.string(), z.array(z.string())),
  repositories: z.array(z.strictObject({ name: z.string(), private: z.boolean() })),
});

const stepSchema = z.union([
  z.literal("open"),
  z.literal("merge"),
  z.strictObject({ push: z.string(), message: z.string() }),
  z.strictObject({
    review: z.strictObject({
      by: z.string(),
      state: z.enum(["approve", "request changes", "comment"]),
      body: z.string().optional(),
    }),
  }),
  z.strictObject({
    expect: z.strictObject({
      conclusion: z.enum(["success", "neutral", "failure", "action_required"]).optional(),
      title: z.string().optional(),
      titleLacks: z.string().optional(),
      questionsAtLeast: z.number().optional(),
      questionsAtMost: z.number().optional(),
      reviewRequested: z.string().optional(),
      issuesAtLeast: z.number().optional(),
    }),
  }),
]);

const storySchema = z.strictObject({
  title: z.string(),
  author: z.string(),
  branch: z.string(),
  body: z.string().optional(),
  steps: z.array(z.union([stepSchema, z.strictObject({ push: z.string(), message: z.string() })])),
});

export type Step = z.infer<typeof stepSchema>;
export type Expectation = Extract<Step, { expect: unknown }>["expect"];

/** One pull request of the example and what happens to it. */
export interface Story extends z.infer<typeof storySchema> {
  /** `owner/name`. */
  readonly repository: string;
  /** Texts of a push, by its folder. */
  readonly pushes: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

export interface Example {
  readonly seed: Pick<Seed, "users" | "organizations" | "repositories">;
  readonly organisation: string;
  readonly stories: readonly Story[];
}

/** Reads an example organisation: its people, its repositories as they stand, and the stories of its pull requests. */
export async function readExample(folder: string): Promise<Example> {
  const described = organisationSchema.parse(parse(await readFile(join(folder, "organisation.yml"), "utf8")));
  const owner = described.organisation;
  const repositories = [];
  const stories: Story[] = [];
  for (const repository of described.repositories) {
    const name = `${owner}/${repository.name}`;
    repositories.push({
      name,
      private: repository.private,
      files: await textsBelow(join(folder, repository.name, "main")),
      teams: { engineering: "write", "security-architects": "write" } as const,
      labels: [],
    });
    stories.push(...(await storiesOf(join(folder, repository.name, "pull-requests"), name)));
  }
  return {
    organisation: owner,
    seed: {
      users: described.people,
      organizations: [
        {
          login: owner,
          teams: Object.entries(described.teams).map(([team, members]) => ({ name: team, members })),
        },
      ],
      repositories,
    },
    stories,
  };
}

async function storiesOf(folder: string, repository: string): Promise<Story[]> {
  const names = await readdir(folder).catch(() => []);
  const stories: Story[] = [];
  for (const name of names.sort()) {
    const story = storySchema.parse(parse(await readFile(join(folder, name, "story.yml"), "utf8")));
    const pushes = new Map<string, Readonly<Record<string, string>>>();
    for (const step of story.steps) {
      if (typeof step === "object" && "push" in step)
        pushes.set(step.push, await textsBelow(join(folder, name, step.push)));
    }
    stories.push({ ...story, repository, pushes });
  }
  return stories;
}

async function textsBelow(folder: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    texts[path.slice(folder.length + 1).replaceAll("\\", "/")] = await readFile(path, "utf8");
  }
  return texts;
}
