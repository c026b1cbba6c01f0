/** Phones and tablets, which stop pages that nobody looks at. iPads call themselves Macs, but Macs have no touch screens. */
export const isPhone = ({ userAgent, maxTouchPoints }: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>) =>
  /Android|iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
