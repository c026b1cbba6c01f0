import qrcode from 'qrcode-generator';

/** Empty modules around it, as the standard wants. */
const quiet = 4;
/** Black on white whatever the colours of the terminal are: not every reader knows it the other way round. */
const [begin, end] = ['\u001b[30;107m', '\u001b[0m'];
const blocks = [' ', '▄', '▀', '█'] as const;

/** A QR code for a terminal, two rows of modules in one line. */
export function qrLines(text: string): string[] {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const inside = (place: number) => place >= 0 && place < size;
  const isDark = (row: number, column: number) => inside(row) && inside(column) && code.isDark(row, column);
  const lines: string[] = [];
  for (let row = -quiet; row < size + quiet; row += 2) {
    let line = '';
    for (let column = -quiet; column < size + quiet; column += 1)
      line += blocks[2 * Number(isDark(row, column)) + Number(isDark(row + 1, column))];
    lines.push(`${begin}${line}${end}`);
  }
  return lines;
}
