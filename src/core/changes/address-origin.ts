/**
 * Host and scheme of an address from which packages come, without what a tool writes in front (`registry+https://…`): a new
 * version there is not a new place. Undefined for what is no address of the web.
 */
export function originOf(address: string): string | undefined {
  return /^(?:[a-z]+\+)?(https?:\/\/[^/?#\s]+)/i.exec(address)?.[1]?.toLowerCase();
}
