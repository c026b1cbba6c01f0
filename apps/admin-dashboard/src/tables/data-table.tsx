import type { ReactNode } from 'react';
import styles from './data-table.module.css';

export interface Column<R> {
  id: string;
  label: string;
  cell: (row: R) => ReactNode;
  /** Stands at the end of its column, with digits of one width. */
  isNumber?: boolean;
}

export interface DataTableProps<R> {
  /** What the table is of. Read out, and shown above it unless a heading says the same. */
  caption: string;
  isCaptionShown?: boolean;
  /** The first one names its row. */
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
}

const fewColumns = 7;

/**
 * Rows and columns; where there is no room for columns, one row below the other with a label before each value. The roles are
 * written out, since such a table would lose them by its look.
 */
export function DataTable<R>({ caption, isCaptionShown = false, columns, rows, keyOf }: DataTableProps<R>) {
  return (
    <div className={`${styles.room ?? ''} ${columns.length > fewColumns ? (styles.many ?? '') : ''}`}>
      <table className={styles.table} role="table">
        <caption className={isCaptionShown ? styles.caption : 'visually-hidden'}>{caption}</caption>
        <thead role="rowgroup" className={styles.head}>
          <tr role="row">
            {columns.map(({ id, label, isNumber }) => (
              <th key={id} role="columnheader" scope="col" className={isNumber ? styles.number : ''}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map((column, i) => (
                <Cell key={column.id} column={column} row={row} isFirst={i === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<R>({ column, row, isFirst }: { column: Column<R>; row: R; isFirst: boolean }) {
  const { label, cell, isNumber } = column;
  if (isFirst)
    return (
      <th role="rowheader" scope="row" className={styles.first}>
        {cell(row)}
      </th>
    );
  return (
    <td role="cell" data-label={label} className={isNumber ? styles.number : ''}>
      {/* One child, so that a label before it makes two columns on narrow screens. */}
      <div>{cell(row)}</div>
    </td>
  );
}
