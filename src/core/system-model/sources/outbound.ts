import type { Findings, FoundElement, FoundFlow } from "../found.ts";
import type { Source } from "../source.ts";
import { partnerOf } from "../technologies.ts";

/** Hosts that are an interface rather than a page: said by the host itself. */
const interfaceHost =
  /^(api|apis|graph|auth|oauth|oauth2|login|accounts|id|sso|gateway|rest|ws|wss|fcm|smtp|hooks|webhooks?|ingest|events|collector|telemetry|s3|sqs|sts)[.-]|\.(amazonaws\.com|googleapis\.com|azure\.com|windows\.net)$|(^|\.)api\./;
/** Places in code that carry addresses for people or for builds. */
const passedOver =
  /(^|\/)(scripts?|tools?|hack|build|migrations?|seeds?|i18n|locales?)\/|\.(config|setup)\.[a-z]+$|(^|\/)(setup|conf|webpack|vite|next\.config)[^/]*$/i;

/** `api.eu.opsgenie.com` and `api.opsgenie.com` are one company's: its domain, without what it puts before. */
function domainOf(host: string): string {
  const labels = host.split(".");
  const isLong = /^(co|com|org|net|gov|ac|edu|nhs)$/.test(labels.at(-2) ?? "") && (labels.at(-1) ?? "").length === 2;
  return labels.slice(isLong ? -3 : -2).join(".");
}

/**
 * Addresses of others in source code: a system outside that the code talks to. Addresses of pages are passed over; a host counts where
 * it is known as a company's or says by its name that it is an interface.
 */
export const source: Source = {
  name: "outbound addresses in code",
  find(survey) {
    const elements = new Map<string, FoundElement>();
    const flows: FoundFlow[] = [];
    for (const { path, sights } of survey.files) {
      if (passedOver.test(path)) continue;
      for (const { what, name, line } of sights) {
        if (what !== "host" || !interfaceHost.test(name)) continue;
        const partner = partnerOf(name) ?? domainOf(name);
        const key = `outside ${partner}`;
        const place = { path, ...(line === undefined ? {} : { line }) };
        if (!elements.has(key))
          elements.set(key, {
            key,
            name: partner,
            type: "third-party-saas",
            aliases: [name],
            files: [path],
            boundary: "third-parties",
            facts: [],
            places: [place],
            rank: 14,
          });
        flows.push({ from: { code: path }, to: { key }, protocol: "HTTPS", place });
      }
    }
    const found: Findings = { elements: [...elements.values()], flows, boundaries: [], data: [] };
    return found;
  },
};
