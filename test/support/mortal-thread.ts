import '../../src/schedule/probing-worker.ts';

// The probing thread as it is, but at the mercy of the test: see fate.ts.
new BroadcastChannel('fate of the probing thread').onmessage = ({ data }) => {
  if (data === 'exits') process.exit(7);
  if (data === 'hangs') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (data === 'stands still for 11 s') {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 11_000);
    return;
  }
  throw new Error('killed by a test');
};
