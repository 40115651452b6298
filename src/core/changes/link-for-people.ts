import { vocabulary, wordsOf } from "./words.ts";

/** What an address is called that people follow. */
const followed = vocabulary([
  "link",
  "href",
  "page",
  "website",
  "homepage",
  "guide",
  "guidance",
  "help",
  "feedback",
  "survey",
  "terms",
  "privacy",
  "docs",
  "documentation",
  "changelog",
  "image",
  "logo",
  "icon",
]);

/** A name that is given a value: `feedbackLink =`, `"help_url":`. */
const named = /([\w-]{2,80})["']?\s*[:=]/g;

/** Whether a line keeps an address under the name of something that people follow: a page, not another system that is called. */
export function isLinkForPeople(code: string): boolean {
  for (const [, name = ""] of code.matchAll(named)) {
    const words = wordsOf(name);
    const last = words.at(-1);
    const telling = last === "url" || last === "uri" ? words.at(-2) : last;
    if (telling !== undefined && followed(` ${telling} `) !== undefined) return true;
  }
  return false;
}
