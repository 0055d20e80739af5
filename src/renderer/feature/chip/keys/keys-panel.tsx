/** Keys for cards: names, what for, check values. Never a byte of one, and a value is typed only to be imported. */
import { KeyRound, Plus, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { keyLengths, KeyAlgorithm } from '#shared/chip/keys.ts'
import type { KeyView } from '#shared/chip/keys.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../../client/client.ts'
import { useAnswer } from '../../../client/use-answer.ts'
import { useWords } from '../../../i18n/provider.tsx'
import type { Say } from '../../../i18n/text.ts'
import { attempt, notify } from '../../../store/notices.ts'
import { useMay } from '../../../store/session.ts'
import { Button, ConfirmDialog, DataTable, Dialog, EmptyPage, FaultPanel, IconButton, PasswordField, Radios, Select, TextField } from '../../../ui/index.ts'
import type { Column } from '../../../ui/index.ts'

export function KeysPanel() {
  const { say } = useWords()
  const { value: keys, faults, ask } = useAnswer('chip.keys', {})
  const mayImport = useMay('chip.importKey')
  const [importing, setImporting] = useState(false)
  const [removing, setRemoving] = useState<string>()
  const remove = (name: string) => attempt(() => call('chip.removeKey', { name })).then(() => ask())
  const columns = useMemo(() => columnsOf(say, mayImport ? setRemoving : undefined), [say, mayImport])
  return (
    <section className="panel chip-keys-panel" aria-label={say('chip.keys')}>
      <div className="spread">
        <div>
          <h2>{say('chip.keys')}</h2>
          <p className="soft small">{say('chip.keys.lead')}</p>
        </div>
        {mayImport && (
          <Button kind="primary" icon={<Plus size={18} aria-hidden />} onPress={() => setImporting(true)}>
            {say('chip.keys.import')}
          </Button>
        )}
      </div>
      <FaultPanel faults={faults} />
      <DataTable<KeyView>
        label={say('chip.keys')}
        rows={keys ?? []}
        keyOf={(key) => key.name}
        rowHeight={60}
        columns={columns}
        empty={
          keys && (
            <EmptyPage icon={<KeyRound size={40} aria-hidden />} title={say('chip.keys.none')}>
              {say('chip.keys.none.do')}
            </EmptyPage>
          )
        }
      />
      {importing && (
        <ImportKey
          onClose={() => {
            setImporting(false)
            ask()
          }}
        />
      )}
      <ConfirmDialog
        title={say('chip.key.remove', { name: removing ?? '' })}
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        action={say('chip.key.remove.action')}
        danger
        onConfirm={() => remove(removing!)}
      >
        {say('chip.key.remove.lead')}
      </ConfirmDialog>
    </section>
  )
}

function columnsOf(say: Say, onRemove: ((name: string) => void) | undefined): Column<KeyView>[] {
  const columns: Column<KeyView>[] = [
    {
      id: 'name',
      header: say('chip.key.name'),
      width: 'minmax(24ch, 1fr)',
      cell: (key) => (
        <span className="chip-key">
          <span className="code">{key.name}</span>
          <span className="soft small">{[say(`chip.key.purpose.${key.purpose}`), key.demo && say('chip.key.demo')].filter(Boolean).join(' · ')}</span>
        </span>
      ),
      sort: (key) => key.name,
    },
    { id: 'algorithm', header: say('chip.key.algorithm'), width: '13ch', cell: (key) => say(`chip.key.algorithm.${key.algorithm}`) },
    { id: 'check', header: say('chip.key.check-value'), width: '14ch', cell: (key) => <span className="code">{key.checkValue}</span> },
  ]
  if (onRemove === undefined) return columns
  return [
    ...columns,
    {
      id: 'remove',
      header: say('control.remove'),
      hideHeader: true,
      width: '44px',
      cell: ({ name }) => (
        <IconButton label={say('chip.key.remove', { name })} onPress={() => onRemove(name)}>
          <Trash2 size={18} />
        </IconButton>
      ),
    },
  ]
}

function ImportKey({ onClose }: { onClose(): void }) {
  const { say } = useWords()
  const [name, setName] = useState('')
  const [algorithm, setAlgorithm] = useState<KeyAlgorithm>('des2')
  const [purpose, setPurpose] = useState<'master' | 'transport'>('master')
  const [value, setValue] = useState('')
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const digits = value.replaceAll(/\s/g, '')
  const length = keyLengths[algorithm] * 2
  const wrong = digits === '' ? undefined : /[^0-9A-Fa-f]/.test(digits) ? say('chip.key.value.not-hex') : digits.length !== length ? say('chip.key.value.length', { have: digits.length, want: length }) : undefined
  const wrongName = name !== '' && !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) ? say('chip.new.id.wrong') : undefined
  const submit = async () => {
    try {
      const view = await call('chip.importKey', { name, algorithm, purpose, value: digits })
      notify('chip.key.imported', { name: view.name, checkValue: view.checkValue })
      onClose()
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
  }
  return (
    <Dialog
      title={say('chip.keys.import')}
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{say('control.cancel')}</Button>
          <Button kind="primary" isDisabled={name === '' || wrongName !== undefined || digits === '' || wrong !== undefined} onPress={() => void submit()}>
            {say('chip.keys.import.action')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <TextField label={say('chip.key.name')} hint={say('chip.key.name.hint')} error={wrongName} value={name} onChange={setName} maxLength={60} autoFocus spellCheck="false" />
        <Radios<'master' | 'transport'>
          label={say('chip.key.purpose')}
          value={purpose}
          onChange={setPurpose}
          options={[
            { id: 'master', text: say('chip.key.purpose.master'), hint: say('chip.key.purpose.master.hint') },
            { id: 'transport', text: say('chip.key.purpose.transport'), hint: say('chip.key.purpose.transport.hint') },
          ]}
        />
        <Select<KeyAlgorithm>
          label={say('chip.key.algorithm')}
          value={algorithm}
          onChange={setAlgorithm}
          options={KeyAlgorithm.options.map((id) => ({ id, text: say(`chip.key.algorithm.${id}`) }))}
        />
        <PasswordField label={say('chip.key.value')} hint={say('chip.key.value.hint', { want: length })} error={wrong} value={value} onChange={setValue} autoComplete="off" spellCheck="false" />
        <FaultPanel faults={faults} />
      </div>
    </Dialog>
  )
}
