import { randomUUID } from "node:crypto";
import { constants, readlinkSync } from "node:fs";
import { copyFile, link, mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";

/*
 * The embedded database has no lock of its own: two processes on one folder would lose each other's writes without an error.
 * A file with our process id stands for it. Ids mean something only where they were given, and in a container every service
 * is process 1; so the file also says where that is, and its time is renewed for as long as its process lives.
 */

const heartbeat = 1_000;
/** A lock from elsewhere whose time stands still for so long belongs to nobody any more. */
const stale = 6_000;

/** Folders that this process holds. */
const held = new Set<string>();

/** Takes the folder for this process. Throws in words where another one has it; gives back how to leave it. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const whole = resolve(folder);
  if (held.has(whole)) throw inUse(folder, "this process");
  await mkdir(folder, { recursive: true });
  const path = join(folder, "lock");
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(ownText());
      await handle.close();
      held.add(whole);
      return release(path, whole);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const text = await written(path);
      const owner = await livingOwner(path, text);
      if (owner !== undefined) throw inUse(folder, owner);
      await takeAway(path, text);
    }
  }
  throw new Error(`Could not take the lock ${path}: another process is starting at the same moment. Start again.`);
}

function release(path: string, whole: string): () => Promise<void> {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, heartbeat);
  beat.unref();
  return async () => {
    clearInterval(beat);
    held.delete(whole);
    // Whoever took it meanwhile, because we stood still for too long, keeps it.
    if ((await readFile(path, "utf8").catch(() => "")) === ownText()) await rm(path, { force: true });
  };
}

function ownText(): string {
  return `${process.pid}\n${here()}`;
}

function inUse(folder: string, owner: string): Error {
  return new Error(
    `The embedded database in ${folder} is in use by ${owner}. It serves one process: stop the other, choose another DATA_DIR, or set DATABASE_URL.`,
  );
}

/**
 * Takes away a lock that belonged to nobody when this stood in it. Another process that starts at the same moment may have
 * done so before, and what lies there now is its own: that is put back. Only one of two moves the file.
 */
async function takeAway(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== text) await putBack(aside, path);
  await rm(aside, { force: true });
}

/** Under its own name again it must be the same file: its owner may be writing into it at this moment. */
async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    // Where a file has one name only, its content is put back.
    await copyFile(aside, path, constants.COPYFILE_EXCL).catch(() => {});
  }
}

/** Whose this lock is, in words; undefined where it is nobody's any more. */
async function livingOwner(path: string, text: string): Promise<string | undefined> {
  const [id = "", place] = text.split("\n");
  const owner = Number(id);
  if (!(owner > 0)) return undefined;
  if (place === undefined || place === here()) {
    return owner !== process.pid && isAlive(owner) ? `process ${owner}` : undefined;
  }
  return (await isBeating(path)) ? `process ${owner} on ${place.split(" ")[0]}` : undefined;
}

/** What stands in the lock. It is made first and written then: one that is empty may be written at this moment. */
async function written(path: string): Promise<string> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== "") return text ?? "";
    await new Promise((wake) => setTimeout(wake, heartbeat / 5));
  }
  return "";
}

/** The machine, and the space of process ids in it: each container has one of its own. */
function here(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

async function isBeating(path: string): Promise<boolean> {
  const before = await timeOf(path);
  const end = Date.now() + stale;
  while (Date.now() < end) {
    await new Promise((wake) => setTimeout(wake, heartbeat / 2));
    if ((await timeOf(path)) !== before) return true;
  }
  return false;
}

/** 0 where it is gone: then it was given up meanwhile. */
async function timeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
