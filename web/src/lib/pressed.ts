// What somebody is pressing stays until they let go: a press on what was replaced is never heard.

const AGAIN = 50

/** Redraws a part of the page as soon as nobody is pressing anything in it. */
export function whenReleased(part: Element, redraw: () => void): void {
  if (part.matches(':active')) setTimeout(() => whenReleased(part, redraw), AGAIN)
  else redraw()
}
