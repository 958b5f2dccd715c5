export { ApiKeyEntity } from './api-key.entity.js';
export { ApiKeyStore } from './api-key.store.js';
export { KeysModule } from './keys.module.js';
