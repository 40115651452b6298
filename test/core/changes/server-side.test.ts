import { describe, expect, test } from "@jest/globals";
import { readCode } from "../../../src/core/changes/code-line.ts";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";
import { readPatch } from "../../../src/core/changes/patch.ts";
import { runsOnServer } from "../../../src/core/changes/server-side.ts";

function onServer(path: string, added: readonly string[], heading = ""): boolean {
  const patch = readPatch(`@@ -0,0 +1,${added.length} @@\n${added.map((line) => `+${line}`).join("\n")}`);
  if ("unreadable" in patch) throw new Error(patch.unreadable);
  const lines = patch.hunks.flatMap((hunk) => readCode(hunk, "javascript"));
  return runsOnServer(path, "javascript", [heading], lines);
}

function readOnServer(path: string, patchLines: readonly string[]): boolean {
  const [before, after] = ["+", "-"].map((sign) => patchLines.filter((line) => !line.startsWith(sign)).length);
  const patch = [`@@ -1,${before} +1,${after} @@`, ...patchLines].join("\n");
  const [file] = inspectFiles([
    { filename: path, status: "modified", additions: 1, deletions: 1, changes: 2, patch },
  ]).files;
  return file?.role === "production";
}

test("a page that a browser no longer runs alone is read as a server's", () => {
  const lines = ['-"use client";', "-export default function Notes() {", "+export default async function Notes() {"];
  expect(readOnServer("web/src/notes/page.tsx", lines)).toBe(true);
  expect(readOnServer("web/src/notes/page.tsx", [' "use client";', ...lines.slice(1)])).toBe(false);
});

describe("a file under the folders of a web client", () => {
  test.each([
    ["loads what only a server has", "apps/web/src/lib/files.ts", 'import { readFile } from "node:fs/promises";'],
    ["is a route with the ending of a page", "apps/shop/app/orders/route.tsx", "  const enabled = false;"],
    ["is of the package of a service", "apps/backend/src/lib/tokens.tsx", "  const order = await read(token);"],
    ["asks a store", "apps/web/src/features/notes/data.ts", "  const note = await prisma.note.findFirst({ where });"],
    ["answers a request", "apps/web/src/lib/pages.ts", "  return NextResponse.redirect(address);"],
    ["is a procedure", "apps/web/src/api/notes.ts", "  remove: privateProcedure.input(schema).mutation(run),"],
    ["reads a secret setting", "apps/web/src/lib/mail.tsx", "  pass: process.env.SMTP_PASSWORD,"],
    ["takes a request of Next.js", "web/src/features/notes/list.ts", "  res: NextApiResponse<Note>,"],
    ["is a server action", "apps/web/src/notes/actions.ts", '"use server";'],
    ["counts in a store", "web/components/notes/actions.ts", "  const pipeline = redis.pipeline();"],
    ["reads a cookie of the request", "web/src/lib/notes.ts", "  const note = (await cookies()).get('note');"],
    ["asks for the session", "web/src/notes/page.tsx", "  const session = await getServerAuthSession();"],
    ["answers in Express", "client/proxy/index.js", "  res.status(200).send(note); res.sendStatus(404);"],
    ["loads for a page of Remix", "frontend/pages/notes.tsx", "export async function loader({ request }) {"],
  ])("runs on a server when it %s", (_, path, line) => {
    expect(onServer(path, [line])).toBe(true);
  });

  test("runs on a server by its place alone", () => {
    expect(onServer("apps/web/src/middleware.ts", ["export const limit = 3;"])).toBe(true);
    expect(onServer("apps/web/src/server/notes.ts", ["export const limit = 3;"])).toBe(true);
    expect(onServer("web/src/features/notes/server/list.ts", ["export const limit = 3;"])).toBe(true);
    expect(onServer("web/src/pages/api/notes/[id].ts", ["export const limit = 3;"])).toBe(true);
    expect(onServer("frontend/app/notes/route.ts", ["export const limit = 3;"])).toBe(true);
    expect(onServer("frontend/notes.server.ts", ["export const limit = 3;"])).toBe(true);
  });

  test("runs on a server when the declaration that it stands in does", () => {
    expect(onServer("apps/web/src/lib/auth.ts", ["  cache: true,"], "export const auth = betterAuth({")).toBe(true);
  });

  test.each([
    ["apps/web/src/lib/auth.ts", 'import { createAuthClient } from "better-auth/react";'],
    ["web/src/lib/auth.ts", "export const signIn = (body: Body) => http.post('/login', body);"],
    ["web/src/components/Notes.tsx", "  return <p>{note.text}</p>;"],
    ["web/src/config.ts", "export const site = process.env.NEXT_PUBLIC_SITE;"],
  ])("does not when it only calls one: %s", (path, line) => {
    expect(onServer(path, [line])).toBe(false);
  });

  test("does not when it is a part of a page, whatever it takes types from; unless it asks a store itself", () => {
    const page = [
      'import { Note } from "@prisma/client";',
      "export function Notes() {",
      "  const [notes, setNotes] = useState<Note[]>([]);",
    ];
    expect(onServer("web/src/components/Notes.tsx", page)).toBe(false);
    expect(onServer("web/src/components/Notes.tsx", page.slice(0, 2))).toBe(true);
    const asked = [...page, "}", "export const load = () => prisma.note.findMany();"];
    expect(onServer("web/src/components/Notes.tsx", asked)).toBe(true);
  });
});

test("what runs on a server is read as such, wherever it lies", () => {
  const patch = "@@ -0,0 +1,1 @@\n+  const note = await prisma.note.findFirst({ where });";
  const { files } = inspectFiles([
    { filename: "apps/web/src/notes/data.ts", status: "added", additions: 1, deletions: 0, changes: 1, patch },
  ]);
  expect(files.map(({ role }) => role)).toEqual(["production"]);
});

test("a page among the files of a service stays a page", () => {
  expect(onServer("apps/backend/src/pages/orders.tsx", ["  <Orders />"])).toBe(false);
  expect(onServer("apps/backend/src/emails/welcome.tsx", ["  const subject = 'Welcome';"])).toBe(false);
});
