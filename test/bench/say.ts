/** Says what is being done, on stderr; what was found goes to stdout. */
export function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
