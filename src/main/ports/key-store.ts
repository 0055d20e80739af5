/**
 * Keys by handle. Nobody outside a provider ever holds key bytes; providers are `drivers/keystore-*`.
 * Every operation is synchronous: AES and HMAC on short fields cost less than a turn of the event loop.
 */
export interface KeyStore {
  /** Locked until somebody with a slot has signed in; operations then throw `key.locked`. */
  readonly locked: boolean
  /** A new data key, wrapped under the store's own key. The wrapped form is safe to keep in the database. */
  createDataKey(): { wrapped: Uint8Array }
  /** AES-256-GCM under a data key. `context` is authenticated and binds the text to its place (`J-000001/12`). */
  seal(wrapped: Uint8Array, plain: Uint8Array, context: string): Uint8Array
  /** Throws `key.unreadable` when the text, the key or the context is not the one that was sealed. */
  unseal(wrapped: Uint8Array, sealed: Uint8Array, context: string): Uint8Array
  /** HMAC-SHA-256 under a named key of the store: `journal` for seals, `number` for the index of issued cards. */
  mac(name: 'journal' | 'number', data: Uint8Array): Uint8Array
}

/** The part that signing in uses: one slot per person, each wrapping the store's key under scrypt of the password. */
export interface KeyStoreSlots {
  readonly exists: boolean
  create(person: string, password: string): Promise<void>
  /** Opens the store and answers whether the password was right. Constant-time comparison. */
  unlock(person: string, password: string): Promise<boolean>
  /** Adds or replaces a slot; the store must be unlocked. */
  setSlot(person: string, password: string): Promise<void>
  removeSlot(person: string): Promise<void>
  lock(): void
}
