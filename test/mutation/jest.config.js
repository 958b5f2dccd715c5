import jestConfig from '../../jest.config.js';

/** Jest for mutation testing: the pure specs of one target, without the database that others need. */
export default {
  ...jestConfig,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/mutation/all-specs.js'],
  globalSetup: undefined,
  globalTeardown: undefined,
};
