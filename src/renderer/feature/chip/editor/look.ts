/** The editor's look, from the same tokens as every page: light and dark follow by themselves. */
import { HighlightStyle, defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/** The editor's own rules carry the page's nonce: the policy of `pages.ts` lets no other style in. */
function nonce(): Extension {
  const given = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
  return given ? EditorView.cspNonce.of(given) : []
}

/** Kinds of words by the colours that the editor's own light scheme gives them → our tokens. */
const colours: Readonly<Record<string, string>> = {
  '#708': 'var(--code-keyword)',
  '#219': 'var(--code-value)',
  '#164': 'var(--code-value)',
  '#a11': 'var(--code-text)',
  '#e40': 'var(--code-text)',
  '#00f': 'var(--code-name)',
  '#00c': 'var(--code-name)',
  '#30a': 'var(--text)',
  '#085': 'var(--code-name)',
  '#167': 'var(--code-name)',
  '#256': 'var(--code-name)',
  '#940': 'var(--text-soft)',
  '#404740': 'var(--text-soft)',
  '#f00': 'var(--bad)',
}

const highlight = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) => {
    const { color } = spec as { color?: string }
    return color === undefined ? spec : { ...spec, color: colours[color] ?? 'var(--text)' }
  }),
)

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--raised)', fontSize: '13px' },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '-1px' },
  '.cm-scroller': { fontFamily: 'var(--code-font)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-soft)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 60%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)', color: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--accent-soft)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-soft)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
  '.cm-at-work': { backgroundColor: 'var(--doubt-soft)', boxShadow: 'inset 3px 0 0 var(--doubt)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line-strong)', borderRadius: 'var(--corner)', boxShadow: 'var(--shadow)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--code-font)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 12px', maxWidth: '380px', fontFamily: 'var(--text-font)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.8', fontStyle: 'normal', marginLeft: '0' },
  '.cm-diagnostic': { padding: '6px 12px', fontFamily: 'var(--text-font)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--bad)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--text)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--raised)', border: '1px solid var(--line-strong)', borderRadius: '4px', color: 'var(--text)', padding: '4px 8px' },
  '.cm-button': { background: 'var(--raised)', border: '1px solid var(--line-strong)', borderRadius: '4px', color: 'var(--text)' },
})

export function look(): Extension {
  return [nonce(), theme, syntaxHighlighting(highlight)]
}
