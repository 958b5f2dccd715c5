/**
 * How TypeScript becomes JavaScript in tests, the same for Jest and for the loader of the global set-up.
 * Legacy decorators with metadata: NestJS injects by the constructor's types, TypeORM reads columns' types.
 * Class fields are defined as tsc does for this target, so that tests and production agree.
 */
export const swcOptions = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};
