/** The card's data, group by group, with what stands in it; a value may be changed and tried. Secrets come wrapped and stay so. */
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { ChipGroup, PreparedChip } from '#shared/chip/prepared-chip.ts'
import { groupingName } from '#shared/tlv/grouping-names.ts'
import { tagMeaning } from '#shared/tlv/tags.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { Button, TextField } from '../../../ui/index.ts'
import { DecodedTree } from './decoded-tree.tsx'
import { decodeCovered } from './reading.ts'
import { changeBench, changedGroups, useBench } from './session.ts'
import type { Choices } from './use-choices.ts'

export function DataPane({ choices }: { choices: Choices }) {
  const { say } = useWords()
  const { chip, sample, design } = useBench()
  const [open, setOpen] = useState<string>()
  if (chip === undefined) return <p className="soft">{say(design === undefined && choices.designs.length > 0 ? 'bench.data.choose' : 'bench.data.none')}</p>
  const changed = changedGroups(chip, sample)
  return (
    <div className="bench-data">
      <div className="spread">
        <p className="soft small">{say('bench.data.lead')}</p>
        {changed > 0 && (
          <Button kind="quiet" icon={<RotateCcw size={18} aria-hidden />} onPress={() => changeBench({ chip: sample })}>
            {say('bench.data.reset')}
          </Button>
        )}
      </div>
      {chip.applications.map(({ application, groups }, at) => (
        <section key={application} aria-label={application}>
          <h2 className="bench-data-title">
            <span className="code">{application}</span>
          </h2>
          <ul>
            {groups.map((group, index) => (
              <Group
                key={group.name}
                group={group}
                before={sample?.applications[at]?.groups[index]?.value}
                open={open === `${application} ${group.name}`}
                onOpen={() => setOpen(open === `${application} ${group.name}` ? undefined : `${application} ${group.name}`)}
                onChange={(value) => changeBench({ chip: withValue(chip, at, index, value) })}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

interface GroupProps {
  group: ChipGroup
  before: string | undefined
  open: boolean
  onOpen(): void
  onChange(value: string): void
}

function Group({ group: { name, value, secret }, before, open, onOpen, onChange }: GroupProps) {
  const { say, language } = useWords()
  const [typed, setTyped] = useState<string>()
  const meaning = groupingName(name) ?? tagMeaning(name)?.name
  const digits = (typed ?? value).replaceAll(/\s/g, '').toUpperCase()
  const wrong = /[^0-9A-F]/.test(digits) || digits.length % 2 === 1
  const decoded = open && !secret && !wrong ? decodeCovered(value) : undefined
  const take = (text: string) => {
    setTyped(text)
    const next = text.replaceAll(/\s/g, '').toUpperCase()
    if (!/[^0-9A-F]/.test(next) && next.length % 2 === 0) onChange(next)
  }
  return (
    <li className="bench-group" data-changed={(before !== undefined && before !== value) || undefined}>
      <button type="button" className="bench-group-head" aria-expanded={open} onClick={onOpen}>
        <span className="code">{name}</span>
        <span className="bench-group-name">{meaning?.[language]}</span>
        <span className="soft small">{say('bench.bytes', { count: secret?.clearLength ?? value.length / 2 })}</span>
        {secret && <span className="chip-tag">{say('bench.secret')}</span>}
        {before !== undefined && before !== value && (
          <span className="chip-tag" data-tone="doubt">
            {say('bench.changed')}
          </span>
        )}
      </button>
      {open && (
        <div className="bench-group-body">
          {secret ? (
            <p className="soft small">{say('bench.secret.lead', { key: secret.under })}</p>
          ) : (
            <TextField
              label={say('bench.group.value', { name })}
              value={typed ?? value}
              onChange={take}
              onBlur={() => !wrong && setTyped(undefined)}
              error={wrong ? say('bench.group.not-hex') : undefined}
              lines={Math.min(8, Math.max(2, Math.ceil(value.length / 56)))}
              spellCheck="false"
            />
          )}
          {decoded && <DecodedTree parts={decoded} />}
        </div>
      )}
    </li>
  )
}

function withValue(chip: PreparedChip, application: number, group: number, value: string): PreparedChip {
  const one = chip.applications[application]!
  return { ...chip, applications: chip.applications.with(application, { ...one, groups: one.groups.with(group, { ...one.groups[group]!, value }) }) }
}
