/**
 * Every run of the suite tries the same cases, so that what passed here passes there. `CARDWRIGHT_SEED=NUMBER` tries others: a
 * seed that fails is told by fast-check, and what it found gets a test of its own.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['CARDWRIGHT_SEED'] ?? 1) })
