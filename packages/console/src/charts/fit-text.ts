/** The text, or as much of it as fits the width, with an ellipsis. */
export function fitText(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text
  let short = 0
  let long = text.length
  while (short < long) {
    const middle = Math.ceil((short + long) / 2)
    if (measure(`${text.slice(0, middle).trimEnd()}…`) <= width) short = middle
    else long = middle - 1
  }
  return `${text.slice(0, short).trimEnd()}…`
}

let context: CanvasRenderingContext2D | null | undefined

/** The width of a text in pixels in the font of chart labels. */
export function measureText(text: string): number {
  context ??= document.createElement('canvas').getContext('2d')
  if (context === null) return text.length * 6.5
  context.font = `12px ${getComputedStyle(document.body).fontFamily}`
  return context.measureText(text).width
}
