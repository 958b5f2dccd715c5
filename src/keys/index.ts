export { ApiKeyEntity } from './api-key.entity.js';
export { ApiKeyStore, MAX_KEY_NAME, newKeyText } from './api-key.store.js';
export { keySchemas } from './keys.schemas.js';
export { KeysModule } from './keys.module.js';
