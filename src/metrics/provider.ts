import type { Meter } from '@opentelemetry/api';
import { type CollectionResult, MeterProvider } from '@opentelemetry/sdk-metrics';
import { VERSION } from '../version.ts';
import { PullReader } from './pull.ts';

/** A provider with the one reader through which it is collected, and the meter of the exporter's instruments. */
export type Provider = {
  readonly meter: Meter;
  readonly collect: () => Promise<CollectionResult>;
};

/** Makes a provider without instruments. */
export function createProvider(): Provider {
  const reader = new PullReader();
  const provider = new MeterProvider({ readers: [reader] });
  return {
    meter: provider.getMeter('external-url-exporter', VERSION),
    collect: () => reader.collect(),
  };
}
