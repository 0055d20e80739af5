/** Randomness, seeded in tests. */
export interface Random {
  /** Cryptographically strong in the shells. */
  bytes(length: number): Uint8Array
}
