export { TermsModule } from './terms.module.js';
export { termsSchemas } from './terms.schemas.js';
