import { useAnswer } from '../../client/use-answer.ts'

/** Whether cards of this design carry chip contacts; false until it is known. */
export function useContacts(design: string | undefined): boolean {
  return useAnswer('design.get', design === undefined ? undefined : { design }).value?.contacts ?? false
}
