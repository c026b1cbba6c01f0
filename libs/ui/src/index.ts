export { Button, ButtonLink, IconButton, type ButtonKind, type ButtonProps } from './buttons/button.tsx';
export { EmptyState, type EmptyStateProps } from './feedback/empty-state.tsx';
export { Notice, type NoticeProps, type NoticeTone } from './feedback/notice.tsx';
export { Progress, type ProgressProps } from './feedback/progress.tsx';
export { Spinner } from './feedback/spinner.tsx';
export { Check } from './fields/check.tsx';
export { Choice, type ChoiceOption, type ChoiceProps } from './fields/choice.tsx';
export { EmailInput } from './fields/email-input.tsx';
export { Options } from './fields/options.tsx';
export {
  PasswordInput,
  TextInput,
  type PasswordInputProps,
  type TextInputProps,
} from './fields/text-input.tsx';
export { useCopy } from './fields/use-copy.ts';
export { Card, Page, Row, Soft, Stack, type PageProps } from './layout/page.tsx';
export { SkipLink } from './layout/skip-link.tsx';
export { useHeadingFocus } from './layout/use-heading-focus.ts';
export { ActionMenu, type MenuAction } from './overlays/action-menu.tsx';
export { Dialog, type DialogProps } from './overlays/dialog.tsx';
export { toast, Toasts } from './overlays/toasts.tsx';
export { QrCode } from './pictures/qr-code.tsx';
export {
  appearanceOf,
  readPreferences,
  writePreferences,
  type Appearance,
  type Scheme,
} from './preferences/appearance.ts';
export { useScheme } from './preferences/use-scheme.ts';
export { catalogueOf, type Catalogue } from './texts/catalogue.ts';
export {
  directionOf,
  isLanguage,
  languageOf,
  languages,
  localeOf,
  preferredLanguage,
  type Language,
} from './texts/languages.ts';
export { Spoken } from './texts/spoken.tsx';
export { useSizes } from './texts/use-sizes.ts';
