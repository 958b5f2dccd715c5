import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { isSignedBy, keyIdOf, parsePrivateKey, parsePublicKey, signerOf } from './ed25519.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = (key: KeyObject, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' }) as string;
const der = privateKey.export({ type: 'pkcs8', format: 'der' });

describe('an Ed25519 key', () => {
  it.each([
    ['PEM', pem(privateKey, 'pkcs8')],
    ['PEM in one line', pem(privateKey, 'pkcs8').replaceAll('\n', String.raw`\n`)],
    ['base64 of its PKCS #8', der.toString('base64')],
  ])('is read as %s', (_, text) => {
    expect(keyIdOf(parsePublicKey(signerOf(parsePrivateKey(text)).publicKey))).toBe(keyIdOf(publicKey));
  });

  it('is refused when it is none, or of another kind', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(() => parsePrivateKey('not a key')).toThrow();
    expect(() => parsePrivateKey(pem(rsa.privateKey, 'pkcs8'))).toThrow('not an Ed25519 key');
    expect(() => parsePublicKey(pem(rsa.publicKey, 'spki'))).toThrow('not an Ed25519 key');
    expect(() => parsePublicKey('')).toThrow();
  });

  it('signs what anybody can check with the public half alone', () => {
    const signer = signerOf(privateKey);
    const signature = signer.sign('day|digest');
    expect(verify(null, Buffer.from('day|digest'), publicKey, signature)).toBe(true);
    expect(isSignedBy(parsePublicKey(signer.publicKey), 'day|digest', signature)).toBe(true);
    expect(isSignedBy(publicKey, 'day|other', signature)).toBe(false);
    expect(isSignedBy(generateKeyPairSync('ed25519').publicKey, 'day|digest', signature)).toBe(false);
  });
});
