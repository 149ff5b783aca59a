/** A final response, received whole; its body is there only if it is needed. */
export type HttpResponse = {
  readonly status: number;
  /** Values by lower-case name, one for each line of the header. */
  readonly headers: () => Readonly<Record<string, readonly string[]>>;
  readonly content?: Buffer;
};
