/** Names under which the composition root offers what is no class. */
export const CLOCK = Symbol('Clock');
export const IDS = Symbol('IdSource');
export const KEY_AUTHENTICATOR = Symbol('KeyAuthenticator');
export const DATA_SOURCE = Symbol('DataSource');
