import type { ElementKind } from "../domain/stride.ts";
import type { DrawioCell } from "./drawio-cells.ts";
import { kindByName } from "./element-kind.ts";

/*
 * What the stencils of draw.io stand for in a data flow diagram. Names of shapes: the sidebars of jgraph/drawio
 * (`Sidebar-*.js`), the C4, AWS, Azure, Google Cloud and data flow libraries, and michenriksen/drawio-threatmodeling.
 */

const storeShapes =
  /\b(cylinder3?|datastore|dataStoreID|data_?store|parallelLines|stored_data|direct_data|sequential_data|internal_storage|multi-document|isometricCylinder)\b|database|bigtable|bigquery|spanner|firestore|datastore|memorystore|cloud_sql|cloud_storage|\bs3\b|simple_storage|bucket|\brds\b|aurora|dynamo_?db|elasticache|redshift|documentdb|neptune|\befs\b|\bebs\b|elastic_block|elastic_file|glacier|\bsqs\b|queue_service|simple_queue|_queue\b|service_bus|event_hubs?|kinesis|\bmsk\b|kafka|rabbitmq|redis|postgres|mysql|mongodb|cosmos|storage_accounts?|blob|key_vaults?|secrets_manager|parameter_store|\becr\b|container_registr/i;

const externalShapes =
  /\b(umlActor|actor2?|externalEntity|external_entity|person2?|users?|client|traditional_client|mobile_client|internet|browser|laptop|mobile|workstation|pc)\b|\.(users?|client|internet|browser|laptop|pc)\b|c4\.(person|webBrowser)/i;

/** Pictures of comments and layout, not of parts of a system. */
const remarks =
  /^(text|line|note2?|callout|edgeLabel|wire|waypoint|curlyBracket|mxgraph\.basic\.(sun|star|banner)|mxgraph\.flowchart\.annotation_\d|mxgraph\.infographic\..*|title|label)$/;

const zoneWords =
  /\b(trust|zone|boundary|boundaries|dmz|perimeter|vpc|vnet|subnet|network|namespace|cluster|region|account|tenant|internet|intranet|lan)\b/i;

/** Whether a cell is a text or a remark beside the drawing. */
export function isRemark(cell: DrawioCell): boolean {
  const { style } = cell;
  if (style.shapes.some((shape) => remarks.test(shape))) return true;
  return (
    style.get("strokeColor") === "none" &&
    style.get("fillColor") === "none" &&
    style.shapes.length === 0 &&
    style.words === ""
  );
}

/** A box that lists what the model says beside the drawing, its threats or controls, under a heading that says so. */
export function isListing({ lines }: DrawioCell): boolean {
  const heading =
    /^(security )?(threats?|threat actors?|mitigations?|controls?|assets?|risks?|assumptions|findings|notes?|out of scope)(?!\w)(?! (service|server|engine|database|db|store|api|manager|system|scanner|registry)\b)/i;
  return lines.length > 2 && heading.test(lines[0] ?? "");
}

/** A table, list or class box whose children are its rows: one element, not a container. */
export function isTable({ style }: DrawioCell): boolean {
  return (
    /^(stack|table|rack)Layout$|^rack$/.test(style.get("childLayout") ?? "") ||
    style.shapes.some((shape) => /^(table|tableRow|partialTable)$/.test(shape))
  );
}

/** Whether a cell is drawn as an enclosure: dashed, a swimlane, a group of a cloud library, or named as a zone. */
export function looksLikeBoundary(cell: DrawioCell): boolean {
  const { style } = cell;
  if (/Boundary/i.test(cell.c4.type ?? "")) return true;
  if (style.shapes.some((shape) => /^swimlane$|\.group|_group|groupCenter|zone|boundary/i.test(shape))) return true;
  return style.get("dashed") === "1" || style.get("container") === "1" || zoneWords.test(cell.lines.join(" "));
}

/** A box that others show through: dashed, without a filling, or the cube of a UML node, on which things are deployed. */
export function isOutline({ style }: DrawioCell): boolean {
  return style.get("dashed") === "1" || style.get("fillColor") === "none" || style.shapes.includes("cube");
}

/** A box that says of itself that it is a boundary. */
export function isNamedBoundary({ lines }: DrawioCell): boolean {
  const text = lines.join(" ");
  return text.length <= 60 && /\bboundary\b|\btrust zone\b/i.test(text);
}

/** A line of its own that parts two sides: dashed or red, or named as a boundary, and without arrow heads. */
export function isBoundaryLine(cell: DrawioCell): boolean {
  const { style } = cell;
  if (isNamedBoundary(cell)) return true;
  const isPlain = (style.get("endArrow") ?? "classic") === "none" && (style.get("startArrow") ?? "none") === "none";
  return isPlain && style.get("dashed") === "1";
}

/** Open at both sides, with lines above and below, or open at one: how Yourdon and Gane & Sarson draw a store. */
function isOpenRectangle({ style }: DrawioCell): boolean {
  return style.get("left") === "0" || style.get("right") === "0";
}

/**
 * The kind of an element by its stencil, then by its name. `isClassic` says that the page draws processes as circles, so
 * that a plain rectangle is an external entity.
 */
export function kindOfCell(cell: DrawioCell, named: string, isClassic: boolean): ElementKind {
  const { style, c4 } = cell;
  // What is said below a name, such as "(log loader)", tells of its work, not of its kind.
  const name = (cell.lines[0] ?? named).replace(/\([^()]{0,100}\)/g, " ");
  if (c4.type !== undefined && /person|external/i.test(c4.type)) return "external";
  if (style.shapes.includes("partialRectangle") && (isClassic || isOpenRectangle(cell))) return "store";
  if (storeShapes.test(style.words)) return "store";
  if (externalShapes.test(style.words)) return "external";
  if (isRound(cell)) return "process";
  const isPlain =
    style.shapes.every((shape) => /^(rect|rectangle|rounded)$/.test(shape)) &&
    style.words.trim() === style.shapes.join(" ");
  if (isClassic && isPlain && style.get("rounded") !== "1") return "external";
  return kindByName(name);
}

/** A circle: the process of a classic data flow diagram. */
export function isRound({ style }: DrawioCell): boolean {
  return style.shapes.some((shape) => /^(ellipse|doubleEllipse|mxgraph\.dfd\.process)$/.test(shape));
}

/** The product that an icon stands for: `mxgraph.aws4.lambda_function` is `lambda function`. Undefined for plain shapes. */
export function iconName({ style }: DrawioCell): string | undefined {
  const icon =
    style.get("resIcon") ?? style.get("prIcon") ?? style.shapes.find((shape) => shape.startsWith("mxgraph."));
  const named = icon ?? (style.get("image")?.startsWith("data:") === true ? undefined : style.get("image"));
  const last = named
    ?.split(/[./]/)
    .filter((part) => !/^(svg|png|mxgraph)$/.test(part))
    .at(-1);
  const words = last?.replace(/[_-]+/g, " ").trim();
  return words === undefined || words === "" || /^(resourceIcon|productIcon)$/.test(words) ? undefined : words;
}
