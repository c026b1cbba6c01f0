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
    const { origin, pathname } = new URL(url, window.location.origin);
    if (origin !== window.location.origin || !ours.test(pathname))
      throw new TypeError(`${url} is no script of this app`);
    return url;
  },
};

const { trustedTypes } = window as typeof window & { trustedTypes?: TrustedTypes };
/** The page's only Trusted Types policy; its name stands in the content security policy. */
const policy = trustedTypes?.createPolicy('heirloom', rules) ?? rules;

/** The address of a worker's script, as browsers with Trusted Types want it. */
export const scriptUrl = (url: string): string => policy.createScriptURL(url);
