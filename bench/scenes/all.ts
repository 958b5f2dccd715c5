import type { Scene } from '../scene.js';
import { against } from './against.js';
import { commands } from './commands.js';
import { depth } from './depth.js';
import { growth } from './growth.js';
import { jobs } from './jobs.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import { mix } from './mix.js';
import { overload } from './overload.js';
import { rules } from './rules.js';
import { streams } from './streams.js';
import { throughput } from './throughput.js';
import { whole } from './whole.js';

/** Every scene, in the order they run. */
export const SCENES: readonly Scene[] = [
  throughput,
  mix,
  latency,
  overload,
  streams,
  rules,
  depth,
  commands,
  whole,
  growth,
  jobs,
  memory,
  against,
];
