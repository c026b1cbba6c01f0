/** Browsers by what they say they are, in the order in which to look: many claim to be others too. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

const first = (all: typeof browsers, text: string) => all.find(([pattern]) => pattern.test(text))?.[1];

/** Which browser and which system a user agent names; null where it names none that is known. */
export const platformOf = (userAgent: string): { browser: string | null; system: string | null } => ({
  browser: first(browsers, userAgent) ?? null,
  system: first(systems, userAgent) ?? null,
});

/** What a device may be called until its person gives it a name, for example "Firefox on Android". It is sealed like any name. */
export function platformName(userAgent: string): string {
  const { browser, system } = platformOf(userAgent);
  return [browser ?? 'Browser', system].filter(Boolean).join(' on ');
}
