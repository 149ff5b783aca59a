import { MISBEHAVIOURS } from './misbehaviour.ts';

// Run as a child process: starts all kinds, says where they are, and counts their requests each time it is asked.
const started = await Promise.all(MISBEHAVIOURS.map(({ start }) => start()));
process.on('message', () => process.send?.(started.map(({ requests }) => requests())));
process.once('disconnect', () => process.exit());
process.send?.(started.map(({ url, overrides }) => ({ url, overrides })));
