import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { session } from '../session/staff-session.ts';
import { App } from './app.tsx';

/** Shows the pages, signed in if this tab was before it was loaded anew. */
export async function start(): Promise<void> {
  const place = document.getElementById('app');
  if (!place) throw new Error('the page has no place for the app');
  await session.resume();
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
