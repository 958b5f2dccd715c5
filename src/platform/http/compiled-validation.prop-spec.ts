import fc from 'fast-check';
import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
// The classes of all modules register themselves when they are loaded.
import '../../composition.js';
import '../../app.module.js';
import type { Constraint } from './compiled-checks.js';
import { transformerStorage, UNSURE } from './compiled-transforms.js';
import { isCompiled, judged } from './compiled-validation.js';
import { ProblemException } from './problem.exception.js';
import { fullyValidated } from './validation.js';

type Target = ClassConstructor<object>;
type Path = readonly (string | number)[];

const storage = getMetadataStorage() as unknown as {
  readonly validationMetadatas: ReadonlyMap<Target, readonly Constraint[]>;
};
const CLASSES = [...storage.validationMetadatas.keys()];
const COMPILED = CLASSES.filter(isCompiled);
const namesOf = (classes: readonly Target[]) => classes.map(({ name }) => name).sort();
console.log(namesOf(COMPILED).join(), '\n', namesOf(CLASSES.filter((c) => !isCompiled(c))).join());
