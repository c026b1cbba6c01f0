/** Sets a mark that a test looks for: it stays unset where text is only ever text. `∕` because a file name has no slash. */
const script = 'window.__ran=1';

/** What people, cameras and file systems may call things, and no page must ever run or be torn by. Without slashes. */
export const hostileTexts = {
  image: `<img src=x onerror=${script}>`,
  breakout: `"><script>${script}<\u2215script><svg onload=${script}>`,
  templates: '{{constructor.constructor("window.__ran=1")()}}${window.__ran=1}{name, plural, one {#}}',
  address: `javascript:${script};`,
  reversed:
    'invoice\u202Egpj.exe\u202D\u2066 \u0627\u0644\u0639\u0627\u0626\u0644\u0629 \u05E9\u05DC\u05D5\u05DD',
  emoji: '👩‍👩‍👧‍👦🎂'.repeat(7),
  long: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(2),
} as const;

/** 200 code points, which is as long as a name may be. */
export const manyEmoji = '🎂'.repeat(200);
