export default async function globalTeardown() {
  await globalThis.laurelTestServer?.stop();
}
