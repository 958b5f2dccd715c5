import { Global, Module } from '@nestjs/common';
import { KEY_AUTHENTICATOR } from '../platform/tokens.js';
import { ApiKeyStore } from './api-key.store.js';
import { ApiKeysController } from './api-keys.controller.js';

/** API keys; global, because the guard of every route asks it. */
@Global()
@Module({
  controllers: [ApiKeysController],
  providers: [ApiKeyStore, { provide: KEY_AUTHENTICATOR, useExisting: ApiKeyStore }],
  exports: [ApiKeyStore, KEY_AUTHENTICATOR],
})
export class KeysModule {}
