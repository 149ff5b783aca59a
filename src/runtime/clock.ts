// performance.now() counts from another origin in each thread; hrtime is the same clock in all of them.
const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Monotonic time in milliseconds, comparable between the threads of this process. */
export function nowMs(): number {
  return originMs + performance.now();
}
