import type { GitHub } from "../../test/github/github.ts";
import type { Played } from "./play.ts";

/** What a visitor of the dashboard saw, and what was expected and did not come. */
export interface Visit {
  readonly seen: string;
  readonly missing: readonly string[];
}

/** Signs in as the Security Architect of the example and looks at each page as a person would: by its links. */
export async function visitDashboard(
  url: string,
  github: GitHub,
  owner: string,
  played: readonly Played[],
): Promise<Visit> {
  const cookies = new Map<string, string>();
  const ask = async (path: string): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(new URL(path, url), { redirect: "manual", headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.split(";", 1)[0] ?? "";
      cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return answer;
  };
  const consent = new URL((await ask("/sign-in")).headers.get("location") ?? "", github.url);
  consent.searchParams.set("as", "dana-lindqvist");
  const back = (await fetch(consent, { redirect: "manual" })).headers.get("location") ?? "/";
  await ask(back);
  const missing: string[] = [];
  const expectPage = async (path: string, words: readonly string[]): Promise<string> => {
    const answer = await ask(path);
    const text = await answer.text();
    for (const word of words) {
      if (answer.status !== 200 || !text.includes(word)) missing.push(`${path}: ${answer.status}, no “${word}”`);
    }
    return text;
  };
  const front = await expectPage(`/orgs/${owner}`, ["The four indicators", "Waits for an architect", "Systems"]);
  for (const page of ["risk", "teams", "controls", "rules"]) await expectPage(`/orgs/${owner}/${page}`, ["<h1>"]);
  // From the first page to a system to a pull request: why it is as it is.
  const [merged] = played.filter(({ story }) => story.steps.includes("merge"));
  if (merged) {
    const { repository } = merged.story;
    if (!front.includes(`href="/${repository}"`)) missing.push(`/orgs/${owner}: no link to ${repository}`);
    await expectPage(`/${repository}`, ["Indicators", "The eight deliverables", `#${merged.number}`]);
    await expectPage(`/${repository}/pull/${merged.number}`, ["Why", "Policy in force"]);
  }
  return {
    seen: `${url}/orgs/${owner}, signed in as dana-lindqvist: ${missing.length === 0 ? "every page as expected" : "not as expected"}.`,
    missing,
  };
}
