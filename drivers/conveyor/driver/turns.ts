/**
 * The presented cards in the order of their tickets. A card goes on only when every card that was presented before it has gone on:
 * whatever the chips take, the cards leave in the order in which they came.
 */

export interface Turn<Order> {
  readonly ticket: number
  /** Its place in the carousel. */
  readonly place: number
  /** What is to be done with it; absent while its chip is made. */
  order?: Order | undefined
}

export class Turns<Order> {
  readonly #open = new Map<number, Turn<Order>>()
  /** Places whose cards nobody works at: the next card that is asked for is one of them. */
  readonly #returned: number[] = []
  #tickets = 0

  open(place: number): Turn<Order> {
    const turn: Turn<Order> = { ticket: ++this.#tickets, place }
    this.#open.set(turn.ticket, turn)
    return turn
  }

  get(ticket: number): Turn<Order> | undefined {
    return this.#open.get(ticket)
  }

  /** The card is no longer there. */
  close(ticket: number): void {
    this.#open.delete(ticket)
  }

  /** The open turn of the card at this place. */
  at(place: number): Turn<Order> | undefined {
    return [...this.#open.values()].find((turn) => turn.place === place)
  }

  /** A place from which a card that was given back has gone. */
  forget(place: number): void {
    const index = this.#returned.indexOf(place)
    if (index >= 0) this.#returned.splice(index, 1)
  }

  /** The card has no turn any more until it is taken up again. */
  giveBack(ticket: number): void {
    const turn = this.#open.get(ticket)
    if (turn === undefined || turn.order !== undefined) return
    this.#open.delete(ticket)
    this.#returned.push(turn.place)
  }

  /** A card that was given back, with a new turn. */
  takeUp(): Turn<Order> | undefined {
    const place = this.#returned.shift()
    return place === undefined ? undefined : this.open(place)
  }

  /** Takes out, in their order, all cards whose turn it is and that are to go on. */
  *due(): Generator<Turn<Order> & { order: Order }> {
    for (const turn of this.#open.values()) {
      const { order } = turn
      if (order === undefined) return
      this.#open.delete(turn.ticket)
      yield { ...turn, order }
    }
  }

  /** The line was lost, and what lies in it is nobody's. Answers the tickets that were open. */
  clear(): number[] {
    const tickets = [...this.#open.keys()]
    this.#open.clear()
    this.#returned.length = 0
    return tickets
  }
}
