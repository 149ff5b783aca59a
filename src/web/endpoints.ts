type Endpoint = {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly meaning: string;
  /** Whether it is answered without a login where the others want one; TLS applies all the same. */
  readonly isOpen?: boolean;
};

const EXPOSITION = 'Prometheus text, gzip when accepted; 500 if the collection fails, never an old answer';
const PARTS = 'what the status page is made of';

/** Every path that is answered; HEAD comes with each GET. */
export const ENDPOINTS = [
  {
    path: '/',
    method: 'GET',
    meaning: 'status page: every target, its state and why, response times, the last 60 results',
  },
  {
    path: '/metrics',
    method: 'GET',
    meaning: EXPOSITION,
  },
  { path: '/metrics/', method: 'GET', meaning: EXPOSITION },
  { path: '/api/v1/targets', method: 'GET', meaning: 'the facts of the status page as JSON' },
  { path: '/config', method: 'GET', meaning: 'the config in effect as YAML, secrets hidden' },
  {
    path: '/-/healthy',
    method: 'GET',
    meaning: '200 while probes are being scheduled, 503 when that has stalled for 10 s; needs no login',
    isOpen: true,
  },
  {
    path: '/-/ready',
    method: 'GET',
    meaning: '200 once every target has been looked at, until shutdown begins; needs no login',
    isOpen: true,
  },
  {
    path: '/-/reload',
    method: 'POST',
    meaning: 'reloads the config: 200, or 500 with the faults; 403 without `--web.enable-lifecycle`',
  },
  { path: '/status.css', method: 'GET', meaning: PARTS },
  { path: '/status.js', method: 'GET', meaning: PARTS },
  { path: '/status.svg', method: 'GET', meaning: PARTS },
] as const satisfies readonly Endpoint[];

export type EndpointPath = (typeof ENDPOINTS)[number]['path'];

/** The paths that need no login. */
export const OPEN_PATHS: ReadonlySet<string | undefined> = new Set(
  ENDPOINTS.flatMap((endpoint) => ('isOpen' in endpoint ? [endpoint.path] : [])),
);
