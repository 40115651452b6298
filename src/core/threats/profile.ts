import type { ElementType } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import type { ThreatModel } from "../domain/threat-model.ts";

/** What holds for every element because of the system and the repository it belongs to. */
export interface Profile {
  /** Facts that follow from the system for an element of this type. */
  facts(type: ElementType): readonly Fact[];
}

/** Types that are a way in: an exposed system exposes them first. */
const waysIn: ReadonlySet<ElementType> = new Set([
  "web-app",
  "http-api",
  "browser-spa",
  "mobile-backend",
  "realtime-channel",
  "webhook-receiver",
  "edge-gateway",
  "k8s-ingress",
]);

/** What a type is by its own nature, whoever draws it. */
const byNature: Readonly<Partial<Record<ElementType, readonly string[]>>> = {
  "browser-spa": ["internet-facing"],
  "webhook-receiver": ["internet-facing", "untrusted-input"],
  "file-upload": ["untrusted-input"],
  "identity-provider": ["handles-credentials"],
  "identity-client": ["handles-credentials"],
  "secrets-manager": ["handles-credentials"],
  "third-party-saas": ["third-party-operated"],
  "package-dependency": ["third-party-operated"],
};

const exposed = /\b(internet|public|external)\b/i;
const inside = /\b(internal|intranet|private|vpn|isolated)\b/i;

/** The profile of a system. `isPublic` says whether anybody can read the repository; absent where nobody knows (a model file alone). */
export function profileOf(model: ThreatModel | undefined, isPublic: boolean | undefined): Profile {
  const exposure = model?.system.exposure;
  const reach = exposure && reachOf(exposure.text);
  const known = new Map<ElementType, readonly Fact[]>();
  const factsOf = (type: ElementType): readonly Fact[] => {
    const facts: Fact[] = (byNature[type] ?? []).map((fact) => ({ fact, is: "yes" }));
    if (isPublic !== undefined) facts.push({ fact: "public-source", is: isPublic ? "yes" : "no" });
    if (exposure && reach === "yes" && waysIn.has(type))
      facts.push({ fact: "internet-facing", is: "yes", where: exposure.place });
    if (exposure && reach === "no") facts.push({ fact: "internet-facing", is: "no", where: exposure.place });
    return facts;
  };
  return {
    facts(type) {
      const found = known.get(type) ?? factsOf(type);
      known.set(type, found);
      return found;
    },
  };
}

function reachOf(text: string): "yes" | "no" | undefined {
  const outside = exposed.test(text);
  if (outside === inside.test(text)) return undefined;
  return outside ? "yes" : "no";
}
