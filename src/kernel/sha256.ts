import { hash } from 'node:crypto';

/** SHA-256 (FIPS 180-4) of a text's UTF-8 bytes, lower-case hex. A pure function of its input. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}
