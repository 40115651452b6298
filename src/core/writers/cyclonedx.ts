import type { ModelElement, ThreatModel } from "../domain/threat-model.ts";
import { withSafeIds } from "./fit.ts";
import type { ModelWriter } from "./model-writer.ts";
import { withEscapes } from "./plain.ts";

/**
 * CycloneDX 1.6 with the proposed component type `threat-model`, as the readers understand it: elements, flows and
 * boundaries with their kinds in `properties`. Threats and what answers them have no place in it.
 */
export const writer: ModelWriter = {
  name: "cyclonedx",
  fileName: "threat-model.cdx.json",
  fit: withSafeIds,
  write: (model) => withEscapes(`${JSON.stringify(documentOf(model), null, 2)}\n`),
};

const kinds = { process: "process", store: "datastore", external: "actor", flow: "process" } as const;

function documentOf(model: ThreatModel): object {
  const { system, documentation } = model;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      ...(documentation.date === undefined ? {} : { timestamp: documentation.date.text }),
      ...(documentation.authors.length === 0
        ? {}
        : { authors: documentation.authors.map(({ text }) => ({ name: text })) }),
    },
    components: [
      {
        type: "threat-model",
        "bom-ref": bomReference(model),
        ...(system.name === undefined ? {} : { name: system.name.text }),
        ...(system.description === undefined ? {} : { description: system.description.text }),
        components: [
          ...model.boundaries.map(({ id, name, parent }) =>
            component(id, name, { "cdx:model:type": "boundary", "cdx:model:inBoundary": parent }),
          ),
          ...model.elements.map(elementPart),
          ...model.flows.map(({ id, name, from, to, data, protocol }) =>
            component(id, name ?? id, {
              "cdx:model:type": "dataflow",
              "cdx:model:dataflow:source": from,
              "cdx:model:dataflow:destination": to,
              "cdx:model:dataflow:data": data.length === 0 ? undefined : data.join(", "),
              "cdx:model:dataflow:protocol": protocol,
            }),
          ),
        ],
      },
    ],
  };
}

function elementPart({ id, name, kind, technology, boundary }: ModelElement): object {
  return component(id, name, {
    "cdx:model:type": kinds[kind],
    "cdx:model:platform": technology,
    "cdx:model:inBoundary": boundary,
  });
}

function component(id: string, name: string, properties: Readonly<Record<string, string | undefined>>): object {
  return {
    type: "threat-model",
    "bom-ref": id,
    name,
    properties: Object.entries(properties).flatMap(([key, value]) =>
      value === undefined || value === "" ? [] : [{ name: key, value }],
    ),
  };
}

function bomReference(model: ThreatModel): string {
  const taken = new Set([...model.elements, ...model.flows, ...model.boundaries].map(({ id }) => id));
  let id = model.system.id ?? "threat-model";
  while (taken.has(id)) id += "-model";
  return id;
}
