import type { Meter } from '@opentelemetry/api';
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import { VERSION } from '../config/version.ts';
import { instrument, type Sources } from './instruments.ts';

/** A provider with all instruments of the exporter that are observed; every reader tells the same. */
export function createProvider(readers: MetricReader[], sources: Sources): MeterProvider {
  const provider = new MeterProvider({ readers });
  instrument(meterOf(provider), sources);
  return provider;
}

/** The meter of the exporter's instruments. */
export function meterOf(provider: MeterProvider): Meter {
  return provider.getMeter('external-url-exporter', VERSION);
}
