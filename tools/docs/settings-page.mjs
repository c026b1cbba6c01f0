import { authService } from '@heirloom/auth';
import { cliSettings } from '@heirloom/cli/settings';
import { homeSettings } from '@heirloom/home';
import { integrityCheckerService } from '@heirloom/integrity-checker';
import { describeSettings, kitSettings } from '@heirloom/service-kit';
import { sharingPolicyService } from '@heirloom/sharing-policy';
import { vaultService } from '@heirloom/vault';

const groups = [
  ['Every service', 'Read by each of the four services, and by home for all of them.', kitSettings],
  [
    'auth',
    'Home makes what has no default here by itself and keeps it in its data folder.',
    authService.config,
  ],
  ['vault', '', vaultService.config],
  ['sharing-policy', '', sharingPolicyService.config],
  ['integrity-checker', '', integrityCheckerService.config],
  [
    'home',
    'Everything on one machine. It takes the settings above too, but for the databases.',
    homeSettings,
  ],
  ['heirloom', 'The command line. It reads no files in place of settings.', cliSettings],
];

const introduction = `# Settings

Every setting comes from the environment. Each \`NAME\` of a service may be given as \`NAME_FILE\` instead, the path of a file
that holds it; secrets belong there. A setting that is missing, malformed or unknown stops the start, with a sentence for each
one. To hear the same before a start, from a file of \`NAME=value\` lines:

\`\`\`sh
node apps/home/dist/main.js check FILE       # everything on one machine
node apps/vault/dist/main.js check FILE      # one service; auth, sharing-policy, integrity-checker alike
\`\`\`

It ends with 0 when a start would go on. How each secret is changed stands in [secrets.md](secrets.md).

<!-- Written by tools/docs/write-settings.mjs from the schemas that the programs read with. A test holds it to them. -->
`;

/** docs/operations/settings.md, from the schemas. */
export function settingsPage() {
  const sections = groups.map(([title, about, shape]) =>
    [`## ${title}`, ...(about ? [about] : []), ...describeSettings(shape).map(entry)].join('\n\n'),
  );
  return `${introduction}\n${sections.join('\n\n')}\n`;
}

function entry({ name, purpose, type, isRequired, byDefault, isSecret, example }) {
  const facts = [
    `type: ${type}`,
    byDefault !== undefined ? `default: \`${byDefault}\`` : isRequired ? 'required' : 'may be left out',
    ...(isSecret ? ['**secret**'] : []),
    ...(example ? [`example: \`${example}\``] : []),
  ];
  return [`### ${name}`, sentence(purpose), facts.map((fact) => `- ${fact}`).join('\n')].join('\n\n');
}

function sentence(text) {
  const escaped = text.replaceAll('<', '&lt;').replaceAll('_', '\\_').replaceAll('*', '\\*');
  const whole = /[.!?]$/.test(escaped) ? escaped : `${escaped}.`;
  return whole[0].toUpperCase() + whole.slice(1);
}
