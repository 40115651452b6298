/** What judging needs to know of the running program itself. */
export interface JudgeContext {
  readonly threatgateVersion: string;
  /** Address of the documentation, without a trailing slash. */
  readonly documentation: string;
  /** Address of the code host, for links to commits and files: `https://github.com`. */
  readonly host: string;
  /** Names this evaluation in logs and in a check that could not be completed. */
  readonly requestId: string;
  /** Address of the page that tells the whole verdict, where there is one. */
  readonly details?: string;
}
