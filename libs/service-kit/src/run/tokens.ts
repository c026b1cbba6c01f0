/** Injection tokens of values that are no classes. */
export const SERVICE_NAME = Symbol('heirloom:service-name');
export const KIT_LOG = Symbol('heirloom:log');
export const KIT_CONFIG = Symbol('heirloom:config');
export const SETTINGS_IN_FORCE = Symbol('heirloom:settings-in-force');
