import type { ElementType } from "./element-type.ts";
import type { Fact } from "./fact.ts";
import type { ModelAcceptance, ModelAnswer, ModelRequirement, ModelReview } from "./model-decisions.ts";
import type { Place, Problem } from "./problem.ts";
import type { Rating, RiskLevel } from "./risk.ts";
import type { ElementKind, StrideLetter } from "./stride.ts";
import type { ThreatStatus } from "./threat.ts";

/** The formats that are told apart by content. The list is fixed by the command-line interface and may grow. */
export const modelFormats = [
  "native",
  "markdown",
  "threagile",
  "threat-dragon",
  "threat-composer",
  "otm",
  "hcltm",
  "pytm",
  "tm7",
  "tictaac",
  "tm-library",
  "cyclonedx-tmbom",
  "drawio",
  "plantuml",
  "other-yaml",
  "other-json",
  "unknown",
] as const;
export type ModelFormat = (typeof modelFormats)[number];

/** The eight deliverables of the UKHSA threat-modelling standard, by the short names of the interfaces. */
export const deliverableIds = [
  "context",
  "dfd",
  "stride",
  "risk",
  "controls",
  "stories",
  "validation",
  "documentation",
] as const;
export type DeliverableId = (typeof deliverableIds)[number];

/** Full names of the deliverables, as people read them. */
export const deliverableNames: Readonly<Record<DeliverableId, string>> = {
  context: "system context",
  dfd: "data flow diagram",
  stride: "STRIDE analysis",
  risk: "risk assessment",
  controls: "security controls",
  stories: "security user stories",
  validation: "validation plan",
  documentation: "documentation",
};

/** A text with the place it was read from. */
export interface Stated {
  readonly text: string;
  readonly place: Place;
}

/** What the model says of the system as a whole. Absent fields were not stated. */
export interface ModelSystem {
  readonly id?: string;
  readonly name?: Stated;
  readonly description?: Stated;
  readonly owner?: Stated;
  readonly users: readonly Stated[];
  readonly data: readonly { readonly name: string; readonly classification?: string; readonly place: Place }[];
  /** Links to architecture documentation: paths in the repository or addresses. */
  readonly links: readonly Stated[];
  readonly exposure?: Stated;
  readonly criticality?: Stated;
  /** Laws and standards that apply to it, in the author's words. */
  readonly regulations?: readonly Stated[];
}

export interface ModelElement {
  /** The author's own id, or the name where the format has none. Threat ids rest on it. */
  readonly id: string;
  /** Ids that it had before: answers given under them still count. */
  readonly formerly?: readonly string[];
  readonly name: string;
  readonly kind: ElementKind;
  /** Our component type where the file or its technology says enough; otherwise absent, never guessed. */
  readonly type?: ElementType;
  readonly technology?: string;
  /** Id of the boundary it lies in. */
  readonly boundary?: string;
  readonly data: readonly string[];
  /** Repository paths or patterns that implement it. */
  readonly files: readonly string[];
  readonly facts: readonly Fact[];
  readonly place: Place;
}

export interface ModelFlow {
  readonly id: string;
  /** Ids that it had before: answers given under them still count. */
  readonly formerly?: readonly string[];
  readonly name?: string;
  /** Element ids. */
  readonly from: string;
  readonly to: string;
  readonly data: readonly string[];
  readonly protocol?: string;
  readonly facts: readonly Fact[];
  readonly place: Place;
}

export interface ModelBoundary {
  readonly id: string;
  readonly name: string;
  readonly parent?: string;
  readonly place: Place;
}

/** What a boundary is called that nobody gave a name, such as a bare line in a drawing. */
export const unnamedBoundary = "trust boundary";

/** A picture of the flows. `elements` stands for a format whose elements are themselves the diagram. */
export interface ModelDiagram {
  readonly kind: "mermaid" | "plantuml" | "drawio" | "ascii" | "image" | "link" | "elements";
  /** Shown as a data flow diagram (by heading, title, alt text or because it holds flows and boundaries). */
  readonly isDataFlow: boolean;
  readonly hasBoundaries: boolean;
  readonly place: Place;
}

export interface ModelThreat {
  /** The author's own id where there is one, otherwise derived by the reader from position-free content. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** Id or name of the element it concerns. */
  readonly element?: string;
  readonly stride: readonly StrideLetter[];
  readonly impact?: Rating;
  readonly likelihood?: Rating;
  /** Overall rating where the format gives one or impact and likelihood allow it. */
  readonly risk?: RiskLevel;
  /** The rating in the file's own words, kept beside ours. */
  readonly riskStated?: string;
  readonly status: ThreatStatus;
  readonly statusStated?: string;
  /** Ids of controls in `controls`. */
  readonly controls: readonly string[];
  /** Free text that mitigates, where the format has no controls of their own. Placeholders are not kept. */
  readonly mitigation?: string;
  /** Rationale of an acceptance or of "not applicable". */
  readonly reason?: string;
  /** Who treats it, and the ISO day by which. */
  readonly owner?: string;
  readonly due?: string;
  /** Id of the evidence theme it belongs to, where its author says so. */
  readonly theme?: string;
  readonly place: Place;
}

export const controlStatuses = ["proposed", "implemented", "verified"] as const;
export type ControlStatus = (typeof controlStatuses)[number];

export interface ModelControl {
  readonly id: string;
  readonly title: string;
  readonly status?: ControlStatus;
  /** Paths, links or texts that show it. */
  readonly evidence: readonly string[];
  readonly place: Place;
}

export interface ModelStory {
  readonly id: string;
  readonly threats: readonly string[];
  readonly as?: string;
  readonly need?: string;
  readonly so?: string;
  readonly acceptance: readonly string[];
  /** Link or reference to tracked work. */
  readonly issue?: string;
  readonly place: Place;
}

export interface ModelValidation {
  readonly id: string;
  /** Id of the control it shows to work; absent for a plan that names none. */
  readonly control?: string;
  /** `automated-test`, `exploratory-test`, `logging-check`, `scan`, `review` … in the file's own word. */
  readonly kind?: string;
  readonly how: string;
  readonly result?: string;
  /** ISO date of the last result. */
  readonly date?: string;
  readonly place: Place;
}

/** What a file says about itself. Dates are as the file gives them; they never prove currency. */
export interface ModelDocumentation {
  readonly owner?: Stated;
  readonly authors: readonly Stated[];
  readonly date?: Stated;
  readonly version?: Stated;
  readonly reviewers: readonly Stated[];
}

/**
 * A part of a prose document that speaks to a deliverable without filling its fields:
 * `full` when it satisfies the deliverable in prose, `part` when it only touches it.
 */
export interface ModelPassage {
  readonly deliverable: DeliverableId;
  readonly strength: "full" | "part";
  /** What was found, for the reader of the verdict: "a table of data flows", "tests named per control". */
  readonly what: string;
  readonly place: Place;
}

/** The one shape every format is read into. Each part knows its place; nothing here is executed or rendered unescaped. */
export interface ThreatModel {
  readonly format: ModelFormat;
  /** Files it was read from, main file first. */
  readonly files: readonly string[];
  /** The format of each file, where several make one model. */
  readonly formats?: readonly { readonly path: string; readonly format: ModelFormat }[];
  readonly system: ModelSystem;
  readonly elements: readonly ModelElement[];
  readonly flows: readonly ModelFlow[];
  readonly boundaries: readonly ModelBoundary[];
  readonly diagrams: readonly ModelDiagram[];
  readonly threats: readonly ModelThreat[];
  readonly controls: readonly ModelControl[];
  readonly stories: readonly ModelStory[];
  readonly validations: readonly ModelValidation[];
  readonly acceptances: readonly ModelAcceptance[];
  readonly reviews: readonly ModelReview[];
  /** What it says of requirements of laws and standards; absent where it says nothing. */
  readonly requirements?: readonly ModelRequirement[];
  readonly documentation: ModelDocumentation;
  /** What was asked in the file; answers about elements are among their facts already. */
  readonly questionnaire?: readonly ModelAnswer[];
  readonly passages: readonly ModelPassage[];
  /** Ids of parts drafted by a machine and not yet confirmed by a person: they count as partial. */
  readonly drafts: readonly string[];
  /** Other model files it names, relative to its own folder. */
  readonly imports: readonly Stated[];
  /** Deliverables that this format has no place for. */
  readonly notCarried: readonly DeliverableId[];
  /** Kinds of parts that this format cannot count, such as elements in prose. */
  readonly uncounted: readonly ("components" | "flows" | "boundaries" | "threats" | "mitigations" | "open")[];
}

/** The format in which a part of a model was written: what it can say, and what it cannot, goes by its own file. */
export function formatAt(model: ThreatModel, place: Place): ModelFormat {
  return model.formats?.find(({ path }) => path === place.path)?.format ?? model.format;
}

/** What reading one or several files gave. `model` is absent when no file is a model. */
export interface ReadModel {
  readonly format: ModelFormat;
  /** False for a guide, an unfilled template, a placeholder, or a file that could not be parsed. */
  readonly isModel: boolean;
  readonly model?: ThreatModel;
  /** What was read of a well-formed file that nobody has filled in: for counting only, never judged as a model. */
  readonly unfilled?: ThreatModel;
  readonly problems: readonly Problem[];
}

/** A model with nothing in it: the start of every reader, so that a reader writes only what it found. */
export function emptyModel(format: ModelFormat, files: readonly string[]): ThreatModel {
  return {
    format,
    files,
    system: { users: [], data: [], links: [] },
    elements: [],
    flows: [],
    boundaries: [],
    diagrams: [],
    threats: [],
    controls: [],
    stories: [],
    validations: [],
    acceptances: [],
    reviews: [],
    documentation: { authors: [], reviewers: [] },
    passages: [],
    drafts: [],
    imports: [],
    notCarried: [],
    uncounted: [],
  };
}
