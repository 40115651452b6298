import { structureOfDocuments } from "../notations/documents.ts";
import { emptyDraft, entriesOf, itemOf, type LineOf, member, setAttribute, setNested } from "../notations/items.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * CloudFormation, SAM and the Serverless framework: one item a resource, type such as `AWS::S3::Bucket`, properties as attributes. Short
 * functions (`!Ref`, `!Sub`) are kept as their text. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export const structure: StructureReader = {
  name: "CloudFormation template",
  // YAML anywhere may be a template; JSON only where its name or folder says so, since there is so much of it.
  wants: (path) =>
    (/\.(ya?ml|template)$/.test(path) && !/(^|\/)\.github\//.test(path)) ||
    /(^|[/._-])(cloudformation|cfn|sam|stacks?|template)[^/]*(\/.*)?\.json$/i.test(path),
  read(path, text): Structure {
    // Cheap and certain: without a resource of AWS there is nothing to compare.
    if (!/["']?Type["']?\s*:\s*["']?(AWS|Alexa|Custom)::/.test(text)) return { items: [] };
    const isJson = path.endsWith(".json") || /^\s*\{/.test(text);
    return structureOfDocuments({ text, isJson }, ({ value, lineOf }) => itemsOf(value, lineOf));
  },
};

function itemsOf(value: unknown, lineOf: LineOf): Item[] {
  const items: Item[] = [];
  for (const at of [["Resources"], ["resources", "Resources"]]) {
    const table = at.reduce<unknown>((inner, part) => member(inner, part), value);
    for (const [id, resource] of entriesOf(table)) {
      const type = member(resource, "Type");
      if (typeof type !== "string") continue;
      const draft = emptyDraft();
      setNested(draft, "", member(resource, "Properties") ?? {}, lineOf, [...at, id, "Properties"]);
      for (const setting of ["DeletionPolicy", "UpdateReplacePolicy", "Condition"]) {
        const said = member(resource, setting);
        if (typeof said === "string") setAttribute(draft, setting, said, lineOf([...at, id, setting]));
      }
      items.push(
        itemOf({ kind: "cloudformation-resource", type, key: id, name: id, line: lineOf([...at, id]) ?? 1 }, draft),
      );
    }
  }
  return items;
}
