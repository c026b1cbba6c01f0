import { Button, Card, Stack, TextInput } from '@heirloom/ui';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';

/** For a link that was copied, or whose message opened in another app. */
export function PasteLink({ onLink }: { onLink: (link: string) => void }) {
  const text = useText();
  const [typed, setTyped] = useState('');
  return (
    <Card>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          onLink(typed.trim());
        }}
      >
        <Stack>
          <TextInput
            label={text('family.join.link')}
            hint={text('family.join.link.hint')}
            value={typed}
            onChange={setTyped}
            isRequired
            autoComplete="off"
            spellCheck="false"
            autoCapitalize="none"
            dir="ltr"
          />
          <Button type="submit" kind="primary">
            {text('family.join.open')}
          </Button>
        </Stack>
      </Form>
    </Card>
  );
}
