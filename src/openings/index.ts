export { bringIn } from './bring-in.handler.js';
export { openingSchemas } from './openings.schemas.js';
export { OpeningsModule } from './openings.module.js';
