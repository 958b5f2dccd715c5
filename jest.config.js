import { swcOptions } from './test/harness/swc-options.js';

/** Run by `node --experimental-vm-modules`: the project and its framework are ES modules. */
export default {
  rootDir: '.',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.{spec,db-spec,scenario-spec,prop-spec,e2e-spec}.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  // Sources import each other as they will be named when compiled; here the .ts is what exists.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['js', 'ts', 'mjs', 'cjs', 'json', 'node'],
  globalSetup: '<rootDir>/test/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/global-teardown.mjs',
  maxWorkers: 2,
  // A worker keeps what its files left behind; with two of them and PostgreSQL a laptop of 8 GB has room.
  workerIdleMemoryLimit: '1500MB',
  // What a quiet machine does in a moment may take a busy one minutes.
  testTimeout: 300_000,
};
