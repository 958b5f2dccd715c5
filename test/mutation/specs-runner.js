import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expect } from 'expect';
import fc from 'fast-check';
import { StoryBook } from './story-book.js';

/**
 * Stryker's test runner for pure specs: imports them once and runs their tests in one process, with one mutant switched
 * on after the other. Jest loads all modules anew for each mutant, which takes seconds where the tests that come
 * through it take milliseconds. Only for what runs while a module is loaded (a static mutant) Stryker starts a new
 * process.
 */
class SpecsRunner {
  static inject = ['options'];
  #specs;
  #tests = null;
  /** What each test took without a mutant. */
  #usualMs = new Map();

  constructor({ specs }) {
    this.#specs = specs;
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun() {
    await this.#load();
    const stryker = namespace();
    const results = [];
    for (const test of this.#tests) {
      stryker.currentTestId = test.id;
      const result = await resultOf(test);
      this.#usualMs.set(test.id, result.timeSpentMs);
      results.push(result);
    }
    stryker.currentTestId = undefined;
    return { status: 'complete', tests: results, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant: { id }, mutantActivation, testFilter, hitLimit }) {
    const stryker = namespace();
    if (mutantActivation === 'static') stryker.activeMutant = id;
    await this.#load();
    const hitCount = hitLimit === undefined ? undefined : 0;
    Object.assign(stryker, { activeMutant: id, hitCount, hitLimit });
    const wanted = testFilter && new Set(testFilter);
    let nrOfTests = 0;
    for (const test of this.#tests) {
      if (wanted && !wanted.has(test.id)) continue;
      nrOfTests += 1;
      const { status, failureMessage } = await resultOf(test, this.#limitMs(test));
      if (stryker.hitCount > hitLimit) return { status: 'timeout', reason: 'an endless loop' };
      if (status === FAILED) return { status: 'killed', killedBy: [test.id], failureMessage, nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }

  #limitMs({ id }) {
    return SLOWER * (this.#usualMs.get(id) ?? 0) + SPARE_MS;
  }

  async #load() {
    if (this.#tests) return;
    const book = new StoryBook();
    Object.assign(globalThis, book.globals, { expect });
    // The same random histories in every run, for luck must not decide whether a mutant is found, and no search for a
    // smaller counter-example, which has no reader here.
    fc.configureGlobal({ seed: 15, endOnFailure: true });
    register('../harness/typescript-loader.mjs', import.meta.url);
    // Of the folder with the mutants, in which Stryker starts this process.
    for (const path of this.#specs) await import(pathToFileURL(path).href);
    this.#tests = book.tests;
  }
}

/** What Stryker's API calls a test that passed and one that failed. */
const PASSED = 0;
const FAILED = 1;
/** A test gets so many times what it takes without a mutant, and so much more. */
const SLOWER = 10;
const SPARE_MS = 3_000;

/** Where mutated code looks for the mutant that is switched on, and says what was covered. */
function namespace() {
  return (globalThis.__stryker__ ??= {});
}

/** Runs a test, and waits for it so long. */
async function resultOf({ id, run }, limitMs = Infinity) {
  const started = performance.now();
  let timer;
  const late = new Promise((_, reject) => {
    if (limitMs < Infinity) timer = setTimeout(() => reject(new Error('the test does not end')), limitMs);
  });
  let outcome = { status: PASSED };
  try {
    await Promise.race([run(), late]);
  } catch (error) {
    outcome = { status: FAILED, failureMessage: String(error?.stack ?? error) };
  }
  clearTimeout(timer);
  return { id, name: id, timeSpentMs: performance.now() - started, ...outcome };
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'specs', injectableClass: SpecsRunner }];
