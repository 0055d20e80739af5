/** What data each card has to bring for an application, and what is read back of it: two short tables of the task. */
import { Trash2 } from 'lucide-react'
import type { TaskApplication, Verification } from '#shared/chip/task.ts'
import { groupingName } from '#shared/tlv/grouping-names.ts'
import { useWords } from '../../../i18n/provider.tsx'
import type { Words } from '../../../i18n/provider.tsx'
import { IconButton } from '../../../ui/index.ts'

export function VerificationList({ application, onChange }: { application: TaskApplication; onChange?: (next: TaskApplication) => void }) {
  const words = useWords()
  const { say, language } = words
  const { template, verify } = application
  return (
    <div className="task-lists">
      <details>
        <summary>{say('chip.task.template', { count: template.length })}</summary>
        <ul>
          {template.map(({ group, required, secret, tags }, index) => (
            <li key={index}>
              <span className="code">{group}</span> {groupingName(group)?.[language]}
              <span className="soft small">
                {' '}
                {[say(required ? 'chip.task.required' : 'chip.task.optional'), secret && say('chip.task.secret'), tags && say('chip.task.tags', { tags: tags.join(' ') })].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>{say('chip.task.verify', { count: verify.length })}</summary>
        <ul>
          {verify.map((one, index) => (
            <li key={index} className="spread">
              <span>{verificationText(words, one)}</span>
              {onChange && (
                <IconButton label={say('control.remove')} onPress={() => onChange({ ...application, verify: verify.toSpliced(index, 1) })}>
                  <Trash2 size={16} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      </details>
    </div>
  )
}

function verificationText({ say }: Words, one: Verification): string {
  switch (one.read) {
    case 'record':
      return say('chip.verify.record', { sfi: one.sfi, record: one.record, group: one.group })
    case 'data':
      return say('chip.verify.data', { tag: one.tag, group: one.group })
    case 'binary':
      return say('chip.verify.binary', { path: one.path, group: one.group })
    case 'command':
      return say('chip.verify.command', { command: one.command, group: one.group })
    case 'check-value':
      return say('chip.verify.check-value', { command: one.command, group: one.group })
  }
}
