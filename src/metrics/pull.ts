import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

/** The layout of /metrics: the labels are those of the targets and nothing else. */
export const LAYOUT = { withoutScopeInfo: true, withoutTargetInfo: true } as const;

/** The reader of a provider: OpenTelemetry's exporter without its server, since ours has TLS, users and gzip. */
export class PullReader extends PrometheusExporter {
  constructor() {
    super({ preventServerStart: true, ...LAYOUT });
  }

  // The default folds everything above 2000 series into one; ours are bounded by the configuration.
  override selectCardinalityLimit(): number {
    return Number.MAX_SAFE_INTEGER;
  }
}
