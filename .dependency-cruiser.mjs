/** Which way imports point (docs/architecture.md). `from` may import `to` and itself; what is not listed is an error. */
const core = (name) => `^core/${name}/`;
const allowed = {
  contract: [],
  chart: ['contract'],
  event: ['contract'],
  ingest: ['contract', 'event'],
  scan: ['contract', 'ingest', 'event', 'sigma', 'detect'],
  store: ['contract', 'event'],
  sigma: ['contract'],
  detect: ['contract', 'sigma', 'event', 'store'],
  hunt: ['contract', 'event', 'store'],
  history: ['contract', 'event', 'store'],
  report: ['contract', 'event', 'chart'],
  host: ['contract', 'event', 'ingest', 'scan', 'store', 'sigma', 'detect', 'hunt', 'history', 'report'],
  door: ['contract', 'host'],
  serve: ['contract', 'host', 'door'],
  cli: ['contract', 'host', 'door', 'serve', 'report'],
};

const arrows = Object.entries(allowed).map(([from, to]) => ({
  name: `${from}-imports-only-${to.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: core(from) },
  to: { path: '^(core/[^/]+/|electron/|renderer/|test/)', pathNot: [from, ...to].map(core) },
}));

export default {
  forbidden: [
    ...arrows,
    {
      name: 'electron-imports-only-contract-door-host',
      severity: 'error',
      // What builds the shell is no part of it.
      from: { path: '^electron/', pathNot: '^electron/build' },
      to: { path: '^(core/[^/]+/|renderer/|test/)', pathNot: ['contract', 'door', 'host'].map(core) },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-store-opens-sqlite',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/store/' },
      to: { path: 'better-sqlite3' },
    },
    {
      name: 'core-knows-no-shell',
      severity: 'error',
      // Figures are drawn by React wherever they stand.
      from: { path: '^core/', pathNot: ['^core/chart/', '^core/report/[a-z-]*figure'] },
      to: { path: '^(electron|react|node_modules/(electron|react|react-dom)/)' },
    },
    {
      name: 'the-window-knows-contract-and-chart-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(core/|electron/|test/)', pathNot: [core('contract'), core('chart')] },
    },
    {
      name: 'the-window-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workers-never-load-sqlite',
      severity: 'error',
      from: { path: '^core/scan/' },
      to: { path: 'better-sqlite3', reachable: true },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    exclude: { path: '^(test/fixtures|test/golden)' },
  },
};
