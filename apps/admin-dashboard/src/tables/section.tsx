import { Card, Row } from '@heirloom/ui';
import { useId, type ReactNode } from 'react';

/** A part of a page with its heading. */
export function Section({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Card labelledBy={id}>
      <Row isSpread>
        <h2 id={id}>{title}</h2>
        {actions && <Row>{actions}</Row>}
      </Row>
      {children}
    </Card>
  );
}
