/** The world did not answer as it should; trying again later may help. `afterSeconds` when it said when. */
export class TryAgainLater extends Error {
  override readonly name = "TryAgainLater";
  readonly afterSeconds: number | undefined;
  constructor(message: string, options: { afterSeconds?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.afterSeconds = options.afterSeconds;
  }
}

/**
 * Whoever asked has caused as much as one person may, and waits until the stated time. That is their own affair: somebody
 * else who asks for the same does not wait with them.
 */
export class ShareSpent extends TryAgainLater {}

/** A write that may or may not have been carried out: look for it before it is made again (H044). */
export class Uncertain extends TryAgainLater {}

/** We may not do this: a permission, a token or a setting is missing. `needs` names it for a person. */
export class Forbidden extends Error {
  override readonly name = "Forbidden";
  readonly needs: string;
  constructor(message: string, needs: string, cause?: unknown) {
    super(message, { cause });
    this.needs = needs;
  }
}

/** What was asked about is not there any more (or never was). */
export class Gone extends Error {
  override readonly name = "Gone";
}

/** Somebody else has begun to do the same with newer knowledge: nothing is left to do here. */
export class Superseded extends Gone {}
