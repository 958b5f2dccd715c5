import { register } from 'node:module';

// For processes that tests start: they load the sources as Jest does.
register('./typescript-loader.mjs', import.meta.url);
