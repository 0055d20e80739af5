import { X } from 'lucide-react'
import type { Ref } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { OutputOf } from '#shared/contract/calls.ts'
import type { JobView } from '#shared/job/job.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Button, ResultMark, SearchField, Select } from '../../ui/index.ts'
import type { Option } from '../../ui/index.ts'
import { everything, isEverything, logResults, withPart } from './filter.ts'
import type { LogFilter } from './filter.ts'

export interface FilterBarProps {
  filter: LogFilter
  onChange(filter: LogFilter): void
  choices: OutputOf<'log.filters'> | undefined
  jobs: readonly JobView[]
  findRef: Ref<HTMLInputElement>
}

const any = ''

export function FilterBar({ filter, onChange, choices, jobs, findRef }: FilterBarProps) {
  const words = useWords()
  const { say } = words
  const part = (word: 'reason' | 'device' | 'operator' | 'job', label: string, options: readonly Option<string>[]) => (
    <Select
      label={label}
      hideLabel
      options={[{ id: any, text: say(`log.any.${word}`) }, ...withChosen(options, filter[word])]}
      value={filter[word] ?? any}
      onChange={(value) => onChange(withPart(filter, word, value))}
    />
  )
  return (
    <div className="log-filters" role="search" aria-label={say('log.filters')}>
      <div className="log-find">
        <SearchField
          label={say('log.find')}
          placeholder={say('log.find.placeholder')}
          value={filter.find ?? ''}
          onChange={(value) => onChange(withPart(filter, 'find', value))}
          inputRef={findRef}
        />
      </div>
      <ToggleButtonGroup
        className="log-results"
        aria-label={say('log.result')}
        selectionMode="multiple"
        selectedKeys={filter.results}
        onSelectionChange={(keys) => onChange({ ...filter, results: logResults.filter((result) => keys.has(result)) })}
      >
        {logResults.map((result) => (
          <ToggleButton key={result} id={result} className="log-result">
            <ResultMark result={result} />
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Button kind="quiet" icon={<X size={18} aria-hidden />} isDisabled={isEverything(filter)} onPress={() => onChange(everything)}>
        {say('log.clear')}
      </Button>
      <div className="log-parts">
        {part('reason', say('log.reason'), (choices?.reasons ?? []).map((code) => ({ id: code, text: words.reason({ code }) })))}
        {part('job', say('log.job'), jobs.toReversed().map((job) => ({ id: job.job, text: job.name, hint: job.job })))}
        {part('device', say('log.device'), (choices?.devices ?? []).map(({ device, name }) => ({ id: device, text: name })))}
        {part('operator', say('log.operator'), (choices?.operators ?? []).map(({ person, name }) => ({ id: person, text: name })))}
        <DayField label={say('log.from')} value={filter.from} max={filter.to} onChange={(day) => onChange(withPart(filter, 'from', day))} />
        <DayField label={say('log.to')} value={filter.to} min={filter.from} onChange={(day) => onChange(withPart(filter, 'to', day))} />
      </div>
    </div>
  )
}

/** A value out of an old address stays in sight even where nothing of it is known any more. */
function withChosen(options: readonly Option<string>[], chosen: string | undefined): readonly Option<string>[] {
  return chosen === undefined || options.some((option) => option.id === chosen) ? options : [...options, { id: chosen, text: chosen }]
}

interface DayFieldProps {
  label: string
  value: string | undefined
  min?: string | undefined
  max?: string | undefined
  onChange(day: string | undefined): void
}

/** The browser's own field for a day: everybody at this computer knows it, and it needs no mouse. */
function DayField({ label, value, min, max, onChange }: DayFieldProps) {
  return (
    <label className="log-day">
      <span>{label}</span>
      <input type="date" className="input" value={value ?? ''} min={min} max={max} data-empty={value === undefined || undefined} onChange={(event) => onChange(event.target.value || undefined)} />
    </label>
  )
}
