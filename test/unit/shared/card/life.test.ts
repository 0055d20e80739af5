import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AttemptLife, type AttemptStep, closedStates, newLife, nextLife } from '#shared/card/life.ts'

const walk = (...steps: AttemptStep[]) => steps.reduce<AttemptLife | undefined>((life, step) => life && nextLife(life, step), newLife)

const make: AttemptStep = { step: 'intend', aim: 'make' }
const voidIt: AttemptStep = { step: 'intend', aim: 'void' }
const applied: AttemptStep = { step: 'failed', effect: 'applied' }

const anyStep = fc.constantFrom<AttemptStep>(
  make,
  voidIt,
  { step: 'done', delivered: true },
  { step: 'done', delivered: false },
  { step: 'refused' },
  { step: 'failed', effect: 'none' },
  applied,
  { step: 'unknown' },
  { step: 'resolve', verdict: 'good' },
  { step: 'resolve', verdict: 'rejected' },
  { step: 'resolve', verdict: 'unused' },
  { step: 'close', verdict: 'good' },
  { step: 'close', verdict: 'rejected' },
  { step: 'close', verdict: 'unused' },
)

describe('the life of an attempt', () => {
  test('one command that carries everything ends good', () => {
    expect(walk(make, { step: 'done', delivered: true })?.state).toBe('good')
  })

  test('a refusal leaves it as it was, and it may be tried again', () => {
    expect(walk(make, { step: 'refused' })).toEqual(newLife)
    expect(walk(make, { step: 'refused' }, make)?.state).toBe('intended')
  })

  test('a lost outcome can only be settled, never tried again', () => {
    expect(walk(make, { step: 'unknown' })?.state).toBe('in-doubt')
    expect(walk(make, { step: 'unknown' }, make)).toBeUndefined()
    expect(walk(make, { step: 'unknown' }, { step: 'resolve', verdict: 'unused' })?.state).toBe('unused')
  })

  test('a touched blank can not be called unused', () => {
    expect(walk(make, { step: 'done', delivered: false }, make, { step: 'unknown' }, { step: 'resolve', verdict: 'unused' })).toBeUndefined()
  })

  test('a refusal after an earlier command leaves the card half made, not fresh', () => {
    expect(walk(make, { step: 'done', delivered: false }, make, { step: 'refused' })).toEqual({ state: 'working', touched: true })
  })

  test('a spoiled blank is never released, whatever becomes of the command that voids it', () => {
    expect(walk(make, applied, make)).toBeUndefined()
    expect(walk(make, applied, voidIt, { step: 'done', delivered: true })?.state).toBe('rejected')
    expect(walk(make, applied, voidIt, { step: 'unknown' })?.state).toBe('spoiled')
  })

  test('whatever happens: an end is final, and nothing that was spoiled becomes good', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), (steps) => {
        let life: AttemptLife = newLife
        let spoiled = false
        for (const step of steps) {
          const next = nextLife(life, step)
          if (closedStates.has(life.state)) expect(next).toBeUndefined()
          if (next === undefined) continue
          if (life.touched) expect(next.touched).toBe(true)
          if (next.state === 'spoiled') spoiled = true
          if (spoiled) expect(['good', 'unused', 'claimed', 'working', 'in-doubt']).not.toContain(next.state)
          life = next
        }
      }),
    )
  })
})
