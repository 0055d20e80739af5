/** Times as fast as a real machine; the program's own waits shrink alike. */
export const pace = 40
