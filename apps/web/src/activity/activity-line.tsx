import { Soft, useSizes } from '@heirloom/ui';
import { Album, History, Images, LifeBuoy, MonitorSmartphone, Users } from 'lucide-react';
import { useIntl } from 'react-intl';
import type { TextId } from '../i18n/text.ts';
import { useText } from '../i18n/use-text.ts';
import type { ActivityCard } from './activity-engine.ts';
import styles from './activity.module.css';

const icons = {
  devices: MonitorSmartphone,
  family: Users,
  albums: Album,
  photos: Images,
  staff: LifeBuoy,
  other: History,
};

/** One thing that happened, who did it, and when. */
export function ActivityLine({ card }: { card: ActivityCard }) {
  const text = useText();
  const intl = useIntl();
  const sentence = useSentence();
  const { at, group, by } = card;
  const Icon = icons[group];
  const doer = by.kind === 'person' && by.name !== null ? by.name : text(`activity.by.${by.kind}`);
  return (
    <li className={styles.line}>
      <Icon aria-hidden="true" />
      <div>
        <p>{sentence(card)}</p>
        <Soft>
          {text('activity.by', { doer, time: intl.formatTime(at, { hour: 'numeric', minute: '2-digit' }) })}
        </Soft>
      </div>
    </li>
  );
}

/** Says what happened. Kinds of a later version are named as they are. */
function useSentence(): (card: ActivityCard) => string {
  const text = useText();
  const { messages } = useIntl();
  const sizes = useSizes();
  return ({ kind, person, isYou, isOwnDoing, device, album, details }) => {
    if (!(`activity.is.${kind}` in messages)) return text('activity.unknown', { kind });
    const { bytes } = details;
    return text(`activity.is.${kind}` as TextId, {
      by: '',
      role: '',
      ...Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)])),
      ...numbers(details),
      person: person ?? text('activity.unknown.person'),
      device: device ?? text('activity.unknown.device'),
      album: album ?? text('activity.unknown.album'),
      isYou: String(isYou),
      isOwnDoing: String(isOwnDoing),
      isLimited: String(bytes !== undefined),
      bytes: sizes.bytes(Number(bytes ?? 0)),
    });
  };
}

const numbers = (details: ActivityCard['details']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(details).filter((one): one is [string, number] => typeof one[1] === 'number'),
  );
