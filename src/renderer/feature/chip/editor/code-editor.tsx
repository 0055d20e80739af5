/** The editor of scripts and documents: highlighting, completion, and every mistake at its place. Tab leaves it, as any field. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { bracketMatching, ensureSyntaxTree, foldGutter, indentOnInput, indentUnit } from '@codemirror/language'
import { forceLinting, lintGutter, lintKeymap, linter } from '@codemirror/lint'
import type { Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import type { DecorationSet } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useWords } from '../../../i18n/provider.tsx'
import { hostHelp } from './host-help.ts'
import { look } from './look.ts'

/** A mistake to show in the text. */
export interface Marker {
  /** From 1. */
  line: number
  text: string
}

export interface CodeEditorProps {
  label: string
  language: 'script' | 'json'
  value: string
  onChange?: (value: string) => void
  markers?: readonly Marker[]
  /** Brings the line into view, whenever the object is another one. */
  reveal?: { line: number } | undefined
  /** The line whose command waits or ran last. */
  atWork?: number | undefined
}

const setAtWork = StateEffect.define<number | undefined>()

const atWorkField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, state }) {
    const set = effects.findLast((effect) => effect.is(setAtWork))
    if (set === undefined) return marks.map(changes)
    const line = set.value
    if (line === undefined || line < 1 || line > state.doc.lines) return Decoration.none
    return Decoration.set([Decoration.line({ class: 'cm-at-work' }).range(state.doc.line(line).from)])
  },
  provide: (field) => EditorView.decorations.from(field),
})

export function CodeEditor({ label, language, value, onChange, markers = none, reveal, atWork }: CodeEditorProps) {
  const { say } = useWords()
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef({ onChange, markers, syntax: '', value, atWork })
  latest.current = { onChange, markers, syntax: say('code.syntax'), value, atWork }
  const readOnly = onChange === undefined

  useEffect(() => {
    const made = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          look(),
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          history(),
          drawSelection(),
          indentUnit.of('  '),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
          language === 'script' ? [javascript(), hostHelp()] : json(),
          linter((at) => diagnosticsOf(at, latest.current.markers, latest.current.syntax), { delay: 250 }),
          atWorkField,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString())
          }),
        ],
      }),
    })
    made.dispatch({ effects: setAtWork.of(latest.current.atWork) })
    view.current = made
    return () => made.destroy()
  }, [label, language, readOnly])

  useEffect(() => {
    const shown = view.current
    if (shown === undefined || shown.state.doc.toString() === value) return
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    latest.current.markers = markers
    if (view.current) forceLinting(view.current)
  }, [markers])

  useEffect(() => {
    const shown = view.current
    if (shown === undefined) return
    shown.dispatch({ effects: setAtWork.of(atWork) })
    if (atWork !== undefined && atWork <= shown.state.doc.lines) shown.dispatch({ effects: EditorView.scrollIntoView(shown.state.doc.line(atWork).from, { y: 'center' }) })
  }, [atWork])

  useEffect(() => {
    const shown = view.current
    if (shown === undefined || reveal === undefined || reveal.line > shown.state.doc.lines || reveal.line < 1) return
    const { from } = shown.state.doc.line(reveal.line)
    shown.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
    shown.focus()
  }, [reveal])

  return <div ref={box} className="code-editor" />
}

const none: readonly Marker[] = []

/** The markers given, and the places where the text is not of its language. */
function diagnosticsOf({ state }: EditorView, markers: readonly Marker[], syntax: string): Diagnostic[] {
  const { doc } = state
  const given = markers.flatMap(({ line, text }): Diagnostic[] => {
    if (line < 1 || line > doc.lines) return []
    const { from, to } = doc.line(line)
    return [{ from, to, severity: 'error', message: text }]
  })
  const broken: Diagnostic[] = []
  // The whole text, or nothing: where a parser has only come half-way, its last place looks like a mistake.
  ensureSyntaxTree(state, doc.length, 200)?.iterate({
    enter(node) {
      if (!node.type.isError || broken.length >= 20) return
      const line = doc.lineAt(node.from)
      if (given.some(({ from }) => from === line.from)) return
      broken.push({ from: node.from, to: Math.min(doc.length, Math.max(node.to, node.from + 1)), severity: 'error', message: syntax })
    },
  })
  return [...given, ...broken]
}
