import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import { VERSION } from '../config/version.ts';
import { instrument, type Sources } from './instruments.ts';

/** A provider with all instruments of the exporter; every reader tells the same names, labels and numbers. */
export function createProvider(readers: MetricReader[], sources: Sources): MeterProvider {
  const provider = new MeterProvider({ readers });
  instrument(provider.getMeter('external-url-exporter', VERSION), sources);
  return provider;
}
