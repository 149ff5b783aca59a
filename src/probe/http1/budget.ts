const KIB = 1024;

/** The most bytes that each part of a response may have, beside its body; nothing is held beyond them. */
export const BUDGET = {
  /** The status line and the fields of the final response. */
  head: 64 * KIB,
  /** All interim (1xx) responses together. */
  interim: 64 * KIB,
  /** One line with a chunk size and its extensions. */
  chunkLine: 16 * KIB,
  /** The lines between the chunks, beyond as many bytes as the body may have. */
  chunkLines: 64 * KIB,
  /** The fields after the last chunk. */
  trailers: 64 * KIB,
} as const;
