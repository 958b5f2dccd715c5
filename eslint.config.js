import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Nothing in the core reads the system time, throws dice or counts in floating point: it is given what it needs. */
const PURE = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'The core reads no clock: take the instant as an argument.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The core reads no clock: take the instant as an argument.',
  },
  {
    selector:
      "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(now|utc|local)$/][arguments.length=0]",
    message: 'The core reads no clock: take the instant as an argument.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'The core throws no dice: take the value as an argument.',
  },
  {
    selector: "CallExpression[callee.name='parseFloat'], MemberExpression[property.name='parseFloat']",
    message: 'No floating point near points and money: use integers or the decimal of the kernel.',
  },
];

/** The kernel knows no module's nouns: its map of domain events is filled by the modules. */
const NO_EVENTS = [
  {
    selector: "TSInterfaceDeclaration[id.name='DomainEventMap'] TSPropertySignature",
    message: 'A domain event is declared in domain-events.ts of the module that owns it.',
  },
];

/** Where points and money are divided the rounding has a name. */
const NO_DIVISION = [
  {
    selector: 'BinaryExpression[operator=/^[/%]$/]',
    message: 'Divide with kernel/division.ts, which names the rounding.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name=/^(round|floor|ceil|trunc)$/]",
    message: 'Round with kernel/division.ts, which works on whole numbers.',
  },
];

const SQL_TEXT = String.raw`/^\s*(SELECT|WITH|UPDATE|CREATE|ALTER|DROP|TRUNCATE)\s|\b(INSERT\s+INTO|DELETE\s+FROM)\b/`;
const NO_SQL = ['Literal[value=', 'TemplateElement[value.raw='].map((node) => ({
  selector: `${node}${SQL_TEXT}]`,
  message: 'SQL lives in *.store.ts, *.query.ts and migrations.',
}));

/** Commands of requests go through `@CommandRoute`; these submit without one: streams, jobs, the demo, the edge. */
const MAY_SUBMIT = [
  '**/*spec.ts',
  'src/platform/**',
  'src/engine.ts',
  'src/demo/**',
  'src/ledger/expiry-notices/**',
  'src/ledger/due/apply-due.ts',
  'src/adjustments/correction-finisher.ts',
  'src/calendar/calendar-planner.ts',
  'src/purchases/purchase-batch.ts',
  'src/undo/undo-runner.ts',
  'src/openings/openings.service.ts',
];

const CORE = ['src/kernel/**/*.ts', 'src/**/domain/**/*.ts'];
const MAY_HOLD_SQL = [
  '**/*.store.ts',
  '**/*.query.ts',
  '**/*spec.ts',
  'src/platform/database/**',
  'src/platform/pipeline/**',
  'migrations/**',
  'bench/**',
  'test/**',
];
const SPECS = ['**/*spec.ts', 'test/**'];
const NODE_GLOBALS = [
  'process',
  'console',
  'URL',
  'performance',
  'fetch',
  'Buffer',
  'setTimeout',
  'clearTimeout',
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'reports/', '.laurel/', 'docs/'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries([...NODE_GLOBALS, 'module'].map((name) => [name, 'readonly'])),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // NestJS modules are classes without members.
      '@typescript-eslint/no-extraneous-class': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.ts'], ignores: MAY_HOLD_SQL, rules: { 'no-restricted-syntax': ['error', ...NO_SQL] } },
  {
    files: ['src/**/*.ts'],
    ignores: MAY_SUBMIT,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/platform/pipeline/index.js'],
              importNames: ['Pipeline'],
              message: 'A request submits its command by @CommandRoute (platform/http/command-route.ts).',
            },
          ],
        },
      ],
    },
  },
  // A later entry replaces a rule whole, so the core's list repeats the SQL.
  {
    files: CORE,
    ignores: ['**/*spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...PURE, ...NO_SQL, ...NO_EVENTS] },
  },
  {
    files: ['src/**/domain/**/*.ts'],
    ignores: ['**/*spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...PURE, ...NO_DIVISION, ...NO_SQL] },
  },
  {
    files: SPECS,
    rules: {
      // A describe() is one function with a whole story in it.
      'max-lines-per-function': 'off',
      // Test code looks into answers and rows whose types nobody declares.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // A migration is one long statement list, and is never touched again.
  { files: ['migrations/**'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
);
