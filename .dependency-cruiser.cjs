/** The direction of dependencies: kernel <- platform <- modules <- app.module (DESIGN.md, section 3). */

const SPEC = 'spec\\.ts$';
/** Folders directly under src that are no modules. */
const NOT_A_MODULE = 'kernel|platform|cli';

const PIPELINE = '^src/platform/pipeline';
/** The rooms of the pipeline, each with those it may use besides itself. `shards` joins the others. */
const ROOMS = {
  contract: [],
  batch: ['contract'],
  sql: ['contract'],
  load: ['contract', 'batch', 'sql'],
  decide: ['contract', 'batch'],
  write: ['contract', 'batch', 'sql'],
  replay: ['contract', 'batch', 'decide'],
  shards: ['contract', 'batch', 'sql', 'load', 'decide', 'write'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle makes its files one unit that can only be understood, and tested, as a whole.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'kernel-stands-alone',
      comment: 'The kernel knows no framework and does no input or output; luxon knows the time zones.',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: SPEC },
      to: { pathNot: ['^src/kernel/', '(^|/)node_modules/(@types/)?luxon/', '^(node:)?crypto$'] },
    },
    {
      name: 'platform-knows-no-module',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: SPEC },
      to: { path: '^src/', pathNot: '^src/(kernel|platform)/' },
    },
    {
      name: 'modules-meet-at-their-index',
      comment: 'What another module may rely on is what its index.ts offers.',
      severity: 'error',
      from: { path: `^src/(?!(?:${NOT_A_MODULE})/)([^/]+)/` },
      to: {
        path: `^src/(?!(?:${NOT_A_MODULE})/)[^/]+/`,
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'modules-know-no-application',
      comment:
        'Modules are put together by app.module.ts and used by the command line, not the other way round.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: ['^src/cli/', SPEC] },
      to: { path: '^src/([^/]+\\.ts$|cli/)' },
    },
    {
      name: 'pipeline-has-one-door',
      comment:
        'What handlers, slices, reactors and controllers may rely on is what pipeline/index.ts offers.',
      severity: 'error',
      from: { path: '^src/', pathNot: [`${PIPELINE}/`, SPEC] },
      to: { path: `${PIPELINE}/`, pathNot: `${PIPELINE}/index\\.ts$` },
    },
    ...Object.entries(ROOMS).map(([room, used]) => ({
      name: `pipeline-room-${room}`,
      comment:
        'Rooms form layers: load, decide and write do not know each other, and nothing inside uses the door.',
      severity: 'error',
      from: { path: `${PIPELINE}/${room}/`, pathNot: SPEC },
      to: { path: `${PIPELINE}/`, pathNot: `${PIPELINE}/(${[room, ...used].join('|')})/` },
    })),
    {
      name: 'ledger-depends-on-no-module',
      severity: 'error',
      from: { path: '^src/ledger/', pathNot: SPEC },
      to: { path: '^src/', pathNot: '^src/(ledger|kernel|platform)/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'Rules are data in, events out: testable without a database, a clock or a framework.',
      severity: 'error',
      from: { path: '^src/([^/]+)/domain/', pathNot: SPEC },
      to: { pathNot: ['^src/kernel/', '^src/$1/domain/'] },
    },
    {
      name: 'not-to-tests',
      comment: 'What ships must not need what does not.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: { path: [SPEC, '^test/', '^bench/'] },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: [SPEC, '\\.d\\.ts$', '^src/main\\.ts$', '^test/harness/global-'] },
      to: {},
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types count: they tie modules together just as well.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
