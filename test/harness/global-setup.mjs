import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);

export default async function globalSetup() {
  const { startTestServer } = await import('./test-server.ts');
  globalThis.laurelTestServer = await startTestServer();
}
