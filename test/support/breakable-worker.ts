import '../../src/schedule/probing-worker.ts';

// The probing thread as it is, but broken as a test says: see thread-control.ts.
new BroadcastChannel('how the probing thread breaks').onmessage = ({ data }) => {
  if (data === 'exits') process.exit(7);
  if (data === 'hangs') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (data === 'stands still for 11 s') {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 11_000);
    return;
  }
  throw new Error('killed by a test');
};
