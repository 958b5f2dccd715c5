import { holdEngineToModel } from './hold-engine-to-model.js';

holdEngineToModel(1);
