import { describe, expect, it } from '@jest/globals';
import { qrLines } from './qr-code.ts';

/** The modules that a code's lines show, dark ones true. */
function modulesOf(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => {
    const cells = [...line].filter((cell) => ' ▀▄█'.includes(cell));
    return [cells.map((cell) => '▀█'.includes(cell)), cells.map((cell) => '▄█'.includes(cell))];
  });
}

describe('a QR code in a terminal', () => {
  const lines = qrLines('otpauth://totp/Heirloom:ada@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
  const modules = modulesOf(lines);

  it('is a square with empty modules around it, in black on white', () => {
    const width = modules[0]!.length;
    expect([width, width + 1]).toContain(modules.length);
    for (const line of lines) {
      expect(line.startsWith('\u001b[30;107m')).toBe(true);
      expect(line.endsWith('\u001b[0m')).toBe(true);
    }
    for (const edge of [0, 1, 2, 3]) {
      expect(modules[edge]).not.toContain(true);
      expect(modules.map((row) => row[edge])).not.toContain(true);
      expect(modules.map((row) => row[width - 1 - edge])).not.toContain(true);
    }
  });

  it('has the marks of a QR code in three corners (ISO/IEC 18004 §6.3.3)', () => {
    const mark = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];
    const far = modules[0]!.length - 4 - 7;
    for (const [top, left] of [
      [4, 4],
      [4, far],
      [far, 4],
    ] as const) {
      const corner = modules.slice(top, top + 7).map((row) =>
        row
          .slice(left, left + 7)
          .map((dark) => (dark ? '1' : '0'))
          .join(''),
      );
      expect(corner).toEqual(mark);
    }
  });
});
