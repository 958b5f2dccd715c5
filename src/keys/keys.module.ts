import { Global, Module } from '@nestjs/common';
import { ApiKeyStore } from './api-key.store.js';
import { ApiKeysController } from './api-keys.controller.js';
import { KeptScopes } from './kept-scopes.query.js';

/** API keys; global, because whatever makes a programme makes its first key. */
@Global()
@Module({
  controllers: [ApiKeysController],
  providers: [ApiKeyStore, KeptScopes],
  exports: [ApiKeyStore],
})
export class KeysModule {}
