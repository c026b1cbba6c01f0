import { Search, X } from 'lucide-react';
import { Button, Input, Label, SearchField, ToggleButton } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import { joinQuery, splitQuery, type QueryFields } from './parse-query.ts';
import { searchTypes, type SearchType } from './search-filter.ts';
import styles from './search.module.css';

/** The words, kinds and dates of a search. All of it is one text, which the address keeps. */
export function SearchFields({ query, onChange }: { query: string; onChange: (query: string) => void }) {
  const text = useText();
  const fields = splitQuery(query);
  const change = (part: Partial<QueryFields>) => onChange(joinQuery({ ...fields, ...part }));
  const toggle = (type: SearchType, isOn: boolean) =>
    change({ types: isOn ? [...fields.types, type] : fields.types.filter((one) => one !== type) });
  return (
    <search className={styles.fields}>
      <SearchField
        className={styles.box ?? ''}
        aria-label={text('search.label')}
        value={fields.text}
        onChange={(words) => change({ text: words })}
        autoFocus
      >
        <Search aria-hidden="true" />
        <Input className={styles.input ?? ''} placeholder={text('search.placeholder')} dir="auto" />
        {fields.text !== '' && (
          <Button className={styles.clear ?? ''} aria-label={text('search.clear')}>
            <X aria-hidden="true" />
          </Button>
        )}
      </SearchField>
      <div className={styles.chips} role="group" aria-label={text('search.types')}>
        {searchTypes.map((type) => (
          <ToggleButton
            key={type}
            className={styles.chip ?? ''}
            isSelected={fields.types.includes(type)}
            onChange={(isOn) => toggle(type, isOn)}
          >
            {text(`search.type.${type}`)}
          </ToggleButton>
        ))}
        <DateField label={text('search.from')} value={fields.from} onChange={(from) => change({ from })} />
        <DateField label={text('search.to')} value={fields.to} onChange={(to) => change({ to })} />
      </div>
    </search>
  );
}

function DateField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
}) {
  return (
    <Label className={styles.date ?? ''}>
      {label}
      <input type="date" value={value} onChange={(event) => onChange(event.target.value)} />
    </Label>
  );
}
