/** The design on the table: its history, what is chosen of it, the values it is looked at with, and what is wrong with it. */
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { ProfileSummary } from '#shared/contract/calls.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { parseDesign } from '#shared/design/parse-design.ts'
import { call } from '../../client/client.ts'
import { useMay } from '../../store/session.ts'
import { keepDraft } from './drafts.ts'
import type { Draft } from './drafts.ts'
import { redone, settled, stepped, undone } from './history.ts'
import type { History } from './history.ts'
import { judge, sampleRow } from './judge.ts'
import type { Judgement, Sample } from './judge.ts'
import { isoToday } from './today.ts'

export type Side = 'front' | 'back'

export interface Designer {
  readonly design: CardDesign
  readonly history: History<CardDesign>
  readonly changed: boolean
  /** Whether the document can be saved: it is a design, whatever machine it fits. */
  readonly sound: boolean
  readonly mayEdit: boolean
  readonly profile: ProfileSummary | undefined
  readonly judgement: Judgement
  readonly mistakes: readonly Mistake[]
  readonly sample: Sample
  readonly selected: number | undefined
  readonly side: Side
  /** Steps of the same gesture are undone together. */
  edit(next: CardDesign, gesture?: string): void
  /** Ends a gesture: what is typed or moved next is a step of its own. */
  settle(): void
  undo(): void
  redo(): void
  setSample(sample: Sample): void
  select(line: number | undefined): void
  turn(side: Side): void
  savedAs(design: CardDesign): void
}

export function useDesigner(draft: Draft, profile: ProfileSummary | undefined): Designer {
  const mayEdit = useMay('design.save')
  const [{ history, saved }, setDraft] = useState(draft)
  const [sample, setSample] = useState<Sample>(new Map())
  const [selected, setSelected] = useState(() => firstOn('front', draft.history.now))
  const [side, setSide] = useState<Side>('front')
  const design = history.now
  useEffect(() => keepDraft(design.id, { history, saved }), [design.id, history, saved])
  const judgement = useMemo(() => judge(design, profile?.limits, sample, isoToday()), [design, profile, sample])
  const checked = useCoreCheck(mayEdit ? profile?.profile : undefined, design, sample)
  const change = (turn: (history: History<CardDesign>) => History<CardDesign>) => setDraft((before) => ({ ...before, history: turn(before.history) }))
  return {
    design,
    history,
    changed: JSON.stringify(design) !== JSON.stringify(saved),
    sound: useMemo(() => parseDesign(design).ok, [design]),
    mayEdit,
    profile,
    judgement,
    mistakes: useMemo(() => merged(judgement.mistakes, checked), [judgement, checked]),
    sample,
    selected: selected !== undefined && selected < design.lines.length ? selected : undefined,
    side,
    edit: (next, gesture) => mayEdit && change((before) => stepped(before, next, gesture)),
    settle: () => change(settled),
    undo: () => change(undone),
    redo: () => change(redone),
    setSample,
    select(line) {
      setSelected(line)
      const chosen = line === undefined ? undefined : design.lines[line]
      if (chosen) setSide(chosen.side)
    },
    turn(next) {
      setSide(next)
      if (selected === undefined || design.lines[selected]?.side !== next) setSelected(firstOn(next, design))
    },
    savedAs: (now) => setDraft((before) => ({ ...before, saved: now })),
  }
}

function firstOn(side: Side, design: CardDesign): number | undefined {
  const index = design.lines.findIndex((line) => line.side === side)
  return index < 0 ? undefined : index
}

const rest = 400

/** What the core says of the design, once the changes rest. It knows the machine's profile better than this page may. */
function useCoreCheck(profile: string | undefined, design: CardDesign, sample: Sample): readonly Mistake[] {
  const values = Object.fromEntries(design.columns.map(({ name }, index) => [name, sampleRow(design, sample)[index] ?? '']))
  const question = useDeferredValue(profile === undefined ? undefined : JSON.stringify({ design, profile, sample: values }))
  const [answer, setAnswer] = useState<{ question: string; mistakes: readonly Mistake[] }>()
  useEffect(() => {
    if (question === undefined) return
    let mine = true
    const timer = setTimeout(() => {
      // The page's own check stands while the core can't be asked; saving asks it again.
      call('design.check', JSON.parse(question)).then(
        ({ mistakes }) => mine && setAnswer({ question, mistakes }),
        () => mine && setAnswer(undefined),
      )
    }, rest)
    return () => {
      mine = false
      clearTimeout(timer)
    }
  }, [question])
  return answer !== undefined && answer.question === question ? answer.mistakes : none
}

const none: readonly Mistake[] = []

/** Both lists, what both found once. Where a sample stands in no file, its line and place are left out. */
function merged(own: readonly Mistake[], core: readonly Mistake[]): Mistake[] {
  const seen = new Set<string>()
  return [...own, ...core].filter((mistake) => {
    const key = JSON.stringify([mistake.code, mistake.line === undefined ? mistake.place : undefined, mistake.column, mistake.values])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
