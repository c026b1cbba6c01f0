import { Card, Notice, Row, Stack } from '@heirloom/ui';
import type { ReactNode } from 'react';
import { MoreButton, type MoreQuery } from './more-button.tsx';

/** A table that is fetched page by page, with a warning where a part of what belongs to it could not be asked for. */
export function Listed({
  query,
  warning,
  children,
}: {
  query: MoreQuery;
  warning: string | false;
  children: ReactNode;
}) {
  return (
    <Stack>
      {warning && <Notice tone="warn">{warning}</Notice>}
      <Card>{children}</Card>
      <Row>
        <MoreButton query={query} />
      </Row>
    </Stack>
  );
}
