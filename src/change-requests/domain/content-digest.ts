import { canonicalJson } from '../../kernel/canonical-json.js';
import { sha256Hex } from '../../kernel/sha256.js';

/** The digest of exact content, SHA-256 in hex: two that say the same have the same one, however they are written. */
export function contentDigest(content: object): string {
  return sha256Hex(canonicalJson(JSON.parse(JSON.stringify(content))));
}
