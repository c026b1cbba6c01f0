/** Where the server serves these pages. */
export const base = '/admin';
