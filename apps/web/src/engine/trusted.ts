interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
}

/** Only scripts of this release may be run: paths of our own origin that the build made. */
const ours = /^\/(assets\/[\w.-]+|service-worker)\.js$/;

const rules = {
  createScriptURL: (url: string): string => {
    const { origin, pathname } = new URL(url, globalThis.location.origin);
    if (origin !== globalThis.location.origin || !ours.test(pathname))
      throw new TypeError(`${url} is no script of this app`);
    return url;
  },
};

const { trustedTypes } = globalThis as typeof globalThis & { trustedTypes?: TrustedTypes };
/** The only Trusted Types policy; its name stands in the content security policy. */
const policy = trustedTypes?.createPolicy('heirloom', rules) ?? rules;

/** The address of a worker's script, as browsers with Trusted Types want it. */
export const scriptUrl = (url: string): string => policy.createScriptURL(url);
