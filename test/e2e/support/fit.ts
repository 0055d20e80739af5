/** Whether everything on a page can be read at the window's size: nothing clipped, nothing beyond the edge. */
import type { Page } from '@playwright/test'

/** Each thing that is cut off, named by its place and its words; empty where everything fits. */
export function whatDoesNotFit(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wrong: string[] = []
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`)
    if (root.scrollHeight > root.clientHeight) wrong.push(`the page is ${root.scrollHeight} high in ${root.clientHeight}`)

    const name = (element: Element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').trim().slice(0, 60)}”`
    const shown = (element: Element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.closest('.only-heard, [inert], [aria-hidden=true]') === null
    const scrolls = (value: string) => value === 'auto' || value === 'scroll'
    /** Inside something that scrolls sideways on purpose, such as a wide table of a file's rows. */
    const mayBeBeyond = (element: Element): boolean => {
      const parent = element.parentElement
      return parent !== null && (scrolls(getComputedStyle(parent).overflowX) || mayBeBeyond(parent))
    }

    const readable = 'button, a, label, h1, h2, h3, legend, summary, dt, dd, p, th, .mark, .field-label, .field-hint, [role=tab], [role=radio], [role=columnheader], [role=status], [role=option], [role=menuitem]'
    for (const element of document.querySelectorAll<HTMLElement>(readable)) {
      if (!shown(element)) continue
      for (const part of [element, ...element.querySelectorAll<HTMLElement>('*')]) {
        const style = getComputedStyle(part)
        if (part.clientWidth <= 1 || style.display === 'inline' || part.closest('svg, .only-heard') !== null) continue
        if (part.scrollWidth > part.clientWidth + 1 && !scrolls(style.overflowX)) wrong.push(`too wide by ${part.scrollWidth - part.clientWidth}: ${name(part)}`)
        if (part.scrollHeight > part.clientHeight + 2 && style.overflowY === 'hidden') wrong.push(`too high by ${part.scrollHeight - part.clientHeight}: ${name(part)}`)
      }
      const box = element.getBoundingClientRect()
      if (box.width > 0 && (box.right > root.clientWidth + 1 || box.left < -1) && !mayBeBeyond(element)) wrong.push(`beyond the edge: ${name(element)}`)
    }
    for (const grid of document.querySelectorAll('[role=grid]')) {
      if (shown(grid) && grid.scrollWidth > grid.clientWidth + 1) wrong.push(`columns do not fit by ${grid.scrollWidth - grid.clientWidth}: ${grid.getAttribute('aria-label')}`)
    }
    return [...new Set(wrong)]
  })
}
