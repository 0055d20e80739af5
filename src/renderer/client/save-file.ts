/** Hands a file to the person: the browser's or the window's own way of saving. */
import type { FileView } from '#shared/contract/calls.ts'

export function saveFile({ name, mediaType, base64 }: FileView): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  saveBlob(name, new Blob([bytes], { type: mediaType }))
}

export function saveText(name: string, mediaType: string, text: string): void {
  saveBlob(name, new Blob([text], { type: mediaType }))
}

function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
