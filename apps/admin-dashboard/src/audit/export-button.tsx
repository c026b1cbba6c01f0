import { auditRoutes } from '@heirloom/contracts';
import { Button, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';

/** Saves the whole trail as a file that can be checked without this server. */
export function ExportButton() {
  const text = useText();
  const say = useErrorText();
  const { http } = useStaff();
  const exporting = useMutation({
    mutationFn: async () => {
      const answer = await http.send(auditRoutes.exportAudit, {});
      const file = URL.createObjectURL(await answer.blob());
      const link = document.createElement('a');
      link.href = file;
      link.download = `heirloom-audit-${new Date().toISOString().slice(0, 10)}.ndjson`;
      link.click();
      // The browser has begun to read it by then.
      setTimeout(() => URL.revokeObjectURL(file), 60_000);
    },
    onSuccess: () => toast(text('audit.exported')),
    onError: (error) => toast(say(error)),
  });
  return (
    <Button isPending={exporting.isPending} onPress={() => exporting.mutate()}>
      <Download aria-hidden="true" />
      {text('audit.export')}
    </Button>
  );
}
