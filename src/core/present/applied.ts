import { blocks, entries } from "./blocks.ts";
import { code, join, link, type Markdown, md, sentence } from "./markdown.ts";

/** A comment whose answers are not committed: shown for another head, or they would come out otherwise today. */
export interface LeftOut {
  readonly url: string;
  readonly because: { readonly shownFor: string; readonly head: string } | "it differs";
}

/** What `/threat apply` came to. */
export type Applied =
  | { readonly outcome: "off"; readonly why: string }
  | { readonly outcome: "refused"; readonly why: string; readonly left: readonly LeftOut[] }
  | { readonly outcome: "nothing"; readonly left: readonly LeftOut[] }
  | {
      readonly outcome: "committed";
      readonly commit: { readonly id: string; readonly url: string };
      /** Threats as they are shown, and the files that were written. */
      readonly threats: readonly string[];
      readonly files: readonly string[];
      readonly left: readonly LeftOut[];
    };

const byHand = md`Take the patches over by hand, or let ${code("threatgate answer")} write them.`;

/** The reply to `/threat apply`. */
export function appliedPart(applied: Applied): Markdown {
  const command = code("/threat apply");
  switch (applied.outcome) {
    case "off":
      return md`${command} is not done. ${sentence(applied.why)} ${byHand}`;
    case "refused":
      return blocks([md`${command} is not done. ${sentence(applied.why)} ${byHand}`, leftOut(applied.left)]);
    case "nothing":
      return blocks([
        applied.left.length === 0
          ? md`Nothing is left to commit: the model holds every answer that was shown here.`
          : md`${command} is not done: nothing can be committed.`,
        leftOut(applied.left),
      ]);
    case "committed": {
      const files = join(
        applied.files.map((file) => code(file)),
        md`, `,
      );
      const threats = join(
        applied.threats.map((id) => code(id)),
        md`, `,
      );
      return blocks([
        md`Committed as ${link(code(applied.commit.id.slice(0, 7)), applied.commit.url)}: ${threats} in ${files}. Whoever asked for it is an author of the commit, so that their own approval does not count.`,
        leftOut(applied.left),
      ]);
    }
  }
}

function leftOut(left: readonly LeftOut[]): Markdown | undefined {
  if (left.length === 0) return undefined;
  const items = left
    .slice(0, 10)
    .map(({ url, because }) => md`${link(md`An answer`, url)} is left out: ${why(because)}.`);
  const more = left.length > items.length ? [md`${left.length - items.length} more are left out likewise.`] : [];
  return blocks([
    entries([...items, ...more], "marks"),
    md`Give such an answer again, look at its patch, and apply that.`,
  ]);
}

function why(because: LeftOut["because"]): Markdown {
  if (because === "it differs") return md`its change would not be the one that was shown`;
  const { shownFor, head } = because;
  return md`its change was shown for ${code(shownFor.slice(0, 7))}, and the head is ${code(head.slice(0, 7))} now`;
}
