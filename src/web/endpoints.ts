type Endpoint = {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly meaning: string;
  /** Whether it never requires a login; TLS applies all the same. */
  readonly isOpen?: boolean;
};

const EXPOSITION = 'metrics as Prometheus text, gzip if the client accepts it; 500 if the collection fails';
const PARTS = 'style, script and icon of the status page';

/** Every endpoint; HEAD comes with each GET. */
export const ENDPOINTS = [
  {
    path: '/',
    method: 'GET',
    meaning: 'status page: the state of every target and why, response times, the last 60 results',
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
    meaning: '200 while probes are being scheduled, 503 if that has stalled for 10 s; needs no login',
    isOpen: true,
  },
  {
    path: '/-/ready',
    method: 'GET',
    meaning: '200 once the first round of probes is over, until shutdown begins; else 503; needs no login',
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
export const PATHS_WITHOUT_LOGIN: ReadonlySet<string | undefined> = new Set(
  ENDPOINTS.flatMap((endpoint) => ('isOpen' in endpoint ? [endpoint.path] : [])),
);
