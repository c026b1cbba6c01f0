import type { Page } from 'playwright-core';

/**
 * Words that cannot be read whole: cut by a box that hides what is too wide or too high, or reaching over the sides of the
 * screen where nothing scrolls. Names that somebody gave may end in an ellipsis; the pages' own words may not.
 *
 * @param names - what people, cameras and files are called in this test
 * @returns a line for each, none when all is well
 */
export const tornTexts = (page: Page, names: readonly string[]): Promise<string[]> =>
  page.evaluate(findTorn, [...names]);

/** Runs in the page. */
function findTorn(names: string[]): string[] {
  const ownNodes = (element: Element) =>
    [...element.childNodes].filter(
      ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent?.trim() !== '',
    );
  const own = (element: Element) =>
    ownNodes(element)
      .map(({ textContent }) => textContent?.trim() ?? '')
      .join(' ')
      .trim();
  const isGiven = (text: string) => names.some((name) => text.includes(name.slice(0, 12)));
  const hides = (value: string) => value === 'hidden' || value === 'clip';
  const isSeen = (element: HTMLElement) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest('.visually-hidden, [data-live-announcer], [aria-hidden=true]') === null &&
    // Heads of tables that stand as rows are there for listening only.
    getComputedStyle(element.closest('thead') ?? element).clipPath === 'none' &&
    element.clientWidth !== 1;
  const scrolls = (element: Element | null): boolean => {
    if (element === null) return false;
    const { overflowX } = getComputedStyle(element);
    return overflowX === 'auto' || overflowX === 'scroll' || scrolls(element.parentElement);
  };
  const faultOf = (element: HTMLElement): string | null => {
    const style = getComputedStyle(element);
    const lines = ownNodes(element).flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    });
    if (lines.length === 0) return null;
    const left = Math.min(...lines.map((line) => line.left));
    const right = Math.max(...lines.map((line) => line.right));
    const isCut = hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const isLow = hides(style.overflowY) && element.scrollHeight > element.clientHeight + 2;
    if ((isCut || isLow) && !isGiven(own(element))) return isCut ? 'cut at its side' : 'cut below';
    if ((left < -1 || right > innerWidth + 1) && !hides(style.overflowX) && !scrolls(element))
      return 'over the side of the screen';
    const box = element.getBoundingClientRect();
    const isBlock = style.display !== 'inline' && style.display !== 'contents';
    if (isBlock && style.overflowX === 'visible' && (left < box.left - 2 || right > box.right + 2))
      return 'over the side of its box';
    return null;
  };
  return [...document.querySelectorAll<HTMLElement>('body *')].flatMap((element) => {
    const text = own(element);
    if (text === '' || !isSeen(element)) return [];
    const fault = faultOf(element);
    return fault === null
      ? []
      : [`${fault}: <${element.tagName.toLowerCase()} class="${element.className}"> ${text.slice(0, 80)}`];
  });
}
