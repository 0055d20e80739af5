/** Completion and hover of the scripts' host interface in the editor. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { javascriptLanguage } from '@codemirror/lang-javascript'
import type { Extension } from '@codemirror/state'
import { hoverTooltip } from '@codemirror/view'
import declarations from '#assets/scapps/host.d.ts?raw'
import { readHostInterface } from './host-interface.ts'
import type { Member } from './host-interface.ts'
import { argumentAt, memberAt, membersAfter } from './script-types.ts'

const host = readHostInterface(declarations)

export function hostHelp(): Extension {
  return [javascriptLanguage.data.of({ autocomplete: complete }), hoverTooltip(hover, { hideOnChange: true })]
}

function complete(context: CompletionContext): CompletionResult | null {
  const source = context.state.doc.toString()
  const before = source.slice(0, context.pos)
  const path = /([\w$]+(?:\.[\w$]+)*)\.([\w$]*)$/.exec(before)
  if (path) {
    const members = membersAfter(path[1]!.split('.'), source, host)
    return members ? { from: context.pos - path[2]!.length, options: members.map(memberOption), validFor: /^[\w$]*$/ } : null
  }
  const argument = argumentAt(before, source, host)
  if (argument) return completeArgument(argument, before, context)
  const word = /[\w$]+$/.exec(before)?.[0]
  if (word === undefined && !context.explicit) return null
  const globals = [...host.globals].map(([label, { doc }]): Completion => ({ label, type: 'namespace', info: doc }))
  return { from: context.pos - (word?.length ?? 0), options: globals, validFor: /^[\w$]*$/ }
}

function completeArgument({ members, key }: NonNullable<ReturnType<typeof argumentAt>>, before: string, context: CompletionContext): CompletionResult | null {
  if (key !== undefined) {
    const values = members.find(({ name }) => name === key)?.values ?? []
    if (values.length === 0) return null
    const typed = /['"]?[\w+-]*$/.exec(before)![0]
    return { from: context.pos - typed.length, options: values.map((value) => ({ label: `'${value}'`, type: 'constant' })) }
  }
  const word = /[\w$]*$/.exec(before)![0]
  const options = members.map((member): Completion => ({ ...memberOption(member), label: member.name, apply: `${member.name}: ` }))
  return { from: context.pos - word.length, options, validFor: /^[\w$]*$/ }
}

function memberOption({ name, kind, signature, doc }: Member): Completion {
  return { label: name, type: kind, detail: signature.slice(name.length), ...(doc !== '' && { info: doc }) }
}

const hover: Parameters<typeof hoverTooltip>[0] = (view, position) => {
  const line = view.state.doc.lineAt(position)
  const at = position - line.from
  const start = /[\w$.]*$/.exec(line.text.slice(0, at))![0].length
  const end = /^[\w$]*/.exec(line.text.slice(at))![0].length
  const path = line.text.slice(at - start, at + end).split('.')
  const source = view.state.doc.toString()
  const found = path.length > 1 ? memberAt(path, source, host) : undefined
  const helper = path.length === 1 ? host.globals.get(path[0]!) : undefined
  if (found === undefined && helper === undefined) return null
  return {
    pos: line.from + at - (path.at(-1)!.length - end),
    end: line.from + at + end,
    create: () => ({ dom: card(found?.signature ?? path[0]!, found?.doc ?? helper?.doc ?? '') }),
  }
}

function card(signature: string, doc: string): HTMLElement {
  const box = document.createElement('div')
  box.className = 'code-help'
  const code = document.createElement('code')
  code.textContent = signature
  box.append(code)
  if (doc !== '') {
    const text = document.createElement('p')
    text.textContent = doc
    box.append(text)
  }
  return box
}
