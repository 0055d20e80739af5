import { useEffect, useState } from 'react'
import { call } from '../../client/client.ts'

/** Whether cards of this design carry chip contacts; false until it is known. */
export function useContacts(design: string | undefined): boolean {
  const [contacts, setContacts] = useState(false)
  useEffect(() => {
    if (design === undefined) return
    let shown = true
    call('design.get', { design }).then(
      (found) => shown && setContacts(found.contacts),
      () => shown && setContacts(false),
    )
    return () => {
      shown = false
    }
  }, [design])
  return contacts
}
