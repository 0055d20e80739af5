/** Room for stations that work at the same time. */

/**
 * Every command in a reader holds one of libuv's threads until the card has answered, and files and passwords need some too: the usual
 * four would let a fifth card wait for the first. Counts only before the first of them was used, hence at the very start of a program.
 */
export function provideThreads(): void {
  process.env['UV_THREADPOOL_SIZE'] ??= '32'
}
