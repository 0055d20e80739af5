/** All designs, each shown as the card that its examples make. */
import { IdCard, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { DesignSummary } from '#shared/contract/calls.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useMay } from '../../store/session.ts'
import { Button, CardPicture, EmptyPage, FaultPanel, Page, Progress, useShortcuts } from '../../ui/index.ts'
import { judge } from './judge.ts'
import { NewDesign } from './new-design.tsx'
import { isoToday } from './today.ts'

export function DesignsList() {
  const { say } = useWords()
  const mayEdit = useMay('design.save')
  const { value: designs, faults, ask } = useAnswer('design.list', {})
  const [beginning, setBeginning] = useState(false)
  useShortcuts(mayEdit ? [{ key: 'n', label: say('designs.shortcut.new'), run: () => setBeginning(true) }] : [])
  const begin = (
    <Button kind="primary" icon={<Plus size={18} aria-hidden />} onPress={() => setBeginning(true)}>
      {say('designs.new')}
    </Button>
  )
  return (
    <Page title={say('designs.title')} lead={say(mayEdit ? 'designs.lead' : 'designs.read-only')} actions={mayEdit && (designs?.length ?? 0) > 0 && begin}>
      <FaultPanel faults={faults} action={<Button onPress={ask}>{say('control.retry')}</Button>} />
      {designs === undefined && faults.length === 0 && <Progress label={say('frame.loading')} />}
      {designs?.length === 0 && (
        <EmptyPage icon={<IdCard size={40} aria-hidden />} title={say('designs.empty')} action={mayEdit && begin}>
          {say('designs.empty.do')}
        </EmptyPage>
      )}
      {designs && designs.length > 0 && (
        <ul className="designs-list" aria-label={say('designs.list')}>
          {designs.map((design) => (
            <li key={design.design}>
              <DesignTile summary={design} />
            </li>
          ))}
        </ul>
      )}
      {beginning && <NewDesign designs={designs ?? []} onClose={() => setBeginning(false)} />}
    </Page>
  )
}

function DesignTile({ summary }: { summary: DesignSummary }) {
  const words = useWords()
  const { value: design } = useAnswer('design.get', { design: summary.design })
  const preview = useMemo(() => design && judge(design, undefined, new Map(), isoToday()).preview, [design])
  return (
    <a className="designs-tile" href={routeTo('designs', [summary.design])}>
      <span className="designs-picture">{preview && <CardPicture preview={preview} side={preview.lines.some((line) => line.side === 'front') ? 'front' : 'back'} chip={design?.contacts ?? false} />}</span>
      <strong>{design?.name[words.language] ?? summary.name}</strong>
      <span className="small soft">
        {words.say('designs.saved', { revision: summary.revision, date: words.date(summary.savedAt), person: summary.savedBy })}
      </span>
    </a>
  )
}
