/*
 * Values that look like credentials: shown nowhere, wherever they were found (H054). Each expression runs in linear time.
 * Prefixes of tokens: https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
 * and the vendors' own documentation.
 */
const lookalikes: readonly RegExp[] = [
  // PEM: all of it where it ends, and the rest of the text where it does not.
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
  /\bgh[pousr]_[A-Za-z0-9_.]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  // A JSON Web Token: three parts, the first of which is an object in base64.
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
];

/** Stands where a secret stood. */
const secretWithheld = "[secret withheld]";

/** The text with everything that looks like a credential replaced. Passwords without a known shape are not recognised. */
export function withholdSecrets(text: string): string {
  let out = text;
  for (const lookalike of lookalikes) out = out.replace(lookalike, secretWithheld);
  // user:password in an address
  return out.replace(/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,200}):[^\s:@/]{1,200}@/gi, `$1:${secretWithheld}@`);
}
