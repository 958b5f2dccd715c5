import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** Signs texts with a key of the installation (Ed25519, RFC 8032). */
export interface Signer {
  /** SHA-256 of the public key's DER (SubjectPublicKeyInfo), lower-case hex. */
  readonly keyId: string;
  /** The public half as PEM. */
  readonly publicKey: string;
  sign(text: string): Buffer;
}

/** Reads an Ed25519 private key: PEM, or the base64 of its PKCS #8. @throws Error for anything else. */
export function parsePrivateKey(text: string): KeyObject {
  // Compose files and service managers carry a PEM in one line, with its line ends written out.
  const trimmed = text.trim().replaceAll(String.raw`\n`, '\n');
  const key = trimmed.startsWith('-----BEGIN')
    ? createPrivateKey(trimmed)
    : createPrivateKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
  return key;
}

/** Reads an Ed25519 public key as PEM. @throws Error for anything else. */
export function parsePublicKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.type !== 'public' || key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
  return key;
}

export function signerOf(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: (text) => sign(null, Buffer.from(text), privateKey),
  };
}

export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

export function isSignedBy(publicKey: KeyObject, text: string, signature: Buffer): boolean {
  return verify(null, Buffer.from(text), publicKey, signature);
}
