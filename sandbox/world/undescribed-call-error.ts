/** Raised for a call, or a command, that the world of a rehearsal says nothing about. */
export class UndescribedCallError extends Error {
  override readonly name = 'UndescribedCallError' as const;

  constructor(what: string, detail: unknown) {
    super(`The world does not describe ${what} ${JSON.stringify(detail)}; add an answer for it.`);
  }
}
